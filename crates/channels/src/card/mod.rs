//! What a notification says to people, before it takes the form of a channel.
//!
//! The frozen body is read once. Every event has a card of its own: what happened in one or two sentences, rows for who,
//! where, when, how long and until when it is kept, and buttons to where one looks next.

mod body;
mod event;
mod fit;
mod link;
mod plain;

use domain::notification::Severity;
use thiserror::Error;

use body::Body;
pub use body::BodyError;
pub(crate) use fit::fit;
pub use link::{Page, PageError};
pub(crate) use plain::Plain;

/// The title of a notification that brings none.
const UNTITLED: &str = "Notification";

/// Why a body cannot be shown as a message.
#[derive(Debug, Error)]
pub enum PreviewError {
    /// The page is refused.
    #[error("the page's url is refused")]
    Page(#[from] PageError),
    /// The body is not understood.
    #[error("the body is not understood")]
    Body(#[from] BodyError),
}

/// What a message shows. Every text in it is plain and still to be escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    /// How urgent it is.
    pub(crate) severity: Severity,
    /// What happened, in a few words.
    pub(crate) title: Plain,
    /// What happened, in one or two sentences; never empty.
    pub(crate) summary: Plain,
    /// What is known of it.
    pub(crate) sections: Vec<Section>,
    /// Where one looks next.
    pub(crate) actions: Vec<Action>,
    /// What finds it again: event, time and id.
    pub(crate) footer: Plain,
}

/// Rows that belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Section {
    /// What they tell of, where a card has several.
    pub(crate) heading: Option<&'static str>,
    /// The rows, the most important first.
    pub(crate) rows: Vec<Row>,
    /// How many there are besides.
    pub(crate) more: u64,
}

/// A name and its value. Neither is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// What it is: letters, digits, blanks and hyphens, so that no channel reads more into it.
    pub(crate) label: Plain,
    /// Its value.
    pub(crate) value: Plain,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Action {
    /// What it says.
    pub(crate) label: &'static str,
    /// What it opens: `https`, or `http` of this machine.
    pub(crate) url: String,
}

impl Card {
    /// Reads a frozen body. With `page`, what tells of a recording leads there.
    pub(crate) fn read(body: &str, page: Option<&Page>) -> Result<Self, BodyError> {
        let body = Body::parse(body)?;
        let told = event::tell(&body);
        Ok(Self {
            severity: body.severity,
            title: Some(Plain::of(&told.title))
                .filter(|title| !title.is_empty())
                .unwrap_or_else(|| Plain::of(UNTITLED)),
            summary: Plain::of(&told.summary),
            sections: told.sections.into_iter().filter(|section| !section.is_empty()).collect(),
            actions: actions(&body, page),
            footer: Plain::of(&[body.kind.as_str(), &domain::words::time(&body.timestamp), &body.id].join(" · ")),
        })
    }

    /// How many rows it has.
    pub(crate) fn rows(&self) -> usize {
        self.sections.iter().map(|section| section.rows.len()).sum()
    }
}

impl Section {
    /// What is said of the rows that are not shown.
    pub(crate) fn rest(&self) -> Option<String> {
        (self.more > 0).then(|| format!("+{} more", self.more))
    }

    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.more == 0
    }

    /// Adds a row, unless there is nothing to say in it.
    fn add(&mut self, label: &str, value: Option<String>) {
        // Ours are plain; among the letters of all scripts are some that nobody sees.
        let label = label.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', " ");
        let (label, value) = (Plain::of(&label), Plain::of(&value.unwrap_or_default()));
        if !label.is_empty() && !value.is_empty() {
            self.rows.push(Row { label, value });
        }
    }
}

fn actions(body: &Body, page: Option<&Page>) -> Vec<Action> {
    let recording = page.zip(body.text("recording")).and_then(|(page, id)| page.recording(id));
    let portal = body.link.as_deref().and_then(link::safe);
    let recording = recording.map(|url| Action { label: "Open recording", url });
    let portal = portal.map(|url| Action { label: "Open bastion in the portal", url });
    recording.into_iter().chain(portal).collect()
}
