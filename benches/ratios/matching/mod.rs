//! Recordings matched with sessions in memory, against DuckDB's ASOF join of the two with the same window.

mod asof;
pub mod days;
mod index;

use domain::join::{Attended, LogRead, Match, Matching, Recorded, judge};
use index::{Index, Near};
use jiff::Timestamp;

use crate::report::{Figure, Round, Wanted};
use crate::{Effort, Measured, cpu};

/// CPU of finding the session of every recording.
pub fn figures(effort: Effort) -> Measured<Vec<Figure>> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let visits = days::visits(effort.pick(100_000, 1_000_000));
    let recordings: Vec<Recorded> = visits.iter().filter_map(days::Visit::recorded).collect();
    let sessions: Vec<Attended> = visits.iter().zip(0..).filter_map(|(visit, number)| visit.attended(number)).collect();
    let matching = Matching::default();
    let mut database = asof::Database::load(folder.path(), &visits)?;
    drop(visits);

    let name = format!("{} recordings against {} sessions, DuckDB's ASOF join", recordings.len(), sessions.len());
    let (count, mut found) = (recordings.len(), Found::default());
    let (to_index, index) = cpu::of(cpu::of_this_thread, || Index::of(recordings, sessions));
    let ours = || {
        let (to_match, result) = cpu::of(cpu::of_this_thread, || find(&index, &matching));
        found = result;
        Ok(to_match)
    };
    let mut theirs = asof::Joined::default();
    let rounds = Round::alternate(effort.pick(5, 15), ours, || {
        theirs = database.join()?;
        Ok(theirs.cost)
    })?;
    let expected = Found { near: theirs.near, matched: database.matched()? };
    if found != expected {
        return Err(format!("the two do not agree: {found:?}, DuckDB {expected:?}").into());
    }
    Ok(vec![
        Figure::rate(name, &rounds, count, Wanted::AtLeast(8.0)),
        Figure::shown("before it, to sort all of them by name and beginning", to_index),
        Figure::number("recordings whose session was found", found.matched as f64),
    ])
}

/// What both sides must agree on.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    /// Recordings that were created when a session of their name began.
    near: u64,
    /// Recordings that are matched.
    matched: u64,
}

fn find(index: &Index, matching: &Matching) -> Found {
    let log = Some(LogRead {
        read_from: days::at(0),
        read_to: days::at(i64::from(i32::MAX)),
        newest_record: days::at(i64::from(i32::MAX)),
    });
    let mut found = Found::default();
    let began = |recording: &Recorded, session: &Attended| {
        let near = |at: Timestamp| at.duration_since(recording.created_at).abs() <= matching.start_tolerance;
        session.facts.started_at.is_some_and(near)
    };
    let mut near = Vec::new();
    // Those of a name together, so that one need not wait for the memory of another.
    for named in index.names() {
        near.clear();
        near.extend(named.each(log, matching));
        let any_began = |(one, near): &&(&Recorded, Near<'_>)| near.sessions.iter().any(|session| began(one, session));
        found.near += near.iter().filter(any_began).count() as u64;
        let is_matched = |(one, near): &&(&Recorded, Near<'_>)| matches!(judge(one, near, matching), Match::Matched(_));
        found.matched += near.iter().filter(is_matched).count() as u64;
    }
    found
}
