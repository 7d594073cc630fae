//! Judges which session belongs to one recording.

use std::borrow::Borrow;
use std::cmp::Reverse;

use jiff::SignedDuration;

use super::ball::Ball;
use super::pair::Pair;
use super::reach::Middle;
use super::sides::{ALL_READ, LogRead, Neighbourhood, RecordingEvidence, SessionEvidence};
use crate::policy::join::{Gates, MatchingRules};
use crate::record::join::{
    Candidate, Evidence, Match, MatchGrounds, MatchReasoning, Matched, Offset, Points, WritingMode,
};
use crate::record::session::SessionFacts;

/// Maximum length of a recording left by a failed login.
pub const ATTEMPT_LASTS: SignedDuration = SignedDuration::from_mins(1);
/// Maximum number of candidates kept, likeliest first.
const CANDIDATES_KEPT: usize = 16;
/// Reduction of the required lead if the recording was written live and both times are usual.
const LESS_IF_USUAL: Points = Points::whole(10);
/// Like [`LESS_IF_USUAL`], but for a day that has not [learned](LEARNED) its usual offsets.
const LESS_IF_UNLEARNED: Points = Points::whole(5);
/// Additional lead required for a known native client: it is a guess that such a client was recorded at all.
pub(super) const MORE_IF_NATIVE: Points = Points::whole(10);
/// Number of pairs a day must have learned from for its usual offsets to be known.
const LEARNED: u32 = 20;

/// Judges the session of `subject`, which must not occur in `near` again.
///
/// The result depends on the sets in `near` and on the calibration of the day, not on any order. A session is matched
/// only if the recording has ended, and if the best assignment with this pair leads every assignment without it by
/// [`MatchingRules::lead`]. Unread data and records that the log has not delivered yet count against a match. The result
/// borrows the sessions of `near`.
pub fn judge<'a, R: Borrow<RecordingEvidence>, A: Borrow<SessionEvidence>>(
    subject: &'a RecordingEvidence,
    near: &'a Neighbourhood<R, A>,
    matching: &MatchingRules,
) -> Match<&'a SessionFacts> {
    Judgement::new(subject, near, matching).verdict()
}

/// Like [`judge`], but also returns what the verdict was weighed against.
pub fn judge_with_reasoning<'a, R: Borrow<RecordingEvidence>, A: Borrow<SessionEvidence>>(
    subject: &'a RecordingEvidence,
    near: &'a Neighbourhood<R, A>,
    matching: &MatchingRules,
) -> (Match<&'a SessionFacts>, MatchReasoning) {
    let judgement = Judgement::new(subject, near, matching);
    let verdict = judgement.verdict();
    let reasoning = judgement.reasoning(&verdict);
    (verdict, reasoning)
}

pub(super) struct Judgement<'m, 'a> {
    pub(super) subject: &'a RecordingEvidence,
    pub(super) ball: Ball<'a>,
    pub(super) log: Option<LogRead>,
    pub(super) steps_read: usize,
    /// Sessions that may belong to the recording, likeliest first.
    pub(super) candidates: Vec<Likely>,
    gates: Gates,
    matching: &'m MatchingRules,
}

/// A session that may belong to the recording.
pub(super) struct Likely {
    pub(super) session: usize,
    pub(super) pair: Pair,
    pub(super) grounds: MatchGrounds,
}

impl<'m, 'a> Judgement<'m, 'a> {
    pub(super) fn new<R: Borrow<RecordingEvidence>, A: Borrow<SessionEvidence>>(
        subject: &'a RecordingEvidence,
        near: &'a Neighbourhood<R, A>,
        matching: &'m MatchingRules,
    ) -> Self {
        let gates = Gates::from_rules(matching);
        let ball = Ball::around(Middle::Recording(subject), near, gates);
        let candidates = candidates(&ball, gates);
        Self { subject, ball, log: near.log, steps_read: near.steps_read, candidates, gates, matching }
    }

    /// Copies the judgement as if the log were complete and `steps_read` steps had been read.
    pub(super) fn if_read(&self, steps_read: usize) -> Self {
        let ball = self.ball.if_read(ALL_READ, steps_read);
        let candidates = candidates(&ball, self.gates);
        Self { ball, log: Some(ALL_READ), steps_read, candidates, ..*self }
    }

    fn verdict(&self) -> Match<&'a SessionFacts> {
        let (subject, matching) = (self.subject, self.matching);
        if !subject.has_ended {
            return Match::Pending;
        }
        let is_read_beyond =
            |wait| self.log.is_some_and(|log| log.is_beyond(subject.created_at, subject.last_modified, wait));
        if self.candidates.is_empty() {
            return match self.failed_login().filter(|_| self.steps_read > 1) {
                Some(failed) if is_read_beyond(matching.confirm_after) => {
                    Match::Unmatched { attempt: Some(Box::new(&failed.facts)) }
                }
                _ if is_read_beyond(matching.recording_without_session_after) => Match::Unmatched { attempt: None },
                _ => Match::Pending,
            };
        }
        if let Some(matched) = self.matched() {
            return Match::Matched(Box::new(matched));
        }
        let is_all_read = self.steps_read > 1 && (is_read_beyond(matching.confirm_after) || self.is_known());
        if is_all_read || is_read_beyond(matching.recording_without_session_after) {
            let person = if is_all_read { self.person() } else { None };
            let more = self.candidates.len().saturating_sub(CANDIDATES_KEPT) as u64;
            let kept = self.candidates.iter().take(CANDIDATES_KEPT);
            return Match::Ambiguous { candidates: kept.map(|one| self.candidate(one)).collect(), more, person };
        }
        Match::Pending
    }

    /// True if no candidate can gain further facts, all rival recordings have ended, and a complete log would not yield
    /// a match either.
    fn is_known(&self) -> bool {
        self.candidates.iter().all(|likely| likely.pair.is_known())
            && self.rivals_have_ended()
            && self.if_read(self.steps_read).matched().is_none()
    }

    pub(super) fn session(&self, likely: &Likely) -> &'a SessionEvidence {
        self.ball.sessions[likely.session]
    }

    /// Returns the likeliest session if its lead is large enough.
    fn matched(&self) -> Option<Matched<&'a SessionFacts>> {
        // A lead never exceeds the points, so fewer points rule a session out early. At most one session leads.
        let (likely, lead, needed) = self.candidates.iter().find_map(|likely| {
            let needed = self.needed(likely).filter(|needed| likely.grounds.points >= *needed)?;
            let lead = self.ball.lead(|session| session == likely.session)?;
            (lead >= needed).then_some((likely, lead, needed))
        })?;
        let evidence = self.evidence(likely, self.candidates.len() == 1);
        let grounds = MatchGrounds { points: lead, needed: Some(needed), ..likely.grounds };
        Some(Matched { session: &self.session(likely).facts, evidence, grounds })
    }

    /// True if every other recording that one of the candidates may belong to has ended.
    fn rivals_have_ended(&self) -> bool {
        let goes_on = self.ball.recordings[1..].iter().filter(|recording| !recording.has_ended);
        let mut rivals =
            goes_on.flat_map(|recording| self.candidates.iter().map(move |likely| (recording, self.session(likely))));
        !rivals.any(|(recording, session)| Pair::compare(recording, session, self.gates).is_some())
    }

    /// Returns the lead required for a match. `None` if both times are unusual, or if the client is native and the day
    /// has learned too little.
    pub(super) fn needed(&self, likely: &Likely) -> Option<Points> {
        let MatchGrounds { written, start, end, learned_from, .. } = likely.grounds;
        let most = Points::whole(self.matching.lead);
        let is_usual = |offset: Option<Offset>| offset.map(Offset::is_usual);
        match (written, is_usual(start), is_usual(end)) {
            (WritingMode::Live, Some(false), Some(false)) => None,
            _ if self.session(likely).is_native => (learned_from >= LEARNED).then_some(most + MORE_IF_NATIVE),
            (WritingMode::Live, Some(true), Some(true)) => {
                Some(most - if learned_from >= LEARNED { LESS_IF_USUAL } else { LESS_IF_UNLEARNED })
            }
            _ => Some(most),
        }
    }

    /// Returns the person common to all candidates, if the recording must belong to one of them.
    fn person(&self) -> Option<String> {
        let mut people = self.candidates.iter().map(|one| self.session(one).facts.user_email.as_ref());
        let first = people.next()??;
        let is_same = people.all(|person| person.is_some_and(|person| person.to_lowercase() == first.to_lowercase()));
        if !is_same {
            return None;
        }
        let nameable: Vec<(usize, Points)> =
            self.candidates.iter().filter_map(|one| Some((one.session, self.needed(one)?))).collect();
        let needed = nameable.iter().map(|(_, needed)| *needed).max()?.max(Points::whole(self.matching.lead));
        let lead = self.ball.lead(|session| nameable.iter().any(|(one, _)| *one == session))?;
        (lead >= needed).then(|| first.to_string())
    }

    /// Returns the only failed login that can have left a short recording.
    fn failed_login(&self) -> Option<&'a SessionEvidence> {
        let (sessions, failed_logins) = self.ball.sessions();
        let fits = |failed: &&&SessionEvidence| Pair::of_failed_login(self.subject, failed, self.gates).is_some();
        let mut fitting = failed_logins.iter().filter(fits);
        let failed = *fitting.next().filter(|_| fitting.next().is_none())?;
        let fits_too = |other: &&&RecordingEvidence| Pair::of_failed_login(other, failed, self.gates).is_some();
        let has_session =
            |other: &RecordingEvidence| sessions.iter().any(|one| Pair::compare(other, one, self.gates).is_some());
        let mut rivals = self.ball.recordings[1..].iter().filter(fits_too).filter(|other| !has_session(other));
        rivals.next().is_none().then_some(failed)
    }

    fn candidate(&self, likely: &Likely) -> Candidate<&'a SessionFacts> {
        Candidate {
            session: &self.session(likely).facts,
            evidence: self.evidence(likely, false),
            grounds: MatchGrounds { needed: self.needed(likely), ..likely.grounds },
        }
    }

    fn evidence(&self, likely: &Likely, is_only: bool) -> Vec<Evidence> {
        let MatchGrounds { start, end, written, .. } = likely.grounds;
        let held = [
            (true, Evidence::Name),
            (start.is_some(), Evidence::Start),
            (end.is_some(), Evidence::End),
            (likely.pair.same_length && written == WritingMode::Live, Evidence::Duration),
            (is_only, Evidence::Only),
        ];
        held.into_iter().filter_map(|(holds, evidence)| holds.then_some(evidence)).collect()
    }
}

/// Returns the sessions that may belong to the middle recording, likeliest first.
fn candidates(ball: &Ball<'_>, gates: Gates) -> Vec<Likely> {
    let subject = ball.recordings[0];
    let likely = ball.sessions().0.iter().enumerate().filter_map(|(session, likely_session)| {
        let pair = Pair::compare(subject, likely_session, gates)?;
        Some(Likely { session, pair, grounds: ball.background(0).grounds(subject, likely_session, pair) })
    });
    let mut likely: Vec<Likely> = likely.collect();
    likely.sort_by(|one, other| {
        let rank = |likely: &Likely| Reverse(likely.grounds.points);
        let id = |likely: &Likely| &ball.sessions[likely.session].facts.tunnel_id;
        rank(one).cmp(&rank(other)).then_with(|| id(one).cmp(id(other)))
    });
    likely
}
