//! Teams message: an Adaptive Card in its envelope.

use domain::record::notification::Severity;
use serde::Serialize;

use super::escape::escape;
use crate::card::{Card, CardAction, PlainText, Section};

#[derive(Serialize)]
struct Message<'a> {
    r#type: &'static str,
    attachments: [Attachment<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attachment<'a> {
    content_type: &'static str,
    /// Teams requires this member even if it is `null`.
    content_url: Option<&'static str>,
    content: Content<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    r#type: &'static str,
    version: &'static str,
    msteams: Width,
    body: Vec<Element>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actions: Vec<Action<'a>>,
}

#[derive(Serialize)]
struct Width {
    width: &'static str,
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Element {
    TextBlock(Text),
    FactSet {
        facts: Vec<Fact>,
    },
    #[serde(rename_all = "camelCase")]
    Container {
        id: &'static str,
        is_visible: bool,
        items: Vec<Element>,
    },
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Text {
    text: String,
    wrap: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_subtle: bool,
}

#[derive(Serialize)]
struct Fact {
    title: String,
    value: String,
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Action<'a> {
    #[serde(rename = "Action.OpenUrl")]
    OpenUrl { title: &'static str, url: &'a str },
    /// Shows the folded facts, or folds them again.
    #[serde(rename = "Action.ToggleVisibility", rename_all = "camelCase")]
    Toggle { title: &'static str, target_elements: [&'static str; 1] },
}

/// Id of the folded facts.
const MORE: &str = "more";

/// Serializes the message as JSON.
pub(super) fn write(card: &Card) -> String {
    let content = Content {
        schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        r#type: "AdaptiveCard",
        version: "1.4",
        msteams: Width { width: "Full" },
        body: elements(card),
        actions: actions(card),
    };
    let content_type = "application/vnd.microsoft.card.adaptive";
    let message = Message { r#type: "message", attachments: [Attachment { content_type, content_url: None, content }] };
    // The card consists of texts and fixed names, so its serialization cannot fail.
    serde_json::to_string(&message).unwrap_or_default()
}

fn elements(card: &Card) -> Vec<Element> {
    let title =
        Text { size: Some("Medium"), weight: Some("Bolder"), color: Some(color(card.severity)), ..text(&card.title) };
    let mut elements = vec![Element::TextBlock(title), Element::TextBlock(text(&card.summary))];
    elements.extend(card.sections.iter().flat_map(section));
    elements.push(Element::TextBlock(text(&PlainText::from_text(&format!("Next: {}", card.next)))));
    if !card.more.is_empty() {
        let items = card.more.iter().flat_map(section).collect();
        elements.push(Element::Container { id: MORE, is_visible: false, items });
    }
    if !card.footer.is_empty() {
        elements.push(Element::TextBlock(aside(&card.footer)));
    }
    elements
}

fn section(section: &Section) -> impl Iterator<Item = Element> {
    let heading = section.heading.as_ref().map(|heading| Text { weight: Some("Bolder"), ..text(heading) });
    let facts: Vec<Fact> =
        section.rows.iter().map(|row| Fact { title: plain(&row.label), value: plain(&row.value) }).collect();
    let facts = (!facts.is_empty()).then_some(Element::FactSet { facts });
    let rest = section.rest().map(|rest| aside(&PlainText::from_text(&rest)));
    heading.map(Element::TextBlock).into_iter().chain(facts).chain(rest.map(Element::TextBlock))
}

fn text(text: &PlainText) -> Text {
    Text { text: plain(text), wrap: true, ..Text::default() }
}

fn aside(text_shown: &PlainText) -> Text {
    Text { size: Some("Small"), is_subtle: true, ..text(text_shown) }
}

fn plain(text: &PlainText) -> String {
    escape(text.as_str())
}

fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "Accent",
        Severity::Warning => "Warning",
        Severity::Critical => "Attention",
    }
}

fn actions(card: &Card) -> Vec<Action<'_>> {
    let more = Action::Toggle { title: "More", target_elements: [MORE] };
    let more = (!card.more.is_empty()).then_some(more);
    more.into_iter().chain(card.actions.iter().map(open_url)).collect()
}

fn open_url(action: &CardAction) -> Action<'_> {
    Action::OpenUrl { title: action.label, url: &action.url }
}
