//! The judgement on one recording.

use std::borrow::Borrow;
use std::cmp::Reverse;

use jiff::SignedDuration;

use super::ball::Ball;
use super::evidence::{Evidence, Grounds, Offset, Written};
use super::matching::Matching;
use super::pair::Pair;
use super::points::Points;
use super::reach::Middle;
use super::reason::Weighing;
use super::sides::{ALL_TOLD, Attended, LogRead, Neighbourhood, Recorded};
use super::verdict::{Candidate, Match, Matched};
use crate::calibration::Gates;
use crate::session::SessionFacts;

/// The longest recording that a failed login leaves.
pub const ATTEMPT_LASTS: SignedDuration = SignedDuration::from_mins(1);
/// How many candidates are kept, the likeliest first.
const CANDIDATES_KEPT: usize = 16;
/// By how much less a recording needs that was written during its session, at both times as usual.
const LESS_IF_USUAL: Points = Points::whole(10);
/// The same where the day has not [learned](LEARNED) yet what is usual.
const LESS_IF_UNLEARNED: Points = Points::whole(5);
/// By how much more the session of a known native client needs: that such a client was recorded at all is a guess.
pub(super) const MORE_IF_NATIVE: Points = Points::whole(10);
/// From how many pairs a day must have learned before it is known what is usual.
const LEARNED: u32 = 20;

/// What is known of the session of `subject`, which must not be in its neighbourhood once more.
///
/// It depends on the sets in the neighbourhood and on what its day has taught, not on any order. A session is named only
/// where the recording has ended, and where the best way to pair what is near leads every way without this pair by
/// [`Matching::lead`]. What was not read counts against a name, and so does what the log has not told yet. The sessions are
/// lent by the neighbourhood.
pub fn judge<'a, R: Borrow<Recorded>, A: Borrow<Attended>>(
    subject: &'a Recorded,
    near: &'a Neighbourhood<R, A>,
    matching: &Matching,
) -> Match<&'a SessionFacts> {
    Judgement::of(subject, near, matching).verdict()
}

/// The same, and what it was weighed against.
pub fn judge_weighed<'a, R: Borrow<Recorded>, A: Borrow<Attended>>(
    subject: &'a Recorded,
    near: &'a Neighbourhood<R, A>,
    matching: &Matching,
) -> (Match<&'a SessionFacts>, Weighing) {
    let judgement = Judgement::of(subject, near, matching);
    let verdict = judgement.verdict();
    let weighing = judgement.weighing(&verdict);
    (verdict, weighing)
}

pub(super) struct Judgement<'m, 'a> {
    pub(super) subject: &'a Recorded,
    pub(super) ball: Ball<'a>,
    pub(super) log: Option<LogRead>,
    pub(super) steps_read: usize,
    /// The sessions that may be on the recording, the likeliest first.
    pub(super) candidates: Vec<Likely>,
    gates: Gates,
    matching: &'m Matching,
}

/// A session that may be on the recording.
pub(super) struct Likely {
    pub(super) session: usize,
    pub(super) pair: Pair,
    pub(super) grounds: Grounds,
}

impl<'m, 'a> Judgement<'m, 'a> {
    pub(super) fn of<R: Borrow<Recorded>, A: Borrow<Attended>>(
        subject: &'a Recorded,
        near: &'a Neighbourhood<R, A>,
        matching: &'m Matching,
    ) -> Self {
        let gates = Gates::of(matching);
        let ball = Ball::around(Middle::Recording(subject), near, gates);
        let candidates = candidates(&ball, gates);
        Self { subject, ball, log: near.log, steps_read: near.steps_read, candidates, gates, matching }
    }

    /// The same, as if the log had told everything and so many steps had been read.
    pub(super) fn if_read(&self, steps_read: usize) -> Self {
        let ball = self.ball.if_read(ALL_TOLD, steps_read);
        let candidates = candidates(&ball, self.gates);
        Self { ball, log: Some(ALL_TOLD), steps_read, candidates, ..*self }
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

    /// Whether nothing is left to be learned of any candidate, and it is not what the log has not told yet that keeps a
    /// name back.
    fn is_known(&self) -> bool {
        self.candidates.iter().all(|likely| likely.pair.is_known())
            && self.rivals_have_ended()
            && self.if_read(self.steps_read).matched().is_none()
    }

    pub(super) fn session(&self, likely: &Likely) -> &'a Attended {
        self.ball.sessions[likely.session]
    }

    /// The likeliest session, if nothing comes near it.
    fn matched(&self) -> Option<Matched<&'a SessionFacts>> {
        // No lead is larger than the points, and two sessions do not both lead.
        let (likely, lead, needed) = self.candidates.iter().find_map(|likely| {
            let needed = self.needed(likely).filter(|needed| likely.grounds.points >= *needed)?;
            let lead = self.ball.lead(|session| session == likely.session)?;
            (lead >= needed).then_some((likely, lead, needed))
        })?;
        let evidence = self.evidence(likely, self.candidates.len() == 1);
        let grounds = Grounds { points: lead, needed: Some(needed), ..likely.grounds };
        Some(Matched { session: &self.session(likely).facts, evidence, grounds })
    }

    /// Whether every other recording that one of these sessions may be on has ended.
    fn rivals_have_ended(&self) -> bool {
        let goes_on = self.ball.recordings[1..].iter().filter(|recorded| !recorded.has_ended);
        let mut rivals =
            goes_on.flat_map(|recorded| self.candidates.iter().map(move |likely| (recorded, self.session(likely))));
        !rivals.any(|(recorded, session)| Pair::of(recorded, session, self.gates).is_some())
    }

    /// How much a name needs. `None` where both times are unusual, or a native client is not known well enough.
    pub(super) fn needed(&self, likely: &Likely) -> Option<Points> {
        let Grounds { written, start, end, learned_from, .. } = likely.grounds;
        let most = Points::whole(self.matching.lead);
        let is_usual = |offset: Option<Offset>| offset.map(Offset::is_usual);
        match (written, is_usual(start), is_usual(end)) {
            (Written::Live, Some(false), Some(false)) => None,
            _ if self.session(likely).is_native => (learned_from >= LEARNED).then_some(most + MORE_IF_NATIVE),
            (Written::Live, Some(true), Some(true)) => {
                Some(most - if learned_from >= LEARNED { LESS_IF_USUAL } else { LESS_IF_UNLEARNED })
            }
            _ => Some(most),
        }
    }

    /// The one person of all sessions that it may be, where it must be one of them.
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

    /// The one failed login that a short recording was left by, where nothing else can have left it.
    fn failed_login(&self) -> Option<&'a Attended> {
        let (sessions, failed_logins) = self.ball.sessions();
        let fits = |failed: &&&Attended| Pair::of_failed_login(self.subject, failed, self.gates).is_some();
        let mut fitting = failed_logins.iter().filter(fits);
        let failed = *fitting.next().filter(|_| fitting.next().is_none())?;
        let fits_too = |other: &&&Recorded| Pair::of_failed_login(other, failed, self.gates).is_some();
        let has_session = |other: &Recorded| sessions.iter().any(|one| Pair::of(other, one, self.gates).is_some());
        let mut rivals = self.ball.recordings[1..].iter().filter(fits_too).filter(|other| !has_session(other));
        rivals.next().is_none().then_some(failed)
    }

    fn candidate(&self, likely: &Likely) -> Candidate<&'a SessionFacts> {
        Candidate {
            session: &self.session(likely).facts,
            evidence: self.evidence(likely, false),
            grounds: Grounds { needed: self.needed(likely), ..likely.grounds },
        }
    }

    fn evidence(&self, likely: &Likely, is_only: bool) -> Vec<Evidence> {
        let Grounds { start, end, written, .. } = likely.grounds;
        let held = [
            (true, Evidence::Name),
            (start.is_some(), Evidence::Start),
            (end.is_some(), Evidence::End),
            (likely.pair.same_length && written == Written::Live, Evidence::Duration),
            (is_only, Evidence::Only),
        ];
        held.into_iter().filter_map(|(holds, evidence)| holds.then_some(evidence)).collect()
    }
}

/// The sessions that may be on the recording in the middle, the likeliest first.
fn candidates(ball: &Ball<'_>, gates: Gates) -> Vec<Likely> {
    let subject = ball.recordings[0];
    let likely = ball.sessions().0.iter().enumerate().filter_map(|(session, attended)| {
        let pair = Pair::of(subject, attended, gates)?;
        Some(Likely { session, pair, grounds: ball.background(0).grounds(subject, attended, pair) })
    });
    let mut likely: Vec<Likely> = likely.collect();
    likely.sort_by(|one, other| {
        let rank = |likely: &Likely| Reverse(likely.grounds.points);
        let id = |likely: &Likely| &ball.sessions[likely.session].facts.tunnel_id;
        rank(one).cmp(&rank(other)).then_with(|| id(one).cmp(id(other)))
    });
    likely
}
