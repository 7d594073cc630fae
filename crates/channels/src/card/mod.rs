//! Content of a notification for people, before a channel renders it.
//!
//! Parses the frozen body once. Every event has its own card: a summary in one or two sentences, five facts, the next
//! step for the reader, further facts that the channel folds away, and buttons for the page and the portal.

mod body;
mod event;
mod fit;
mod link;
mod plain;

use domain::record::notification::Severity;
use jiff::tz::TimeZone;
use thiserror::Error;

use body::ParsedBody;
pub use body::UnreadableBody;
pub(crate) use fit::fit;
pub use link::{PageError, PageUrl};
pub(crate) use plain::PlainText;

/// Title of an untitled notification.
const UNTITLED: &str = "Notification";

/// Reason why a message cannot be previewed.
#[derive(Debug, Error)]
pub enum PreviewError {
    /// The URL of the page is refused.
    #[error("the page's url is refused")]
    Page(#[from] PageError),
    /// The body is malformed or of an unknown version.
    #[error("the body is not understood")]
    Body(#[from] UnreadableBody),
}

/// Number of facts shown at once; the others are folded away.
const SHOWN: usize = 5;

/// Content of a message. Every text is plain and still has to be escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) severity: Severity,
    /// Title, a few words.
    pub(crate) title: PlainText,
    /// Summary, one or two sentences; never empty.
    pub(crate) summary: PlainText,
    /// Facts shown at once, at most [`SHOWN`] rows.
    pub(crate) sections: Vec<Section>,
    /// Next step for the reader, one or two sentences; never empty.
    pub(crate) next: PlainText,
    /// Further facts, folded away until the reader asks for them.
    pub(crate) more: Vec<Section>,
    pub(crate) actions: Vec<CardAction>,
    /// Event, time and id, for finding the notification again.
    pub(crate) footer: PlainText,
}

/// How the readers of a channel see its cards.
#[derive(Debug, Clone)]
pub(crate) struct CardView {
    /// Base URL of the catalogue's web page; the card of a recording links to it.
    page: Option<PageUrl>,
    /// Time zone of the times.
    zone: TimeZone,
}

impl CardView {
    pub(crate) fn new(page: Option<&str>, zone: TimeZone) -> Result<Self, PageError> {
        Ok(Self { page: page.map(PageUrl::parse).transpose()?, zone })
    }
}

/// Group of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Section {
    /// Heading, if the card has several sections. Letters, digits, blanks and hyphens only, like a label.
    pub(crate) heading: Option<PlainText>,
    /// Rows, the most important first.
    pub(crate) rows: Vec<CardRow>,
    /// Number of omitted rows.
    pub(crate) more: u64,
}

/// Label and value, both non-empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CardRow {
    /// Letters, digits, blanks and hyphens only, so that no channel interprets it.
    pub(crate) label: PlainText,
    pub(crate) value: PlainText,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CardAction {
    pub(crate) label: &'static str,
    /// URL to open: `https`, or `http` on this machine.
    pub(crate) url: String,
}

impl Card {
    /// Parses a frozen body.
    pub(crate) fn read(body: &str, view: &CardView) -> Result<Self, UnreadableBody> {
        let body = ParsedBody::parse(body, &view.zone)?;
        let content = event::content(&body);
        let (sections, more) = split(content.sections);
        Ok(Self {
            severity: body.severity,
            title: Some(PlainText::from_text(&content.title))
                .filter(|title| !title.is_empty())
                .unwrap_or_else(|| PlainText::from_text(UNTITLED)),
            summary: PlainText::from_text(&content.summary),
            sections,
            next: PlainText::from_text(&content.next),
            more,
            actions: actions(&body, view.page.as_ref()),
            footer: PlainText::from_text(
                &[body.kind.as_str(), &domain::words::time(&body.timestamp, &body.zone), &body.id].join(" · "),
            ),
        })
    }

    /// Total number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.sections.iter().chain(&self.more).map(|section| section.rows.len()).sum()
    }
}

impl Section {
    /// Describes the omitted rows; `None` if all are shown.
    pub(crate) fn rest(&self) -> Option<String> {
        (self.more > 0).then(|| format!("and {} more", self.more))
    }

    /// Creates an empty section with a heading, of which letters, digits, blanks and hyphens are kept.
    fn headed(heading: &str) -> Self {
        Self { heading: Some(label(heading)), ..Self::default() }
    }

    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.more == 0
    }

    /// Adds a row unless its label or value is empty.
    fn add(&mut self, label: &str, value: Option<String>) {
        let (label, value) = (self::label(label), PlainText::from_text(&value.unwrap_or_default()));
        if !label.is_empty() && !value.is_empty() {
            self.rows.push(CardRow { label, value });
        }
    }
}

/// Keeps letters, digits, blanks and hyphens. Fact names are ASCII; letters of other scripts include invisible ones.
fn label(text: &str) -> PlainText {
    PlainText::from_text(&text.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', " "))
}

/// Splits the rows into the shown ones and the others.
fn split(sections: Vec<Section>) -> (Vec<Section>, Vec<Section>) {
    let (mut shown, mut more, mut room) = (Vec::new(), Vec::new(), SHOWN);
    for mut section in sections {
        let rest = section.rows.split_off(section.rows.len().min(room));
        room -= section.rows.len();
        if rest.is_empty() && (!section.rows.is_empty() || more.is_empty()) {
            shown.push(section);
        } else {
            more.push(Section { heading: section.heading.clone(), rows: rest, more: section.more });
            shown.push(Section { more: 0, ..section });
        }
    }
    shown.retain(|section| !section.is_empty());
    more.retain(|section| !section.is_empty());
    (shown, more)
}

fn actions(body: &ParsedBody, page: Option<&PageUrl>) -> Vec<CardAction> {
    let recording = page.zip(body.text("recording")).and_then(|(page, id)| page.recording(id));
    let recording = recording.map(|url| CardAction { label: "Open recording", url });
    let others = || {
        let pages = body.event().map(|event| event::pages(event, body)).unwrap_or_default();
        page.map(|page| pages.iter().map(|to| page.action(to)).collect::<Vec<_>>()).unwrap_or_default()
    };
    let portal = body.link.as_deref().and_then(link::safe);
    let portal = portal.map(|url| CardAction { label: "Open bastion in the portal", url });
    recording.map_or_else(others, |recording| vec![recording]).into_iter().chain(portal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(rows: usize, more: u64) -> Section {
        let row = CardRow { label: PlainText::from_text("Machine"), value: PlainText::from_text("vm-01") };
        Section { heading: None, rows: vec![row; rows], more }
    }

    fn counts(sections: &[Section]) -> Vec<(usize, u64)> {
        sections.iter().map(|section| (section.rows.len(), section.more)).collect()
    }

    #[test]
    fn a_card_shows_five_facts_and_folds_the_others_away() {
        for (rows, shown, folded) in [
            (vec![section(3, 0)], vec![(3, 0)], vec![]),
            (vec![section(5, 2)], vec![(5, 2)], vec![]),
            (vec![section(7, 2)], vec![(5, 0)], vec![(2, 2)]),
            (vec![section(3, 0), section(4, 1)], vec![(3, 0), (2, 0)], vec![(2, 1)]),
            (vec![section(6, 0), section(4, 1)], vec![(5, 0)], vec![(1, 0), (4, 1)]),
            (vec![section(0, 9)], vec![(0, 9)], vec![]),
        ] {
            let split = split(rows);
            assert_eq!((counts(&split.0), counts(&split.1)), (shown, folded));
        }
    }
}
