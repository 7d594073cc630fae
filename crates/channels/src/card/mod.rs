//! Content of a notification for people, before a channel renders it.
//!
//! Parses the frozen body once. Every event has its own card: a summary in one or two sentences, rows (person,
//! machine, times, retention), and buttons for the recording and the portal.

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

/// Content of a message. Every text is plain and still has to be escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) severity: Severity,
    /// Title, a few words.
    pub(crate) title: PlainText,
    /// Summary, one or two sentences; never empty.
    pub(crate) summary: PlainText,
    pub(crate) sections: Vec<Section>,
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
    /// Heading, if the card has several sections.
    pub(crate) heading: Option<&'static str>,
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
        let told = event::tell(&body);
        Ok(Self {
            severity: body.severity,
            title: Some(PlainText::of(&told.title))
                .filter(|title| !title.is_empty())
                .unwrap_or_else(|| PlainText::of(UNTITLED)),
            summary: PlainText::of(&told.summary),
            sections: told.sections.into_iter().filter(|section| !section.is_empty()).collect(),
            actions: actions(&body, view.page.as_ref()),
            footer: PlainText::of(
                &[body.kind.as_str(), &domain::words::time(&body.timestamp, &body.zone), &body.id].join(" · "),
            ),
        })
    }

    /// Total number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.sections.iter().map(|section| section.rows.len()).sum()
    }
}

impl Section {
    /// Describes the omitted rows; `None` if all are shown.
    pub(crate) fn rest(&self) -> Option<String> {
        (self.more > 0).then(|| format!("+{} more", self.more))
    }

    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.more == 0
    }

    /// Adds a row unless its label or value is empty.
    fn add(&mut self, label: &str, value: Option<String>) {
        // Fact names are ASCII; letters of other scripts include invisible ones.
        let label = label.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', " ");
        let (label, value) = (PlainText::of(&label), PlainText::of(&value.unwrap_or_default()));
        if !label.is_empty() && !value.is_empty() {
            self.rows.push(CardRow { label, value });
        }
    }
}

fn actions(body: &ParsedBody, page: Option<&PageUrl>) -> Vec<CardAction> {
    let recording = page.zip(body.text("recording")).and_then(|(page, id)| page.recording(id));
    let portal = body.link.as_deref().and_then(link::safe);
    let recording = recording.map(|url| CardAction { label: "Open recording", url });
    let portal = portal.map(|url| CardAction { label: "Open bastion in the portal", url });
    recording.into_iter().chain(portal).collect()
}
