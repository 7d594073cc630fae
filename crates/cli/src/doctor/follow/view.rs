//! Output of the links: lines as they are reached, and one JSON document.

use std::collections::BTreeMap;
use std::io::Write;

use domain::address::BlobAddress;
use domain::decide::follow::{Link, LinkName, LinkState};
use domain::record::blob::whole_second;
use jiff::Timestamp;
use serde::Serialize;

use crate::CliError;
use crate::output::human;

/// Columns of a line.
const WIDTH: usize = 80;
/// Columns before a note.
const INDENT: usize = 14;

/// Links already written, in the state in which they were.
#[derive(Default)]
pub(super) struct Lines {
    is_found: bool,
    written: BTreeMap<LinkName, &'static str>,
}

impl Lines {
    /// Writes the recording once, and every link that reached another state. Of the links that wait, only the first is
    /// written.
    pub(super) fn write(
        &mut self,
        at: Option<&BlobAddress>,
        links: &[Link],
        now: Timestamp,
        out: &mut dyn Write,
    ) -> Result<(), CliError> {
        if let Some(at) = at.filter(|_| !self.is_found) {
            self.is_found = true;
            let container = at.container().to_string();
            writeln!(out, "recording {} in {container}", human::text(at.name.as_str()))?;
        }
        let first = links.iter().find(|link| !matches!(link.state, LinkState::Done { .. } | LinkState::NotUsed(_)));
        let mut previous = None;
        for link in links {
            let is_next = first.is_some_and(|first| first.name == link.name);
            let is_shown = is_next || !matches!(link.state, LinkState::Waiting(_));
            if is_shown && self.written.insert(link.name, link.state.name()) != Some(link.state.name()) {
                writeln!(out, "{}", heading(link, previous, now))?;
                write_notes(&link.state, out)?;
            }
            previous = reached_at(link).or(previous);
        }
        Ok(out.flush()?)
    }
}

/// Names a link and its state, with its time and the time since the link before. If no time is kept of it, with the time
/// at which it was seen.
fn heading(link: &Link, previous: Option<Timestamp>, now: Timestamp) -> String {
    let (name, state) = (words(link.name.name()), words(link.state.name()));
    let time = match (&link.state, reached_at(link)) {
        (LinkState::Done { .. }, None) => format!("  seen {}", whole_second(now)),
        (_, None) => String::new(),
        (_, Some(at)) => {
            let since = previous.map(|previous| at.duration_since(previous)).filter(|since| !since.is_negative());
            let since = since.map(|since| format!("  +{}", human::length(Some(since)))).unwrap_or_default();
            format!("  {}{since}", whole_second(at))
        }
    };
    format!("{name:<12}  {state}{time}")
}

fn write_notes(state: &LinkState, out: &mut dyn Write) -> Result<(), CliError> {
    match state {
        LinkState::Waiting(note) | LinkState::Done { note, .. } | LinkState::NotUsed(note) => write_note("", note, out),
        LinkState::Unknown(why) => write_note("because ", why, out),
        LinkState::Broken { why, fix } => {
            write_note("", why, out)?;
            write_note("-> ", fix, out)
        }
    }
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}

fn write_note(mark: &str, note: &str, out: &mut dyn Write) -> Result<(), CliError> {
    let text = format!("{mark}{}", human::text(note));
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH - INDENT {
            writeln!(out, "{:INDENT$}{line}", "")?;
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    Ok(writeln!(out, "{:INDENT$}{line}", "")?)
}

fn reached_at(link: &Link) -> Option<Timestamp> {
    match link.state {
        LinkState::Done { at, .. } => at,
        _ => None,
    }
}

/// JSON document of `archivist doctor --follow --json`.
#[derive(Serialize)]
pub(super) struct Chain<'a> {
    version: u32,
    at: Timestamp,
    /// True if the command was interrupted before the chain was complete or broken.
    interrupted: bool,
    recording: Option<RecordingOf<'a>>,
    links: Vec<LinkView<'a>>,
}

#[derive(Serialize)]
struct RecordingOf<'a> {
    account: &'a str,
    container: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct LinkView<'a> {
    link: &'static str,
    state: &'static str,
    at: Option<Timestamp>,
    seen: &'a str,
    fix: Option<&'a str>,
}

impl<'a> Chain<'a> {
    pub(super) fn from_links(
        at: Option<&'a BlobAddress>,
        links: &'a [Link],
        interrupted: bool,
        now: Timestamp,
    ) -> Self {
        let recording = at.map(|at| RecordingOf {
            account: at.account.as_str(),
            container: at.container.as_str(),
            name: at.name.as_str(),
        });
        Self {
            version: 1,
            at: whole_second(now),
            interrupted,
            recording,
            links: links.iter().map(LinkView::from_link).collect(),
        }
    }
}

impl<'a> LinkView<'a> {
    fn from_link(link: &'a Link) -> Self {
        let (seen, fix) = match &link.state {
            LinkState::Waiting(note) | LinkState::Done { note, .. } | LinkState::NotUsed(note) => (note, None),
            LinkState::Unknown(why) => (why, None),
            LinkState::Broken { why, fix } => (why, Some(fix.as_str())),
        };
        let at = reached_at(link).map(whole_second);
        Self { link: link.name.name(), state: link.state.name(), at, seen, fix }
    }
}
