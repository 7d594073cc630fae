//! The judgement on a recording that no other one is near, which nearly every recording is.

use std::borrow::Borrow;

use super::group::LARGEST;
use super::judge::CLEAR_LEAD;
use super::matching::Matching;
use super::pair::{Fit, Pair};
use super::sides::{Attended, Neighbourhood, Recorded};
use super::verdict::Matched;
use crate::session::SessionFacts;

/// The session of a recording that has ended, where no other recording is near. `None` where there is no such session,
/// or where the group must tell.
///
/// It finds what the group would: with one recording, the best way to solve a group is the best pair.
pub(super) fn alone<'a, R: Borrow<Recorded>, A: Borrow<Attended>>(
    subject: &'a Recorded,
    near: &'a Neighbourhood<R, A>,
    matching: &Matching,
) -> Option<Matched<&'a SessionFacts>> {
    if !near.recordings.is_empty() || !near.is_whole {
        return None;
    }
    let (created_at, last_modified) = (subject.created_at, subject.last_modified);
    let is_confirmed = near.log.is_some_and(|log| log.is_beyond(created_at, last_modified, matching.confirm_after));
    let (mut best, mut rival, mut fitting) = (None::<(&Attended, Pair)>, 0, 0);
    let at_most = |pair: Pair| if is_confirmed { pair.weight() } else { pair.possible_weight() };
    for attended in near.sessions.iter().map(Borrow::borrow) {
        let Some(pair) = Pair::of(subject, attended, matching) else { continue };
        fitting += 1;
        match best {
            Some((_, other)) if pair.weight() <= other.weight() => rival = rival.max(at_most(pair)),
            _ => {
                rival = rival.max(best.map_or(0, |(_, other)| at_most(other)));
                best = Some((attended, pair));
            }
        }
    }
    let (attended, pair) = best?;
    let is_certain = pair.start == Fit::Yes && (pair.end == Fit::Yes || is_confirmed);
    (is_certain && fitting <= LARGEST && pair.weight() - rival >= CLEAR_LEAD)
        .then(|| Matched { session: &attended.facts, evidence: pair.evidence(fitting == 1) })
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    use super::*;
    use crate::join::judge::in_group;
    use crate::join::{JoinKey, LogRead, Match};
    use crate::session::{Records, Session, TunnelId};

    fn at(second: i64) -> Timestamp {
        Timestamp::constant(1_772_442_000, 0) + SignedDuration::from_secs(second)
    }

    /// Times on both sides of what is near enough.
    fn second() -> impl Strategy<Value = i64> {
        prop_oneof![Just(0), Just(120), Just(121), Just(180), Just(181), -400i64..400]
    }

    fn recorded() -> impl Strategy<Value = Recorded> {
        (second(), second(), prop_oneof![9 => Just(1000), 1 => Just(30)]).prop_map(|(from, to, length)| Recorded {
            id: None,
            keys: ["vm-user.7", "vm-user"].map(JoinKey::fold).into(),
            created_at: at(from),
            last_modified: at(from + length + to.abs()),
            has_ended: true,
        })
    }

    /// A session of which no end is known.
    fn open(at: Timestamp) -> Attended {
        let mut facts = Session::of(&TunnelId::of_unnamed(b"open"), &Records::default()).facts;
        facts.started_at = Some(at);
        Attended { facts, ended_at: None, keys: [JoinKey::fold("vm-user")].into() }
    }

    fn attended() -> impl Strategy<Value = Attended> {
        let named = prop_oneof![8 => Just("vm-user"), 2 => Just("vm-user.7"), 1 => Just("vm-other")];
        let times = (option::weighted(0.9, second()), option::weighted(0.8, second()), option::of(0i64..1500));
        (named, times).prop_map(|(name, (from, to, length))| {
            let mut facts = Session::of(&TunnelId::of_unnamed(name.as_bytes()), &Records::default()).facts;
            facts.started_at = from.map(at);
            facts.duration = length.map(SignedDuration::from_secs);
            Attended { facts, ended_at: to.map(|to| at(1000 + to)), keys: [JoinKey::fold(name)].into() }
        })
    }

    fn log() -> impl Strategy<Value = Option<LogRead>> {
        let read = |hours: i64| LogRead { read_from: at(-9000), read_to: at(hours * 3600), newest_record: at(90_000) };
        option::of((0i64..60).prop_map(read))
    }

    proptest! {
        #[test]
        fn alone_a_recording_is_matched_as_its_group_would_match_it(
            subject in recorded(), mut sessions in vec(attended(), 0..5), failed_logins in vec(attended(), 0..2),
            log in log(), is_whole in any::<bool>(), crowd in prop_oneof![3 => Just(0), 1 => 60..70usize],
        ) {
            for (session, number) in sessions.iter_mut().zip(0..) {
                session.facts.tunnel_id = TunnelId::of_unnamed(&[number]);
            }
            sessions.extend(std::iter::repeat_n(open(subject.created_at), crowd));
            let near = Neighbourhood { recordings: Vec::<Recorded>::new(), sessions, failed_logins, is_whole, log };
            let matching = Matching::default();
            let found = alone(&subject, &near, &matching);
            match in_group(&subject, &near, &matching) {
                Match::Matched(matched) => prop_assert_eq!(found, Some(*matched)),
                _ => prop_assert_eq!(found, None),
            }
        }
    }
}
