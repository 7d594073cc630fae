//! Slack message: blocks, and a fallback text for clients without support for them.

use domain::record::notification::Severity;
use serde::Serialize;

use super::escape::{escape_within, length, uncalling};
use super::limits;
use crate::card::{Card, CardAction, CardRow, PlainText, Section};

/// Longest folded line.
const FOLDED: usize = 460;

#[derive(Serialize)]
pub(super) struct Message {
    text: String,
    mrkdwn: bool,
    parse: &'static str,
    link_names: bool,
    unfurl_links: bool,
    unfurl_media: bool,
    blocks: Vec<Block>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    Header {
        text: Text,
    },
    Section {
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<Text>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fields: Vec<Text>,
    },
    Context {
        elements: [Text; 1],
    },
    Actions {
        elements: Vec<Button>,
    },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Text {
    /// For untrusted text: Slack shows it unchanged.
    PlainText { text: String, emoji: bool },
    /// For static text: `verbatim` keeps Slack from detecting links and names.
    Mrkdwn { text: String, verbatim: bool },
}

#[derive(Serialize)]
struct Button {
    r#type: &'static str,
    text: Text,
    url: String,
}

impl Message {
    /// Builds the message of a card. Each text is within its limit.
    pub(super) fn from_card(card: &Card) -> Self {
        let title = PlainText::from_text(&format!("{}{}", mark(card.severity), card.title));
        let mut blocks = vec![Block::Header { text: plain(&title, limits::HEADER) }, text_block(&card.summary)];
        blocks.extend(card.sections.iter().flat_map(section));
        blocks.push(text_block(&PlainText::from_text(&format!("Next: {}", card.next))));
        blocks.extend(folded(&card.more));
        if !card.actions.is_empty() {
            blocks.push(Block::Actions { elements: card.actions.iter().map(button).collect() });
        }
        if !card.footer.is_empty() {
            blocks.push(aside(&card.footer));
        }
        let fallback = PlainText::from_text(&format!("{title}: {}", card.summary));
        Self {
            text: uncalling(&fallback, limits::FALLBACK),
            mrkdwn: false,
            parse: "none",
            link_names: false,
            unfurl_links: false,
            unfurl_media: false,
            blocks,
        }
    }

    /// Returns true if the message as a whole is within Slack's limits.
    pub(super) fn fits(&self) -> bool {
        let texts = self.blocks.iter().flat_map(Block::texts);
        self.blocks.len() <= limits::BLOCKS && texts.map(Text::length).sum::<usize>() <= limits::ALL_TEXTS
    }

    /// Serializes the message as JSON.
    pub(super) fn write(&self) -> String {
        // The message consists of texts and fixed names, so its serialization cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Block {
    fn texts(&self) -> Vec<&Text> {
        match self {
            Self::Header { text } => vec![text],
            Self::Section { text, fields } => text.iter().chain(fields).collect(),
            Self::Context { elements } => elements.iter().collect(),
            Self::Actions { elements } => elements.iter().map(|button| &button.text).collect(),
        }
    }
}

impl Text {
    fn length(&self) -> usize {
        let (Self::PlainText { text, .. } | Self::Mrkdwn { text, .. }) = self;
        length(text)
    }
}

/// Lays out two fields per line: label and value.
fn section(section: &Section) -> impl Iterator<Item = Block> {
    let heading = section.heading.as_ref();
    let heading = heading.map(|heading| Block::Section { text: Some(bold(heading.as_str())), fields: Vec::new() });
    let lines = section.rows.chunks(limits::FIELDS / 2);
    let lines = lines.map(|rows| Block::Section { text: None, fields: rows.iter().flat_map(fields).collect() });
    let rest = section.rest().map(|rest| aside(&PlainText::from_text(&rest)));
    heading.into_iter().chain(lines).chain(rest)
}

/// One text of all further facts, one to a line below the heading of their section, which Slack folds behind *see more*
/// unless `expand` is set. What exceeds its limit is counted.
fn folded(sections: &[Section]) -> Option<Block> {
    let mut text = "More".to_owned();
    let (mut rest, mut is_full) = (0_u64, false);
    // Leaves room for the line that counts the others. After the first line that does not fit, all are counted.
    let mut add = |line: &str| {
        is_full |= length(&text) + length(line) + FOLDED > limits::TEXT;
        if !is_full {
            text = format!("{text}\n{line}");
        }
        !is_full
    };
    for section in sections {
        if let Some(heading) = &section.heading {
            add(&escape_within(heading, FOLDED));
        }
        let shown = section.rows.iter().take_while(|row| add(&row_line(row))).count();
        let omitted = section.more.saturating_add((section.rows.len() - shown) as u64);
        if omitted > 0 && !add(&format!("and {omitted} more")) {
            rest = rest.saturating_add(omitted);
        }
    }
    if rest > 0 {
        text = format!("{text}\nand {rest} more");
    }
    let text = Text::PlainText { text, emoji: false };
    (!sections.is_empty()).then_some(Block::Section { text: Some(text), fields: Vec::new() })
}

fn row_line(row: &CardRow) -> String {
    escape_within(&PlainText::from_text(&format!("{}: {}", row.label, row.value)), FOLDED)
}

fn text_block(text: &PlainText) -> Block {
    Block::Section { text: Some(plain(text, limits::TEXT)), fields: Vec::new() }
}

fn fields(row: &CardRow) -> [Text; 2] {
    // A label consists of letters, digits, blanks and hyphens, so it cannot end the bold type.
    [bold(row.label.as_str()), plain(&row.value, limits::FIELD)]
}

fn button(action: &CardAction) -> Button {
    Button {
        r#type: "button",
        text: plain(&PlainText::from_text(action.label), limits::BUTTON),
        url: action.url.clone(),
    }
}

fn aside(text: &PlainText) -> Block {
    Block::Context { elements: [plain(text, limits::TEXT)] }
}

fn bold(words: &str) -> Text {
    Text::Mrkdwn { text: format!("*{words}*"), verbatim: true }
}

fn plain(text: &PlainText, limit: usize) -> Text {
    Text::PlainText { text: escape_within(text, limit), emoji: false }
}

/// Symbol for the severity.
fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "",
        Severity::Warning => "⚠️ ",
        Severity::Critical => "🚨 ",
    }
}
