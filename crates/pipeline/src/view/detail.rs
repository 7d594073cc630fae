//! Public form of a recording with its history and effects.

use std::borrow::Cow;

use domain::record::blob::whole_second;
use domain::record::catalogue::{Entry, EntryChange, EntryChangeKind};
use domain::record::effect::{Effect, GivenUpEffect, Pending};
use domain::record::estate::Estate;
use jiff::Timestamp;
use serde::Serialize;

use super::{AccessesView, RecordingView, ReviewView};
use crate::query::RecordingAccesses;

/// Catalogue entry with its history and effects.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DetailView<'a> {
    /// Entry.
    #[serde(flatten)]
    pub recording: RecordingView<'a>,
    /// Reviews by people, oldest first; the last one that counts is valid.
    pub reviews: Vec<ReviewView<'a>>,
    /// Changes, oldest first; a long history loses its middle.
    pub history: Vec<ChangeView<'a>>,
    /// Effects still to be carried out.
    pub pending_effects: Vec<PendingView>,
    /// Effects given up.
    pub refused_effects: Vec<RefusalView<'a>>,
    /// Accesses of the recording; absent if they were not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accesses: Option<AccessesView<'a>>,
}

/// One change of an entry.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangeView<'a> {
    /// Time at which the archivist made the change.
    pub at: Timestamp,
    /// Kind of change, as one word.
    pub what: &'static str,
    /// Tags, sessions or reason of the change; null if the kind says it all.
    pub detail: Option<Cow<'a, str>>,
}

/// Effect not carried out yet.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PendingView {
    /// Kind of effect: `write_tags`, `notify`, `rejoin`, `delete_blob`, `hash` or `record`.
    pub effect: &'static str,
    /// Event to notify; null for other effects.
    pub event: Option<&'static str>,
    /// Number of attempts.
    pub attempts: u32,
    /// Time since when it is pending.
    pub since: Timestamp,
    /// Time at which a sweep retries it.
    pub retry_at: Timestamp,
}

/// Effect not retried any more.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefusalView<'a> {
    /// Time at which it was given up.
    pub at: Timestamp,
    /// Effect, and the reason for giving it up.
    pub reason: &'a str,
}

impl<'a> DetailView<'a> {
    /// Returns the public form of an entry with its history and effects.
    pub fn from_entry(entry: &'a Entry, estate: &Estate, now: Timestamp) -> Self {
        Self {
            recording: RecordingView::from_entry(entry, estate, now),
            reviews: ReviewView::all_of(entry),
            history: entry.history.iter().map(ChangeView::from_change).collect(),
            pending_effects: entry.pending.iter().map(PendingView::from_pending).collect(),
            refused_effects: entry.refusals.iter().map(RefusalView::from_effect).collect(),
            accesses: None,
        }
    }

    /// Adds the accesses.
    #[must_use]
    pub fn with_accesses(self, accesses: &'a RecordingAccesses) -> Self {
        Self { accesses: Some(AccessesView::from_accesses(accesses)), ..self }
    }
}

impl<'a> ChangeView<'a> {
    fn from_change(change: &'a EntryChange) -> Self {
        let detail = match &change.what {
            EntryChangeKind::TagsLeftOut(keys) => Some(Cow::Owned(keys.join(", "))),
            EntryChangeKind::TagsChanged(tags) => Some(Cow::Owned(tags.join("; "))),
            EntryChangeKind::EffectRefused(reason) => Some(Cow::Borrowed(reason.as_str())),
            EntryChangeKind::Matched(verdict) | EntryChangeKind::Ambiguous(verdict) => {
                Some(Cow::Borrowed(sessions(verdict)))
            }
            EntryChangeKind::TimesContradicted(times) => Some(Cow::Owned(times.names().join(", "))),
            EntryChangeKind::Confirmed { session, by, reason, withdrawn } => {
                let session = session.as_deref().unwrap_or("none of the sessions in the log");
                let withdrawn =
                    withdrawn.iter().map(|withdrawn| format!("; withdrawn: {withdrawn}")).collect::<String>();
                Some(Cow::Owned(format!("{session}, by {by}: {reason}{withdrawn}")))
            }
            EntryChangeKind::WordContradicted(words) => Some(Cow::Borrowed(words.as_str())),
            EntryChangeKind::Retained { class, delete_after: Some(date) } => {
                Some(Cow::Owned(format!("{class} until {date}")))
            }
            EntryChangeKind::Retained { class, delete_after: None } => Some(Cow::Owned(format!("{class} for ever"))),
            EntryChangeKind::Shortened { class, delete_after: Some(date), by } => {
                Some(Cow::Owned(format!("{class} until {date}, by {by}")))
            }
            EntryChangeKind::Shortened { class, delete_after: None, by } => {
                Some(Cow::Owned(format!("{class} for ever, by {by}")))
            }
            EntryChangeKind::ClassGiven { class, by } => {
                let class = class.as_deref().unwrap_or("by the rules again");
                Some(Cow::Owned(format!("{class}, by {by}")))
            }
            EntryChangeKind::Reviewed { outcome, by, ticket } => {
                let ticket = ticket.iter().map(|ticket| format!("; ticket {ticket}")).collect::<String>();
                Some(Cow::Owned(format!("{}, by {by}{ticket}", outcome.name())))
            }
            EntryChangeKind::Held(case) | EntryChangeKind::Released(case) => Some(Cow::Borrowed(case.as_str())),
            EntryChangeKind::Approved { by, plan } => Some(Cow::Owned(format!("plan {plan}, by {by}"))),
            EntryChangeKind::Spared(reason) => Some(Cow::Borrowed(reason.as_str())),
            EntryChangeKind::LateMatch { withdrawn, now } => Some(Cow::Owned(format!("{now}; withdrawn: {withdrawn}"))),
            _ => None,
        };
        Self { at: whole_second(change.at), what: change.what.name(), detail }
    }
}

/// Strips the verdict's own name, which the change already shows.
fn sessions(verdict: &str) -> &str {
    verdict.split_once(' ').map_or(verdict, |(_, sessions)| sessions)
}

impl PendingView {
    pub(super) fn from_pending(pending: &Pending) -> Self {
        let (effect, event) = match &pending.effect {
            Effect::WriteTags => ("write_tags", None),
            Effect::Notify(notification) => ("notify", Some(notification.event.name())),
            Effect::Rejoin => ("rejoin", None),
            Effect::DeleteBlob => ("delete_blob", None),
            Effect::Hash => ("hash", None),
            Effect::Record(_) => ("record", None),
        };
        let (since, retry_at) = (whole_second(pending.since), whole_second(pending.retry_at));
        Self { effect, event, attempts: pending.attempts, since, retry_at }
    }
}

impl<'a> RefusalView<'a> {
    fn from_effect(refusal: &'a GivenUpEffect) -> Self {
        Self { at: whole_second(refusal.at), reason: &refusal.reason }
    }
}
