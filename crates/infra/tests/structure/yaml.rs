//! Reads hand-written YAML, without anchors and tags, as JSON.

use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value, json};

/// Parses one document.
///
/// # Errors
/// Returns the error of the YAML parser as text.
pub fn read(text: &str) -> Result<Value, String> {
    let mut parser = Parser::new_from_str(text);
    let mut next = move || match parser.next_event() {
        Some(Ok((event, _))) => Ok(event),
        Some(Err(error)) => Err(error.to_string()),
        None => Ok(Event::StreamEnd),
    };
    loop {
        match next()? {
            Event::StreamEnd => return Err("no document".to_owned()),
            Event::StreamStart | Event::DocumentStart(..) => {}
            event => return node(event, &mut next),
        }
    }
}

fn node<'a>(event: Event<'a>, next: &mut impl FnMut() -> Result<Event<'a>, String>) -> Result<Value, String> {
    match event {
        Event::Scalar(text, style, ..) => Ok(scalar(&text, style)),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match next()? {
                    Event::SequenceEnd => return Ok(Value::Array(items)),
                    event => items.push(node(event, next)?),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut members = Map::new();
            loop {
                let key = match next()? {
                    Event::MappingEnd => return Ok(Value::Object(members)),
                    Event::Scalar(text, ..) => text.into_owned(),
                    other => return Err(format!("a key that is not a text: {other:?}")),
                };
                let event = next()?;
                if members.insert(key.clone(), node(event, next)?).is_some() {
                    return Err(format!("{key} is given twice"));
                }
            }
        }
        other => Err(format!("neither text nor list nor mapping: {other:?}")),
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    if !matches!(style, ScalarStyle::Plain) {
        return json!(text);
    }
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => json!(true),
        "false" => json!(false),
        _ => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
    }
}

#[test]
fn yaml_is_read_as_json() {
    let text = "a: 1\nb: [x, 'true', true, ]\nc:\n  - d: |\n      two\n      lines\n";
    let value = json!({ "a": 1, "b": ["x", "true", true], "c": [{ "d": "two\nlines\n" }] });
    assert_eq!(read(text), Ok(value));
    for bad in ["", "a: [", "a: 1\na: 2\n", "? [a]\n: b\n"] {
        assert!(read(bad).is_err(), "{bad}");
    }
}
