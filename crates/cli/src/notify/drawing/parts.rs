//! Reads the parts of a message from its JSON.

use serde_json::Value;

/// Part of a message, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Title(String),
    Text(String),
    /// Labels and values.
    Rows(Vec<(String, String)>),
    /// Titles and addresses.
    Buttons(Vec<(String, String)>),
}

/// Returns the parts of a message of Teams or Slack; none for another message.
pub(super) fn parse(message: &Value) -> Vec<Part> {
    match message.pointer("/attachments/0/content") {
        Some(card) => {
            let mut parts: Vec<Part> = items(card, "body").iter().flat_map(adaptive).collect();
            // The button that unfolds the other facts opens nothing, and the drawing shows them.
            let buttons = items(card, "actions").iter().filter(|one| one.get("url").is_some());
            let buttons = buttons.map(|one| (plain(&one["title"]), plain(&one["url"])));
            parts.extend(some_buttons(buttons.collect()));
            parts
        }
        None => items(message, "blocks").iter().flat_map(block).fold(Vec::new(), joined),
    }
}

/// Adds a part. Rows join the rows before them, because Slack allows only a few in a block.
fn joined(mut parts: Vec<Part>, part: Part) -> Vec<Part> {
    match (parts.last_mut(), part) {
        (Some(Part::Rows(before)), Part::Rows(more)) => before.extend(more),
        (_, part) => parts.push(part),
    }
    parts
}

/// Parts of an element of an Adaptive Card.
fn adaptive(element: &Value) -> Vec<Part> {
    let text = || unescaped(&plain(&element["text"]));
    match element["type"].as_str() {
        Some("TextBlock") if element["weight"] == "Bolder" => vec![Part::Title(text())],
        Some("TextBlock") => vec![Part::Text(text())],
        Some("FactSet") => {
            let row = |fact: &Value| (unescaped(&plain(&fact["title"])), unescaped(&plain(&fact["value"])));
            vec![Part::Rows(items(element, "facts").iter().map(row).collect())]
        }
        _ => items(element, "items").iter().flat_map(adaptive).collect(),
    }
}

/// Parts of a block of Slack.
fn block(block: &Value) -> Vec<Part> {
    let text = |value: &Value| plain(&value["text"]);
    match block["type"].as_str() {
        Some("header") => vec![Part::Title(text(&block["text"]))],
        Some("section") => {
            let mut parts: Vec<Part> = block.get("text").map(|value| Part::Text(text(value))).into_iter().collect();
            let rows: Vec<(String, String)> = items(block, "fields")
                .chunks(2)
                .map(|pair| {
                    let label = pair.first().map(text).unwrap_or_default().trim_matches('*').to_owned();
                    (label, pair.get(1).map(text).unwrap_or_default())
                })
                .collect();
            if !rows.is_empty() {
                parts.push(Part::Rows(rows));
            }
            parts
        }
        Some("actions") => {
            let buttons = items(block, "elements").iter().map(|one| (text(&one["text"]), plain(&one["url"])));
            some_buttons(buttons.collect()).into_iter().collect()
        }
        Some("context") => items(block, "elements").iter().map(|one| Part::Text(text(one))).collect(),
        _ => Vec::new(),
    }
}

fn some_buttons(buttons: Vec<(String, String)>) -> Option<Part> {
    (!buttons.is_empty()).then_some(Part::Buttons(buttons))
}

fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn plain(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Removes the backslashes before punctuation, as Teams does.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' || !chars.peek().is_some_and(char::is_ascii_punctuation) {
            plain.push(c);
        } else if let Some(next) = chars.next() {
            plain.push(next);
        }
    }
    plain
}
