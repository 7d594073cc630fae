//! Applies a person's confirmation of the session of a recording.
//!
//! Assumptions about the outside, each tested with its opposite:
//! - A person can be wrong or lie. The confirmation is stored with its author, never releases a recording from a hold,
//!   and does not feed the calibration.
//! - The log can add records later. If it then names another session, one notification is sent, and the confirmation
//!   stands until a person replaces it.

use super::announce::announce;
use super::join::{AMBIGUOUS, describe};
use super::tombstone::record;
use crate::decide::context::Context;
use crate::decide::join::{Neighbourhood, Pair, SessionEvidence};
use crate::policy::join::Gates;
use crate::record::blob::whole_second;
use crate::record::catalogue::{
    Confirmed, Contradiction, Entry, EntryChangeKind, MatchState, NotifiedVerdict, RecordingState, note,
};
use crate::record::effect::{Effect, EffectId};
use crate::record::join::{Evidence, Match, MatchGrounds, Matched, WritingMode};
use crate::record::ledger;
use crate::record::ledger::LedgerFact;
use crate::record::notification::{Event, NotificationFact};
use crate::record::recording_id::RecordingId;
use crate::record::session::TunnelId;

/// Largest number of contradictions stored and notified per confirmation; by then a person has looked.
const CONTRADICTIONS_KEPT: usize = 16;

/// Confirmation as submitted by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Confirmed session. `None` if the recording belongs to none of the sessions in the log.
    pub session: Option<Box<SessionEvidence>>,
    /// Person who confirms.
    pub by: String,
    /// Reason given by the person.
    pub reason: String,
    /// Other recordings matched to the session by the log, as known to the person.
    pub also_on: Vec<RecordingId>,
}

impl MatchState {
    /// Returns true if people were told last that the recording belongs to one of several sessions.
    pub(super) fn is_notified_ambiguous(&self) -> bool {
        self.notified.as_ref().is_some_and(|notified| notified.verdict.starts_with(AMBIGUOUS))
    }
}

/// Applies a confirmation to an ended recording. Repeating the same confirmation changes nothing.
pub(super) fn confirm(entry: &mut Entry, word: &Word, context: &Context<'_>) {
    if entry.state == RecordingState::Active || is_confirmed_as(&entry.match_state, word) {
        return;
    }
    let found = entry.match_state.found().clone();
    entry.match_state.verdict = match &word.session {
        Some(chosen) => Match::Matched(Box::new(matched(entry, chosen, context))),
        None => Match::Unmatched { attempt: None },
    };
    let known = contradiction(&found, &entry.match_state.verdict).into_iter();
    let confirmed = Confirmed {
        by: word.by.clone(),
        reason: word.reason.clone(),
        at: whole_second(context.now),
        found,
        contradictions: known
            .chain(word.also_on.iter().copied().map(Contradiction::Recording))
            .take(CONTRADICTIONS_KEPT)
            .collect(),
    };
    let session = entry.match_state.verdict.session().map(|session| session.tunnel_id.to_string());
    let was_contradicted = entry.match_state.confirmed.as_ref().is_some_and(|known| !known.contradictions.is_empty());
    entry.match_state.confirmed = Some(confirmed.clone());
    show_person(entry, context);
    let verdict = describe(&entry.match_state.verdict);
    let notified = entry.match_state.notified.take();
    let withdrawn = notified.as_ref().map(|notified| notified.verdict.clone()).filter(|notified| *notified != verdict);
    let (by, reason) = (confirmed.by.clone(), confirmed.reason.clone());
    let what = EntryChangeKind::Confirmed { session: session.clone(), by, reason, withdrawn: withdrawn.clone() };
    note(&mut entry.history, context.now, what);
    let count = notified.map_or(0, |notified| notified.count);
    let event = if session.is_some() {
        Event::RecordingCatalogued
    } else {
        Event::RecordingUnmatched
    };
    let occurrence = format!("{count} {verdict} confirmed {}", confirmed.at);
    if was_contradicted || withdrawn.as_ref().is_some_and(|notified| notified.starts_with(AMBIGUOUS)) {
        let over = announce(entry, Event::RecordingAmbiguousResolved, &occurrence, context.now, context);
        entry.pending.push(Effect::Notify(over).pending(context.now));
    }
    let mut notification = announce(entry, event, &occurrence, context.now, context);
    notification.facts.extend(withdrawn.map(|withdrawn| NotificationFact::text("withdraws", withdrawn)));
    entry.pending.push(Effect::Notify(notification).pending(context.now));
    entry.match_state.notified = Some(NotifiedVerdict { count: count + 1, verdict });
    let what = ledger::LedgerEvent::RecordingConfirmed {
        recording: entry.id,
        address: entry.address.clone(),
        session,
        by: confirmed.by,
        reason: confirmed.reason,
    };
    let fact = LedgerFact::new(confirmed.at, what);
    record(entry, Effect::Record(fact).pending(context.now));
    if entry.pending(&EffectId::Rejoin).is_none() {
        entry.pending.push(Effect::Rejoin.pending(context.now));
    }
}

/// Updates a confirmed entry from the current verdict of the log. The confirmed session stays.
pub(super) fn keep_word(entry: &mut Entry, found: Match, near: &Neighbourhood, context: &Context<'_>) {
    if let Match::Matched(matched) = &mut entry.match_state.verdict {
        let tunnel = matched.session.tunnel_id.clone();
        let known = near.sessions.iter().find(|session| session.facts.tunnel_id == tunnel);
        if let Some(known) = known {
            matched.session = known.facts.clone();
        }
        if let Some((evidence, grounds)) = found.evidence_for(&tunnel) {
            (matched.evidence, matched.grounds) = (evidence.to_vec(), grounds);
        }
    }
    show_person(entry, context);
    let contradiction = contradiction(&found, &entry.match_state.verdict);
    if let Some(confirmed) = &mut entry.match_state.confirmed {
        confirmed.found = found;
    }
    notify_contradiction(entry, contradiction, context);
}

impl Entry {
    /// Records that the log matches `tunnel` to recording `other`. Returns false if no confirmation is contradicted, or
    /// if the contradiction is already known.
    pub fn is_contradicted_by(&mut self, tunnel: &TunnelId, other: RecordingId, context: &Context<'_>) -> bool {
        let is_this = self.match_state.verdict.session().is_some_and(|session| session.tunnel_id == *tunnel);
        let is_news = notify_contradiction(self, is_this.then_some(Contradiction::Recording(other)), context);
        self.revision += u64::from(is_news);
        is_news
    }
}

/// Queues one notification per new contradiction of a confirmation. Returns false if there is nothing new to notify.
fn notify_contradiction(entry: &mut Entry, contradiction: Option<Contradiction>, context: &Context<'_>) -> bool {
    let is_full = |confirmed: &Confirmed| confirmed.contradictions.len() >= CONTRADICTIONS_KEPT;
    let (Some(contradiction), Some(confirmed)) = (contradiction, &mut entry.match_state.confirmed) else {
        return false;
    };
    if is_full(confirmed) || !confirmed.contradictions.insert(contradiction.clone()) {
        return false;
    }
    let words = contradiction.in_words();
    let occurrence = format!("confirmed {} but {words}", confirmed.at);
    note(&mut entry.history, context.now, EntryChangeKind::WordContradicted(words.clone()));
    let mut notification = announce(entry, Event::RecordingAmbiguous, &occurrence, context.now, context);
    notification.facts.push(NotificationFact::text("contradicted_by", words));
    if !context.is_quiet {
        entry.pending.push(Effect::Notify(notification).pending(context.now));
    }
    true
}

fn show_person(entry: &mut Entry, context: &Context<'_>) {
    let person = entry.match_state.verdict.person();
    entry.match_state.tagged_person = person.and_then(|person| context.rules.privacy.in_tags.show(person));
}

fn is_confirmed_as(match_state: &MatchState, word: &Word) -> bool {
    let stated = match_state.verdict.session().map(|session| &session.tunnel_id);
    let is_same = stated == word.session.as_ref().map(|session| &session.facts.tunnel_id);
    let confirmed = match_state.confirmed.as_ref();
    is_same && confirmed.is_some_and(|known| known.by == word.by && known.reason == word.reason)
}

/// Returns the session named by the log instead of the confirmed one.
fn contradiction(found: &Match, stated: &Match) -> Option<Contradiction> {
    let named = &found.session()?.tunnel_id;
    let is_same = stated.session().is_some_and(|session| session.tunnel_id == *named);
    (!is_same).then(|| Contradiction::Session(named.clone()))
}

/// Builds the match of a confirmed session, with the evidence from the log.
fn matched(entry: &Entry, chosen: &SessionEvidence, context: &Context<'_>) -> Matched {
    let session = chosen.facts.clone();
    if let Some((evidence, grounds)) = entry.match_state.found().evidence_for(&session.tunnel_id) {
        return Matched { evidence: evidence.to_vec(), grounds, session };
    }
    let gates = Gates::from_rules(&context.rules.matching);
    let pair = entry.evidence().and_then(|evidence| Pair::compare(&evidence, chosen, gates));
    let live = pair.and_then(|pair| pair.live);
    let is_uploaded = pair.is_some_and(|pair| pair.uploaded.is_some());
    let evidence = [
        (pair.is_some(), Evidence::Name),
        (live.is_some_and(|live| live.start.is_some()), Evidence::Start),
        (is_uploaded || live.is_some_and(|live| live.end.is_some()), Evidence::End),
    ];
    let evidence = evidence.into_iter().filter_map(|(holds, evidence)| holds.then_some(evidence)).collect();
    let written = if is_uploaded && live.is_none() {
        WritingMode::AtEnd
    } else {
        WritingMode::Live
    };
    Matched { session, evidence, grounds: MatchGrounds { written, ..MatchGrounds::default() } }
}
