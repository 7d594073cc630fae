//! Draws the message of a channel for a terminal: title, text, rows and buttons in a frame.
//!
//! Reads the exact message, so the drawing shows nothing that the message does not have.

mod parts;

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::output::human;
use parts::Part;

/// Widest text of a frame, in columns.
const WIDEST: usize = 72;
/// Columns of the frame itself.
const FRAME: usize = 4;
/// Widest label of a row.
const LABEL: usize = 22;

/// Draws a message of Teams or Slack. Returns other messages as indented JSON, and text that is no JSON unchanged.
pub(super) fn draw(message: &str, columns: u16) -> String {
    let Ok(value) = serde_json::from_str::<Value>(message) else {
        return message.to_owned();
    };
    let parts = parts::parse(&value);
    if parts.is_empty() {
        return serde_json::to_string_pretty(&value).map_or_else(|_| message.to_owned(), |text| lines_of(&text));
    }
    let width = usize::from(columns).saturating_sub(FRAME).clamp(20, WIDEST);
    let edge = "─".repeat(width + 2);
    let mut drawn = format!("┌{edge}┐\n");
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            drawn.push_str(&framed("", width));
        }
        lines(part, width).iter().for_each(|line| drawn.push_str(&framed(line, width)));
    }
    let urls = parts.iter().filter_map(|part| if let Part::Buttons(all) = part { Some(all) } else { None }).flatten();
    let urls: String = urls.map(|(title, url)| format!("\n{}: {}", human::text(title), human::text(url))).collect();
    format!("{drawn}└{edge}┘{urls}")
}

fn lines_of(text: &str) -> String {
    text.lines().map(human::text).collect::<Vec<_>>().join("\n")
}

fn framed(line: &str, width: usize) -> String {
    format!("│ {line}{} │\n", " ".repeat(width.saturating_sub(line.width())))
}

fn lines(part: &Part, width: usize) -> Vec<String> {
    match part {
        Part::Title(text) | Part::Text(text) => wrapped(text, width),
        Part::Rows(rows) => rows.iter().flat_map(|(label, value)| row(label, value, width)).collect(),
        Part::Buttons(all) => all.iter().flat_map(|(title, _)| wrapped(&format!("[ {title} ]"), width)).collect(),
    }
}

/// Draws a label and its value. Further lines of a value begin below its first.
fn row(label: &str, value: &str, width: usize) -> Vec<String> {
    let column = LABEL.min(width / 2);
    let values = wrapped(value, width - column);
    let label = human::shortened(&human::text(label), column - 2).into_owned();
    let labels = std::iter::once(label).chain(std::iter::repeat(String::new()));
    let pad = |label: String| " ".repeat(column.saturating_sub(label.width()));
    values.into_iter().zip(labels).map(|(value, label)| format!("{label}{}{value}", pad(label.clone()))).collect()
}

/// Breaks a text at blanks into lines of at most `width` columns; a longer word is shortened in its middle.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let word = human::shortened(&human::text(word), width).into_owned();
            if !line.is_empty() && line.width() + 1 + word.width() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn slack() -> String {
        json!({ "text": "short", "blocks": [
            { "type": "header", "text": { "type": "plain_text", "text": "⚠️ Session without a recording" } },
            { "type": "section", "text": { "type": "plain_text", "text": "There is no recording of ada on vm-web-01, which is a long sentence." } },
            { "type": "section", "fields": [
                { "type": "mrkdwn", "text": "*Machine*" }, { "type": "plain_text", "text": "vm-web-01" },
                { "type": "mrkdwn", "text": "*Person*" }, { "type": "plain_text", "text": "\u{1b}[2Jada" },
            ] },
            { "type": "actions", "elements": [
                { "type": "button", "text": { "type": "plain_text", "text": "Open" }, "url": "https://portal.example/x" },
            ] },
        ] })
        .to_string()
    }

    #[test]
    fn a_card_of_slack_is_drawn_in_a_frame() {
        insta::assert_snapshot!(draw(&slack(), 60));
    }

    #[test]
    fn a_card_of_teams_is_drawn_in_a_frame() {
        let card = json!({ "attachments": [{ "content": { "body": [
            { "type": "TextBlock", "text": "Recording is ready", "weight": "Bolder" },
            { "type": "FactSet", "facts": [{ "title": "Machine", "value": "vm\\_web" }] },
            { "type": "TextBlock", "text": "recording.ready · ntf\\_1", "isSubtle": true },
        ], "actions": [{ "type": "Action.OpenUrl", "title": "Open", "url": "https://portal.example" }] } }] });
        insta::assert_snapshot!(draw(&card.to_string(), 60));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_no_text_acts_on_it() {
        for columns in [30, 40, 80, 200] {
            let drawn = draw(&slack(), columns);
            assert!(!drawn.contains('\u{1b}'));
            let frame = drawn.lines().filter(|line| line.starts_with('│'));
            assert!(frame.map(str::width).all(|width| width <= usize::from(columns)), "{drawn}");
        }
    }

    #[test]
    fn the_body_of_a_webhook_is_indented() {
        assert_eq!(draw("{\"type\":\"recording.ready\"}", 80), "{\n  \"type\": \"recording.ready\"\n}");
        assert_eq!(draw("off", 80), "off");
    }
}
