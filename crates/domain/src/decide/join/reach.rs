//! Computes which names and times to read around a recording or a session.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::pair::{Pair, created_for, may_show};
use super::sides::{Neighbourhood, RecordingEvidence, SessionEvidence};
use crate::policy::join::{AT_ONCE, Gates, MatchingRules, UPLOADED_AFTER, UPLOADED_BEFORE};
use crate::record::join_key::JoinKey;
use crate::record::session::{SessionEntry, SessionFacts, TimeSpan, TimeSpans};

/// Window around a recording in which recordings of its name show how busy the name is.
const BUSY: SignedDuration = SignedDuration::from_mins(30);
/// Number of steps, from recording to session or back, that are read.
pub(super) const STEPS: usize = 6;

/// Names and times within which recordings and sessions may be related.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NeighbourhoodReach {
    /// Keys of recordings and sessions.
    pub keys: BTreeSet<JoinKey>,
    /// Creation times of recordings.
    pub created: TimeSpans,
    /// Start times of sessions.
    pub started: TimeSpans,
    /// End times of sessions.
    pub ended: TimeSpans,
}

/// Centre of a neighbourhood.
#[derive(Debug, Clone, Copy)]
pub enum Middle<'a> {
    /// A recording.
    Recording(&'a RecordingEvidence),
    /// A session.
    Session(&'a SessionEvidence),
}

/// Coverage of a neighbourhood that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeighbourhoodCoverage {
    /// Reach that must be read to cover the maximum number of steps.
    pub wanted: NeighbourhoodReach,
    /// Number of steps read; see [`Neighbourhood::steps_read`].
    pub steps_read: usize,
}

impl NeighbourhoodReach {
    /// Returns the reach of everything directly related to a recording.
    pub fn of_recording(recording: &RecordingEvidence, matching: &MatchingRules) -> Self {
        let mut ended = TimeSpans::from_span(TimeSpan::around(recording.last_modified, matching.end_tolerance));
        if recording.length() <= AT_ONCE {
            ended.add(span(recording.created_at, UPLOADED_AFTER, UPLOADED_BEFORE));
        }
        Self {
            keys: recording.keys.iter().cloned().collect(),
            created: TimeSpans::from_span(TimeSpan::around(recording.created_at, BUSY)),
            started: TimeSpans::from_span(TimeSpan::around(recording.created_at, matching.start_tolerance)),
            ended,
        }
    }

    /// Returns the reach of everything directly related to a session. Without start and end, its time spans are empty.
    pub fn of_session(session: &SessionEvidence, matching: &MatchingRules) -> Self {
        let mut created = TimeSpans::default();
        if let Some(at) = session.facts.started_at {
            created.add(TimeSpan::around(at, matching.start_tolerance));
        }
        if let Some(at) = session.ended_at {
            created.add(span(at, UPLOADED_BEFORE, UPLOADED_AFTER));
        }
        Self { keys: session.keys.iter().cloned().collect(), created, ..Self::default() }
    }

    /// Returns the reach of everything that decides whether a session has a recording: also of recordings whose times
    /// contradict. Without start and end, its time spans are empty.
    pub fn of_coverage(session: &SessionEvidence, matching: &MatchingRules) -> Self {
        let mut reach = Self::of_session(session, matching);
        reach.created.extend(created_for(session, Gates::from_rules(matching)));
        reach
    }

    /// Returns the reach of everything that may ever have been related to a session, whichever of its records were
    /// known then. `None` if no record carries a time.
    ///
    /// `longest` is the assumed maximum length of a session without a known start.
    pub fn of_records(entry: &SessionEntry, longest: SignedDuration, matching: &MatchingRules) -> Option<Self> {
        let records = &entry.records;
        let known = [records.starts, records.connected, records.failed].into_iter().flatten().reduce(TimeSpan::with);
        let ends = records.ends.or(records.end_written);
        let counted_back = |length: SignedDuration| {
            let back = |at: Timestamp| at.saturating_sub(length).unwrap_or(Timestamp::MIN);
            ends.map(|ends| TimeSpan { first: back(ends.first), last: back(ends.last) })
        };
        let somewhere_before = || Some(TimeSpan { first: counted_back(longest)?.first, last: ends?.last });
        let starts = [known, records.duration.and_then(counted_back)].into_iter().flatten().reduce(TimeSpan::with);
        let starts = starts.or_else(somewhere_before)?;
        let mut created = TimeSpans::from_span(wider(starts, matching.start_tolerance, matching.start_tolerance));
        created.extend(ends.map(|ends| wider(ends, UPLOADED_BEFORE, UPLOADED_AFTER)));
        Some(Self { keys: keys_of_records(entry, matching), created, ..Self::default() })
    }

    /// True if `other` lies entirely within this reach.
    pub fn holds(&self, other: &Self) -> bool {
        self.keys.is_superset(&other.keys)
            && self.created.hold(&other.created)
            && self.started.hold(&other.started)
            && self.ended.hold(&other.ended)
    }

    /// Extends this reach by `other`.
    pub fn add(&mut self, other: Self) {
        self.keys.extend(other.keys);
        self.created.merge(&other.created);
        self.started.merge(&other.started);
        self.ended.merge(&other.ended);
    }
}

impl NeighbourhoodCoverage {
    /// Determines the coverage of a neighbourhood that was read within `read`. `near` must not contain the middle
    /// again.
    pub fn determine<R: Borrow<RecordingEvidence>, A: Borrow<SessionEvidence>>(
        middle: Middle<'_>,
        near: &Neighbourhood<R, A>,
        read: &NeighbourhoodReach,
        matching: &MatchingRules,
    ) -> Self {
        let gates = Gates::from_rules(matching);
        let mut recordings: Vec<&RecordingEvidence> = near.recordings.iter().map(Borrow::borrow).collect();
        let mut sessions: Vec<&SessionEvidence> = near.sessions.iter().map(Borrow::borrow).collect();
        let mut ring = Ring::default();
        match middle {
            Middle::Recording(recording) => ring.recordings.push(recording),
            Middle::Session(session) => ring.sessions.push(session),
        }
        let mut reading = Self { wanted: read.clone(), steps_read: usize::MAX };
        for step in 0..STEPS {
            for reach in ring.reaches(matching) {
                if !read.holds(&reach) {
                    reading.steps_read = reading.steps_read.min(step);
                }
                reading.wanted.add(reach);
            }
            let joins = |one: &RecordingEvidence, other: &SessionEvidence| Pair::compare(one, other, gates).is_some();
            // The sessions of a recording with other times decide whether it may be of the session in the middle.
            let is_middle = step == 0;
            let found = sessions.extract_if(.., |session| ring.recordings.iter().any(|one| joins(one, session)));
            let next_sessions = found.collect();
            let found = recordings.extract_if(.., |one| {
                ring.sessions.iter().any(|session| joins(one, session) || is_middle && may_show(one, session, gates))
            });
            ring = Ring { recordings: found.collect(), sessions: next_sessions };
        }
        reading
    }
}

/// Recordings and sessions at the same number of steps from the middle.
#[derive(Default)]
struct Ring<'a> {
    recordings: Vec<&'a RecordingEvidence>,
    sessions: Vec<&'a SessionEvidence>,
}

impl Ring<'_> {
    fn reaches(&self, matching: &MatchingRules) -> impl Iterator<Item = NeighbourhoodReach> {
        let of_recordings =
            self.recordings.iter().map(|recording| NeighbourhoodReach::of_recording(recording, matching));
        of_recordings.chain(self.sessions.iter().map(|session| NeighbourhoodReach::of_session(session, matching)))
    }
}

fn span(at: Timestamp, before: SignedDuration, after: SignedDuration) -> TimeSpan {
    wider(TimeSpan { first: at, last: at }, before, after)
}

fn wider(span: TimeSpan, before: SignedDuration, after: SignedDuration) -> TimeSpan {
    TimeSpan {
        first: span.first.saturating_sub(before).unwrap_or(Timestamp::MIN),
        last: span.last.saturating_add(after).unwrap_or(Timestamp::MAX),
    }
}
/// Keys for every combination of account and machine in the records.
fn keys_of_records(entry: &SessionEntry, matching: &MatchingRules) -> BTreeSet<JoinKey> {
    let facts = entry.session().facts;
    let nowhere = SessionFacts { target_resource_id: None, target_ip: None, ..facts };
    let by_id = entry.records.target_resource_id.shared();
    let by_id = by_id.map(|id| SessionFacts { target_resource_id: Some(id.clone()), ..nowhere.clone() });
    let by_address = entry.records.target_ip.shared();
    let by_address = by_address.map(|ip| SessionFacts { target_ip: Some(ip.clone()), ..nowhere.clone() });
    let machines: Vec<SessionFacts> = by_id.chain(by_address).collect();
    let accounts = entry.records.user_name.shared();
    let named = accounts.flat_map(|account| {
        machines.iter().map(|machine| SessionFacts { user_name: Some(account.clone()), ..machine.clone() })
    });
    named.flat_map(|facts| matching.naming.keys_of_session(&facts)).chain(entry.keys.iter().cloned()).collect()
}
