//! A person says which session a recording is of.
//!
//! Assumptions about the outside, each tested with its opposite:
//! - A person can be wrong, or can lie. Their word is marked as theirs, it never takes a recording out of a hold, and it
//!   teaches no calibration.
//! - The log can say more later. If it then names another session, people are told once, and the word stands until a person
//!   replaces it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::announce::announce;
use super::bury::record;
use super::context::Context;
use super::effect::{Effect, EffectId};
use super::entry::{Entry, State};
use super::history::{What, note};
use super::joined::{Joined, Told, describe};
use crate::blob::whole_second;
use crate::calibration::Gates;
use crate::join::{Attended, Evidence, Grounds, Match, Matched, Neighbourhood, Pair, Written};
use crate::ledger::{self, Fact as LedgerFact};
use crate::notification::{Event, Fact};
use crate::recording_id::RecordingId;
use crate::session::TunnelId;

/// How many contradictions are told and kept; by then a person has looked.
const CONTRADICTIONS_KEPT: usize = 16;

/// Who said which session a recording is of. The session itself is in [`Joined::verdict`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// Who said it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// What the log alone says.
    pub found: Match,
    /// What contradicts it and was known when it was said, or was told since.
    pub contradictions: BTreeSet<Contradiction>,
}

/// What contradicts a person's word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contradiction {
    /// The log names this session instead.
    Session(TunnelId),
    /// The log has the confirmed session on this recording.
    Recording(RecordingId),
}

/// What a person says of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The session. `None` if it is none of those in the log.
    pub session: Option<Box<Attended>>,
    /// Who says it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Other recordings that the log has the session on, of which the person knows.
    pub also_on: Vec<RecordingId>,
}

impl Contradiction {
    /// In words, without people.
    pub fn in_words(&self) -> String {
        match self {
            Self::Session(tunnel) => format!("the log names session {tunnel}"),
            Self::Recording(id) => format!("the log has its session on {id}"),
        }
    }
}

impl Confirmed {
    /// What the match rests on, in words; without the person's name, which a privacy setting may hide.
    pub fn explained(&self) -> String {
        format!("a person said so: {}; the log alone says {}", self.reason, self.found.name())
    }
}

impl Joined {
    /// What the log alone says of the session, whatever a person said.
    pub fn found(&self) -> &Match {
        self.confirmed.as_ref().map_or(&self.verdict, |confirmed| &confirmed.found)
    }
}

/// Takes a person's word for the session of a recording that has ended. The same word again changes nothing.
pub(super) fn confirm(entry: &mut Entry, word: &Word, context: &Context<'_>) {
    if entry.state == State::Active || is_said(&entry.joined, word) {
        return;
    }
    let found = entry.joined.found().clone();
    entry.joined.verdict = match &word.session {
        Some(attended) => Match::Matched(Box::new(matched(entry, attended, context))),
        None => Match::Unmatched { attempt: None },
    };
    let known = contradiction(&found, &entry.joined.verdict).into_iter();
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
    let session = entry.joined.verdict.session().map(|session| session.tunnel_id.to_string());
    entry.joined.confirmed = Some(confirmed.clone());
    show_person(entry, context);
    let verdict = describe(&entry.joined.verdict);
    let told = entry.joined.told.take();
    let withdrawn = told.as_ref().map(|told| told.verdict.clone()).filter(|told| *told != verdict);
    let (by, reason) = (confirmed.by.clone(), confirmed.reason.clone());
    let what = What::Confirmed { session: session.clone(), by, reason, withdrawn: withdrawn.clone() };
    note(&mut entry.history, context.now, what);
    let count = told.map_or(0, |told| told.count);
    let event = if session.is_some() {
        Event::RecordingCatalogued
    } else {
        Event::RecordingUnmatched
    };
    let occurrence = format!("{count} {verdict} confirmed {}", confirmed.at);
    let mut notification = announce(entry, event, &occurrence, context.now, context);
    notification.facts.extend(withdrawn.map(|withdrawn| Fact::text("withdraws", withdrawn)));
    entry.pending.push(Effect::Notify(notification).pending(context.now));
    entry.joined.told = Some(Told { count: count + 1, verdict });
    let what = ledger::What::RecordingConfirmed {
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

/// Takes in what the log says by now of a recording of which a person has spoken.
pub(super) fn keep_word(entry: &mut Entry, found: Match, near: &Neighbourhood, context: &Context<'_>) {
    if let Match::Matched(matched) = &mut entry.joined.verdict {
        let tunnel = matched.session.tunnel_id.clone();
        let known = near.sessions.iter().find(|session| session.facts.tunnel_id == tunnel);
        if let Some(known) = known {
            matched.session = known.facts.clone();
        }
        if let Some((evidence, grounds)) = found.speaks_for(&tunnel) {
            (matched.evidence, matched.grounds) = (evidence.to_vec(), grounds);
        }
    }
    show_person(entry, context);
    let contradiction = contradiction(&found, &entry.joined.verdict);
    if let Some(confirmed) = &mut entry.joined.confirmed {
        confirmed.found = found;
    }
    tell_contradiction(entry, contradiction, context);
}

impl Entry {
    /// Takes in that the log has a session on another recording. False if that contradicts no person's word, or is known.
    pub fn is_contradicted_by(&mut self, tunnel: &TunnelId, other: RecordingId, context: &Context<'_>) -> bool {
        let is_this = self.joined.verdict.session().is_some_and(|session| session.tunnel_id == *tunnel);
        let is_news = tell_contradiction(self, is_this.then_some(Contradiction::Recording(other)), context);
        self.revision += u64::from(is_news);
        is_news
    }
}

/// Tells people once that the log contradicts a person's word. The word stands. False if there is nothing to tell.
fn tell_contradiction(entry: &mut Entry, contradiction: Option<Contradiction>, context: &Context<'_>) -> bool {
    let is_full = |confirmed: &Confirmed| confirmed.contradictions.len() >= CONTRADICTIONS_KEPT;
    let (Some(contradiction), Some(confirmed)) = (contradiction, &mut entry.joined.confirmed) else {
        return false;
    };
    if is_full(confirmed) || !confirmed.contradictions.insert(contradiction.clone()) {
        return false;
    }
    let words = contradiction.in_words();
    let occurrence = format!("confirmed {} but {words}", confirmed.at);
    note(&mut entry.history, context.now, What::WordContradicted(words.clone()));
    let mut notification = announce(entry, Event::RecordingAmbiguous, &occurrence, context.now, context);
    notification.facts.push(Fact::text("contradicted_by", words));
    entry.pending.push(Effect::Notify(notification).pending(context.now));
    true
}

fn show_person(entry: &mut Entry, context: &Context<'_>) {
    let person = entry.joined.verdict.person();
    entry.joined.tagged_person = person.and_then(|person| context.rules.privacy.in_tags.show(person));
}

fn is_said(joined: &Joined, word: &Word) -> bool {
    let said = joined.verdict.session().map(|session| &session.tunnel_id);
    let is_same = said == word.session.as_ref().map(|session| &session.facts.tunnel_id);
    let confirmed = joined.confirmed.as_ref();
    is_same && confirmed.is_some_and(|known| known.by == word.by && known.reason == word.reason)
}

/// The session that the log names instead of a person's.
fn contradiction(found: &Match, said: &Match) -> Option<Contradiction> {
    let named = &found.session()?.tunnel_id;
    let is_same = said.session().is_some_and(|session| session.tunnel_id == *named);
    (!is_same).then(|| Contradiction::Session(named.clone()))
}

/// The session of a person's word, with what speaks for it besides.
fn matched(entry: &Entry, attended: &Attended, context: &Context<'_>) -> Matched {
    let session = attended.facts.clone();
    if let Some((evidence, grounds)) = entry.joined.found().speaks_for(&session.tunnel_id) {
        return Matched { evidence: evidence.to_vec(), grounds, session };
    }
    let gates = Gates::of(&context.rules.matching);
    let pair = entry.recorded().and_then(|recorded| Pair::of(&recorded, attended, gates));
    let live = pair.and_then(|pair| pair.live);
    let is_uploaded = pair.is_some_and(|pair| pair.uploaded.is_some());
    let evidence = [
        (pair.is_some(), Evidence::Name),
        (live.is_some_and(|live| live.start.is_some()), Evidence::Start),
        (is_uploaded || live.is_some_and(|live| live.end.is_some()), Evidence::End),
    ];
    let evidence = evidence.into_iter().filter_map(|(holds, evidence)| holds.then_some(evidence)).collect();
    let written = if is_uploaded && live.is_none() { Written::AtEnd } else { Written::Live };
    Matched { session, evidence, grounds: Grounds { written, ..Grounds::default() } }
}
