//! `archivist recordings show`.

use std::io::{self, Write};

use clap::Args;
use pipeline::query::{self, RecordingAccesses};
use pipeline::view::{
    AccessView, AccessesView, ChangeView, ConfirmedView, DetailView, JoinedView, PendingView, RecordingView, ReviewView,
};

use super::custody;
use crate::arguments::IdArg;
use crate::output::section::{self, section};
use crate::output::session::session_lines;
use crate::output::{human, json};
use crate::{CliError, CommandContext, Exit};

/// Arguments of `recordings show`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Example:
  archivist recordings show rec_01kjpyph1yv56czgxgxa6hk7hq")]
pub struct ShowArgs {
    /// The recording's id, whole or short, as lists show it.
    #[arg(value_parser = IdArg::parse)]
    pub id: IdArg,
    /// Write one JSON document: the entry with its history, or null if there is none.
    #[arg(long)]
    pub json: bool,
}

pub(super) async fn run(args: &ShowArgs, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let id = args.id.find(context.catalogue).await?;
    let entry = query::recording(context.catalogue, context.checkpoints, id).await?;
    let accesses = match &entry {
        Some(entry) => {
            query::accesses(context.catalogue, context.checkpoints, context.estate, entry, context.now).await?
        }
        None => RecordingAccesses::default(),
    };
    let view =
        entry.as_ref().map(|entry| DetailView::from_entry(entry, context.estate, context.now).with_accesses(&accesses));
    if args.json {
        json::write_line(&mut *context.out, &view)?;
    } else if let Some(view) = &view {
        write_detail(context.out, view)?;
    }
    if view.is_none() {
        writeln!(context.err, "the catalogue has no recording {id}")?;
        return Ok(Exit::Findings);
    }
    Ok(Exit::Done)
}

fn write_detail(out: &mut dyn Write, view: &DetailView<'_>) -> io::Result<()> {
    let recording = &view.recording;
    section::facts(out, &facts(recording))?;
    section(out, "warnings", recording.warnings.iter().copied().map(in_words))?;
    section(out, "why no session is certain", recording.undecided.iter().map(|why| why.explained.clone()))?;
    section(out, "session", recording.session.iter().flat_map(joined))?;
    section(out, "confirmed", recording.confirmed.iter().flat_map(confirmed))?;
    for (at, candidate) in recording.candidates.iter().enumerate() {
        let count = recording.candidates.len() as u64 + recording.more_candidates;
        let mark = if at == 0 && candidate.is_likely() {
            "likely, not certain"
        } else {
            "possible"
        };
        section(out, &format!("candidate {} of {count}: {mark}", at + 1), joined(candidate))?;
    }
    section(out, "failed login that left it", recording.attempt.iter().flat_map(session_lines))?;
    section(out, "reviews", view.reviews.iter().map(review))?;
    section(out, "retention", recording.retention.iter().flat_map(custody::retention))?;
    section(out, "legal holds", recording.holds.iter().map(custody::held))?;
    section(out, "deletion", recording.deletion.iter().flat_map(custody::deletion))?;
    let tags = recording.tags.iter().map(|(key, value)| format!("{} = {}", human::text(key), human::text(value)));
    section(out, "tags", tags)?;
    section(out, "accesses", view.accesses.iter().flat_map(accesses))?;
    section(out, "pending effects", view.pending_effects.iter().map(pending))?;
    let refused = view.refused_effects.iter();
    section(out, "refused effects", refused.map(|refusal| format!("{}  {}", refusal.at, human::text(refusal.reason))))?;
    section(out, "history", view.history.iter().map(change))
}

/// Warning in words.
fn in_words(warning: &str) -> String {
    format!("{}: this time of the audit log is ignored", warning.replace('_', " "))
}

/// Lines about a session and its evidence.
fn joined(joined: &JoinedView) -> Vec<String> {
    let mut lines = session_lines(&joined.facts);
    lines.push(format!("{:<12}  {}", "evidence", joined.evidence.join(", ")));
    lines.push(format!("{:<12}  {}", "in words", joined.explained));
    lines
}

/// Duration, with its source if that is not the recording.
fn length(recording: &RecordingView<'_>) -> String {
    let length = human::duration(recording.duration_ms);
    match recording.duration_from {
        Some("session") => format!("{length} (of the session; the recording was uploaded afterwards)"),
        _ => length,
    }
}

/// Lines about a confirmation: who, when and why, and the verdict of the log.
fn confirmed(confirmed: &ConfirmedView<'_>) -> Vec<String> {
    let from_log = confirmed
        .log_names
        .map_or_else(|| confirmed.log_says.to_owned(), |named| format!("matched {}", human::text(named)));
    let mut lines = vec![
        format!("{:<12}  {}", "by", human::text(confirmed.by)),
        format!("{:<12}  {}", "at", confirmed.at),
        format!("{:<12}  {}", "reason", human::text(confirmed.reason)),
        format!("{:<12}  {from_log}", "the log"),
    ];
    lines.extend(confirmed.contradicted_by.iter().map(|what| format!("{:<12}  {}", "against it", human::text(what))));
    lines
}

/// Line about a review: when, the outcome, who, the ticket and the note.
fn review(review: &ReviewView<'_>) -> String {
    let verified = if review.verified { "" } else { " (not verified)" };
    let why = review.not_counted_in_words();
    let counts = why.map(|why| format!("; does not count: {why}")).unwrap_or_default();
    let ticket = review.ticket.map(|ticket| format!("; ticket {}", human::text(ticket))).unwrap_or_default();
    let note = review.note.map(|note| format!(": {}", human::text(note))).unwrap_or_default();
    format!("{}  {}, by {}{verified}{ticket}{counts}{note}", review.at, review.outcome, human::text(review.by))
}

fn facts(recording: &RecordingView<'_>) -> [(&'static str, String); 18] {
    let optional = human::optional;
    let size = match recording.size_bytes {
        Some(bytes) if bytes >= 1024 => format!("{} ({bytes} bytes)", human::size(Some(bytes))),
        bytes => human::size(bytes),
    };
    [
        ("id", recording.id.to_string()),
        ("name", human::text(recording.name)),
        ("state", recording.state.to_owned()),
        ("match", recording.matching.to_owned()),
        ("person", optional(recording.person)),
        ("bastion", human::text(recording.bastion)),
        ("account", recording.account.to_owned()),
        ("container", recording.container.to_owned()),
        ("created", human::second(recording.created_at)),
        ("last modified", human::second(recording.last_modified)),
        ("length", length(recording)),
        ("settled", human::second(recording.settled_at)),
        ("deleted", human::second(recording.deletion.as_ref().map(|deletion| deletion.at))),
        ("size", size),
        ("etag", optional(recording.etag.as_deref())),
        ("tier", optional(recording.tier)),
        ("portal", optional(recording.portal_url.as_deref())),
        ("revision", recording.revision.to_string()),
    ]
}

/// Lines about accesses, and about times for which they are not known.
fn accesses(accesses: &AccessesView<'_>) -> Vec<String> {
    let mut lines: Vec<String> = accesses.items.iter().map(access).collect();
    if !accesses.logged {
        lines.push("not known: no access log is configured for the bastion".to_owned());
    }
    lines.extend(accesses.unread.iter().map(|unread| {
        let from = unread.from.map_or_else(|| "the begin".to_owned(), |from| human::second(Some(from)));
        format!("not known from {from} to {}: no log of reads was read", human::second(Some(unread.to)))
    }));
    if accesses.older > 0 {
        let more = if accesses.has_more_older { "or more " } else { "" };
        lines.push(format!("{} {more}older half hours with accesses are only counted", accesses.older));
    }
    lines
}

fn access(access: &AccessView<'_>) -> String {
    let addresses: Vec<String> = access.addresses.iter().map(ToString::to_string).collect();
    let from = if addresses.is_empty() {
        String::new()
    } else {
        format!(" from {}", addresses.join(", "))
    };
    let more = if access.has_more { "at least " } else { "" };
    let bytes = human::size(Some(access.bytes));
    let (at, kind, requests) = (human::second(Some(access.from)), access.kind, access.requests);
    let AccessView { authentication, .. } = access;
    let who = human::text(&access.in_words());
    format!("{at}  {kind}  {who}{from}  ({authentication}, {more}{requests} requests, {bytes})")
}

pub(crate) fn pending(pending: &PendingView) -> String {
    let event = pending.event.map(|event| format!(" {event}")).unwrap_or_default();
    let PendingView { effect, attempts, since, retry_at, .. } = pending;
    format!("{effect}{event}  since {since}, failed tries: {attempts}, next try {retry_at}")
}

fn change(change: &ChangeView<'_>) -> String {
    let detail = change.detail.as_deref().map(|detail| format!(": {}", human::text(detail))).unwrap_or_default();
    format!("{}  {}{detail}", change.at, change.what)
}
