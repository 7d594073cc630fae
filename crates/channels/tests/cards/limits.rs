//! Documented limits of Slack, as data.

use serde_json::Value;

/// Paths of texts with their maximum number of characters.
const TEXTS: [(&str, usize); 5] = [
    ("/header/text", 150),
    ("/section/text", 3000),
    ("/section/fields", 2000),
    ("/context/elements", 3000),
    ("/button/text", 75),
];
/// Paths of lists with their maximum number of elements.
const LISTS: [(&str, usize); 3] = [("/section/fields", 10), ("/context/elements", 10), ("/actions/elements", 25)];
const BLOCKS: usize = 50;
const FALLBACK: usize = 4000;
const URL: usize = 3000;
/// Total of all texts; undocumented, but messages have hit this limit.
const ALL_TEXTS: usize = 12_000;

/// Lists violations of the limits.
pub fn problems(message: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let mut check = |what: &str, count: usize, most: usize| {
        if count == 0 || count > most {
            problems.push(format!("{what}: {count}, not 1 to {most}"));
        }
    };
    check("text", count(&message["text"]), FALLBACK);
    let blocks = message["blocks"].as_array().unwrap();
    let mut all = 0;
    check("blocks", blocks.len(), BLOCKS);
    for block in blocks {
        let kind = block["type"].as_str().unwrap();
        for (field, value) in block.as_object().unwrap().iter().filter(|(field, _)| *field != "type") {
            let place = format!("/{kind}/{field}");
            let texts = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
            if value.is_array() {
                check(&place, texts.len(), of(&LISTS, &place));
            }
            for text in &texts {
                let is_button = text["type"] == "button";
                let (place, text) = if is_button { ("/button/text", &text["text"]) } else { (place.as_str(), text) };
                check(place, count(&text["text"]), of(&TEXTS, place));
                all += count(&text["text"]);
            }
            for button in texts.iter().filter(|text| text["type"] == "button") {
                check("url", count(&button["url"]), URL);
            }
        }
    }
    check("all texts", all, ALL_TEXTS);
    problems
}

/// Returns the limit of a path; a path missing from the table allows nothing.
fn of(table: &[(&str, usize)], place: &str) -> usize {
    table.iter().find(|(known, _)| *known == place).map_or(0, |(_, most)| *most)
}

fn count(text: &Value) -> usize {
    text.as_str().map_or(0, |text| text.chars().count())
}

#[test]
fn a_message_over_slack_limits_is_found() {
    let header = |text: String| serde_json::json!({"type": "header", "text": {"type": "plain_text", "text": text}});
    let message = |blocks: Vec<Value>| serde_json::json!({"text": "a", "blocks": blocks});
    assert!(problems(&message(vec![header("é".repeat(150))])).is_empty());
    assert_eq!(problems(&message(vec![header("é".repeat(151))])), ["/header/text: 151, not 1 to 150"]);
    assert_eq!(problems(&message(vec![header("a".to_owned()); 51])), ["blocks: 51, not 1 to 50"]);
    let section = serde_json::json!({"type": "section", "text": {"type": "plain_text", "text": "a".repeat(3000)}});
    assert_eq!(problems(&message(vec![section; 5])), ["all texts: 15000, not 1 to 12000"]);
    let odd = serde_json::json!({"type": "image", "text": {"type": "plain_text", "text": "a"}});
    assert_eq!(problems(&message(vec![odd])), ["/image/text: 1, not 1 to 0"]);
}
