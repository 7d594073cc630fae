//! Checks a `function.json` against the rules of the host. The host skips a function that breaks them and logs an
//! error.

use serde_json::Value;

/// Returns every problem of one `function.json`.
pub fn problems(text: &str) -> Vec<String> {
    let function: Value = match serde_json::from_str(text) {
        Ok(function) => function,
        Err(error) => return vec![format!("not JSON: {error}")],
    };
    let bindings = function["bindings"].as_array().map_or(&[][..], Vec::as_slice);
    let mut problems = Vec::new();
    let triggers = bindings.iter().filter(|binding| binding["type"].as_str().is_some_and(|t| t.ends_with("Trigger")));
    let triggers = triggers.count();
    if triggers != 1 {
        problems.push(format!("{triggers} triggers, must be one"));
    }
    let names: Vec<_> = bindings.iter().map(|binding| binding["name"].as_str().unwrap_or_default()).collect();
    for (index, name) in names.iter().enumerate() {
        if !is_binding_name(name) {
            problems.push(format!("binding name {name:?} is not a letter, then at most 127 letters and digits"));
        }
        if names[..index].iter().any(|earlier| earlier.eq_ignore_ascii_case(name)) {
            problems.push(format!("binding name {name:?} is taken; names are case-insensitive"));
        }
    }
    if function.get("scriptFile").is_some() {
        problems.push("a custom handler has no scriptFile".to_owned());
    }
    problems
}

/// Returns the route of an HTTP-triggered function, or `None` if the trigger has no explicit route.
pub fn route(text: &str) -> Option<String> {
    let function: Value = serde_json::from_str(text).ok()?;
    let mut bindings = function["bindings"].as_array()?.iter();
    let trigger = bindings.find(|binding| binding["type"] == "httpTrigger")?;
    Some(trigger["route"].as_str()?.to_owned())
}

fn is_binding_name(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::problems;

    fn bindings(list: &str) -> Vec<String> {
        problems(&format!(r#"{{"bindings":[{list}]}}"#))
    }

    #[test]
    fn one_trigger_with_a_plain_name_is_fine() {
        assert!(bindings(r#"{"type":"timerTrigger","name":"timer"}"#).is_empty());
        assert!(bindings(r#"{"type":"httpTrigger","name":"req"},{"type":"http","name":"res"}"#).is_empty());
    }

    #[test]
    fn a_function_has_exactly_one_trigger() {
        assert_eq!(bindings(""), ["0 triggers, must be one"]);
        assert_eq!(
            bindings(r#"{"type":"timerTrigger","name":"a"},{"type":"queueTrigger","name":"b"}"#),
            ["2 triggers, must be one"]
        );
        assert_eq!(problems("{}").len(), 1);
    }

    #[test]
    fn a_binding_name_that_makes_the_function_vanish_is_found() {
        for name in ["", "my_timer", "my-timer", "1st", "größe"] {
            assert_eq!(bindings(&format!(r#"{{"type":"timerTrigger","name":"{name}"}}"#)).len(), 1, "{name}");
        }
    }

    #[test]
    fn binding_names_are_unique_without_case() {
        assert_eq!(bindings(r#"{"type":"httpTrigger","name":"req"},{"type":"http","name":"REQ"}"#).len(), 1);
    }

    #[test]
    fn broken_json_and_a_script_file_are_found() {
        assert_eq!(problems("{").len(), 1);
        assert_eq!(problems(r#"{"scriptFile":"x","bindings":[{"type":"timerTrigger","name":"t"}]}"#).len(), 1);
    }
}
