//! Tests Teams messages with the official parser of Adaptive Cards and a Markdown renderer.

use channels::teams;
use domain::record::notification::{Event, NotificationFact};
use serde_json::{Value, json};

use crate::npm;
use crate::samples::{PAGE, frozen, samples};

/// Hostile names, each as people must read it.
const HOSTILE: [&str; 14] = [
    "**bold** __bold__ *i* _i_ ~~s~~ `c`",
    "[click](https[:]//evil.example)",
    "![p](x)",
    "<at>Ada</at>",
    "<b>x</b>",
    "&lt;b&gt; &amp; &#42;",
    "# heading",
    "- item",
    "+ item",
    "12. item",
    "1) item",
    "> quote",
    "{{DATE(2026,SHORT)}}",
    "a\\*b\\ \\\\ | c | = -",
];

#[test]
fn the_official_parser_accepts_every_card() {
    let messages: Vec<Value> = samples()
        .into_iter()
        .flat_map(|(name, body)| [(name.clone(), body.clone(), Some(PAGE)), (name, body, None)])
        .map(|(name, body, page)| {
            let message: Value = serde_json::from_str(&teams::preview(&body, page).unwrap()).unwrap();
            json!({"name": name, "message": message})
        })
        .collect();
    assert_eq!(messages.len(), 2 * samples().len());
    assert_eq!(npm::check(&json!(messages).to_string()), "");
}

#[test]
fn markdown_shows_a_name_unchanged() {
    let messages: Vec<Value> = HOSTILE
        .into_iter()
        .map(|text| {
            let body = frozen(Event::HoldPlaced, "x", vec![NotificationFact::text("reason", text)], None);
            let message: Value = serde_json::from_str(&teams::preview(&body, None).unwrap()).unwrap();
            json!({"name": text, "message": message, "reads": text})
        })
        .collect();
    assert_eq!(npm::check(&json!(messages).to_string()), "");
}

#[test]
fn the_card_check_finds_invalid_cards() {
    let card = |element: Value| {
        let content = json!({"type": "AdaptiveCard", "version": "1.4", "body": [element]});
        let attachment = json!({
            "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null, "content": content
        });
        json!([{"name": "x", "message": {"type": "message", "attachments": [attachment]}}]).to_string()
    };
    let wrong = [
        (json!({"type": "TextBlok", "text": "a"}), "TextBlok"),
        (json!({"type": "TextBlock", "text": "a", "color": "Red"}), "Red"),
        (json!({"type": "TextBlock", "text": "a **b**"}), "<strong>"),
        (json!({"type": "FactSet", "facts": [{"title": "a", "value": "[b](https://c.example)"}]}), "<a "),
        (json!({"type": "TextBlock", "text": "<b>a</b>"}), "<b>"),
        (json!({"type": "TextBlock", "text": "a", "colour": "Good"}), "colour"),
    ];
    for (element, expected) in wrong {
        let said = npm::check(&card(element));
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert_eq!(npm::check(&card(json!({"type": "TextBlock", "text": "a"}))), "");
}
