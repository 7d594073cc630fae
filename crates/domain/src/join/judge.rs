//! The judgement on one recording, and on one session.

use std::borrow::Borrow;

use jiff::SignedDuration;

use super::alone::alone;
use super::group::Group;
use super::matching::Matching;
use super::pair::{Fit, Pair};
use super::sides::{Attended, LogRead, Neighbourhood, Recorded};
use super::verdict::{Candidate, Match, Matched};
use crate::session::{SessionFacts, Span, TunnelId};

/// By how much one way to solve a group must be better than every other.
pub(super) const CLEAR_LEAD: i64 = 15;
/// The longest recording that a failed login leaves.
pub const ATTEMPT_LASTS: SignedDuration = SignedDuration::from_mins(1);
/// How many candidates are kept, the first in the order of their ids.
const CANDIDATES_KEPT: usize = 16;

/// What is known of the session of `subject`, which must not be in its neighbourhood once more.
///
/// Depends on the sets in the neighbourhood, not on their order. It names a session only on evidence of its start and
/// its end, or of its start once the audit log has been read beyond [`Matching::confirm_after`]; only where every way to
/// fill in what is unknown leaves this the clearly best way to solve the group; and only in a whole neighbourhood.
/// The sessions are lent by the neighbourhood.
pub fn judge<'a, R: Borrow<Recorded>, A: Borrow<Attended>>(
    subject: &'a Recorded,
    near: &'a Neighbourhood<R, A>,
    matching: &Matching,
) -> Match<&'a SessionFacts> {
    if !subject.has_ended {
        return Match::Pending;
    }
    match alone(subject, near, matching) {
        Some(matched) => Match::Matched(Box::new(matched)),
        None => in_group(subject, near, matching),
    }
}

/// The judgement on a recording that has ended, by its group.
pub(super) fn in_group<'a, R: Borrow<Recorded>, A: Borrow<Attended>>(
    subject: &'a Recorded,
    near: &'a Neighbourhood<R, A>,
    matching: &Matching,
) -> Match<&'a SessionFacts> {
    let group = Group::of_recording(subject, near, matching);
    let judgement = Judgement { group: &group, log: near.log, matching };
    let beyond = |wait| judgement.log_is_read_beyond(subject, wait);
    let is_solvable = near.is_whole && !group.is_too_large();
    if group.pairs().next().is_none() {
        // In what was cut, another failed login may stand.
        return match attempt(subject, near, matching).filter(|_| near.is_whole) {
            Some(attempt) if beyond(matching.confirm_after) => {
                Match::Unmatched { attempt: Some(Box::new(&attempt.facts)) }
            }
            _ if beyond(matching.recording_without_session_after) => Match::Unmatched { attempt: None },
            _ => Match::Pending,
        };
    }
    let mut columns = (0..group.sessions.len()).filter(|_| is_solvable);
    if let Some(matched) = columns.find_map(|at| judgement.matched(at)) {
        return Match::Matched(Box::new(matched));
    }
    let nothing_unknown = group.pairs().all(|(row, _, pair)| pair.is_known() || judgement.is_confirmed(row));
    if (is_solvable && nothing_unknown) || beyond(matching.recording_without_session_after) {
        let person = if is_solvable && nothing_unknown { judgement.person() } else { None };
        let (candidates, more) = judgement.candidates();
        return Match::Ambiguous { candidates, more, person };
    }
    Match::Pending
}

/// What is known of the recording of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It has one, although it may not be known which.
    Recorded,
    /// One of these sessions has none; those of which start and end are known stand first.
    OneOf(Vec<TunnelId>),
    /// It has none.
    Unrecorded,
}

/// What is known of the recording of `subject`, which must not be in its neighbourhood once more.
pub fn standing<R: Borrow<Recorded>, A: Borrow<Attended>>(
    subject: &Attended,
    near: &Neighbourhood<R, A>,
    matching: &Matching,
) -> Standing {
    let group = Group::of_session(subject, near, matching);
    let judgement = Judgement { group: &group, log: near.log, matching };
    if group.pairs().next().is_none() {
        return Standing::Unrecorded;
    }
    if group.is_too_large() {
        return Standing::Recorded;
    }
    let all = group.best(|row, pair| judgement.at_most(row, pair), |_, _| false);
    let can_go = |at: &usize| {
        all - group.best(|row, pair| judgement.at_most(row, pair), |_, column| column == Some(*at)) < CLEAR_LEAD
    };
    if !can_go(&0) {
        return Standing::Recorded;
    }
    let mut spare: Vec<&Attended> = (0..group.sessions.len()).filter(can_go).map(|at| group.sessions[at]).collect();
    // The first one speaks for all, and one that goes on says nothing.
    spare.sort_by_key(|session| {
        let goes_on = session.facts.started_at.is_none() || session.ended_at.is_none();
        (goes_on, &session.facts.tunnel_id)
    });
    Standing::OneOf(spare.into_iter().map(|session| session.facts.tunnel_id.clone()).collect())
}

struct Judgement<'g, 'a> {
    group: &'g Group<'a>,
    log: Option<LogRead>,
    matching: &'g Matching,
}

impl<'a> Judgement<'_, 'a> {
    fn log_is_read_beyond(&self, recorded: &Recorded, wait: SignedDuration) -> bool {
        self.log.is_some_and(|log| log.is_beyond(recorded.created_at, recorded.last_modified, wait))
    }

    /// Whether what is unknown of a recording's pairs will not come any more.
    fn is_confirmed(&self, row: usize) -> bool {
        let recorded = self.group.recordings[row];
        recorded.has_ended && self.log_is_read_beyond(recorded, self.matching.confirm_after)
    }

    /// The least that a pair can turn out to weigh: nothing, where what is unknown may not fit.
    fn at_least(&self, row: usize, pair: Pair) -> i64 {
        // What goes on for longer than data comes late belongs to what was there when it began.
        let goes_on = !self.group.recordings[row].has_ended && self.is_confirmed(0);
        if goes_on || self.is_confirmed(row) || pair.is_known() {
            pair.weight()
        } else {
            0
        }
    }

    /// The most that a pair can turn out to weigh.
    fn at_most(&self, row: usize, pair: Pair) -> i64 {
        if self.is_confirmed(row) { pair.weight() } else { pair.possible_weight() }
    }

    /// The recording that stands first, with the session at `column`, if that can't turn.
    fn matched(&self, column: usize) -> Option<Matched<&'a SessionFacts>> {
        let pair = self.group.pair(0, column)?;
        if pair.start != Fit::Yes || (pair.end != Fit::Yes && !self.is_confirmed(0)) {
            return None;
        }
        // The least it can come to with the pair, and the most without: what is unknown can only widen the lead.
        let rest =
            self.group.best(|row, pair| self.at_least(row, pair), |row, at| row == Some(0) || at == Some(column));
        let without =
            self.group.best(|row, pair| self.at_most(row, pair), |row, at| row == Some(0) && at == Some(column));
        (pair.weight() + rest - without >= CLEAR_LEAD).then(|| Matched {
            session: &self.group.sessions[column].facts,
            evidence: pair.evidence(self.of_subject().count() == 1),
        })
    }

    /// The sessions that fit the recording that stands first.
    fn of_subject(&self) -> impl Iterator<Item = (usize, Pair)> {
        self.group.pairs().take_while(|(row, ..)| *row == 0).map(|(_, column, pair)| (column, pair))
    }

    /// The candidates that are kept, and how many more there are.
    fn candidates(&self) -> (Vec<Candidate<&'a SessionFacts>>, u64) {
        let candidate = |(column, pair): (usize, Pair)| Candidate {
            session: &self.group.sessions[column].facts,
            evidence: pair.evidence(false),
        };
        let mut candidates: Vec<_> = self.of_subject().map(candidate).collect();
        candidates.sort_by(|one, other| one.session.tunnel_id.cmp(&other.session.tunnel_id));
        let more = candidates.len().saturating_sub(CANDIDATES_KEPT) as u64;
        candidates.truncate(CANDIDATES_KEPT);
        (candidates, more)
    }

    /// The one person of all sessions that it may be, where it must be one of them.
    fn person(&self) -> Option<String> {
        let all = self.group.best(|row, pair| self.at_least(row, pair), |_, _| false);
        let without = self.group.best(|row, pair| self.at_most(row, pair), |row, _| row == Some(0));
        let mut people = self.of_subject().map(|(column, _)| self.group.sessions[column].facts.user_email.as_ref());
        let first = people.next()??;
        let same = people.all(|person| person.is_some_and(|person| person.to_lowercase() == first.to_lowercase()));
        (same && all - without >= CLEAR_LEAD).then(|| first.to_string())
    }
}

/// The one failed login that a short recording was left by, where no other recording can have been.
fn attempt<'a, R: Borrow<Recorded>, A: Borrow<Attended>>(
    subject: &Recorded,
    beside: &'a Neighbourhood<R, A>,
    matching: &Matching,
) -> Option<&'a Attended> {
    let mut fitting =
        beside.failed_logins.iter().map(Borrow::borrow).filter(|failed| is_left_by(subject, failed, matching));
    let failed = fitting.next().filter(|_| fitting.next().is_none())?;
    let has_session =
        |other: &Recorded| beside.sessions.iter().any(|session| Pair::of(other, session.borrow(), matching).is_some());
    let others = beside.recordings.iter().map(Borrow::borrow);
    let mut rivals = others.filter(|other| is_left_by(other, failed, matching) && !has_session(other));
    rivals.next().is_none().then_some(failed)
}

/// Whether a recording is short enough, and at the right time and name, to have been left by a failed login.
fn is_left_by(recorded: &Recorded, failed: &Attended, matching: &Matching) -> bool {
    let near = |at| Span::around(at, matching.start_tolerance);
    let failed_in = near(recorded.created_at).with(near(recorded.last_modified));
    recorded.last_modified.duration_since(recorded.created_at) <= ATTEMPT_LASTS
        && failed.ended_at.is_some_and(|at| failed_in.holds(at))
        && recorded.is_named_after(failed)
}
