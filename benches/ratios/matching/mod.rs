//! Recordings matched with sessions in memory, against DuckDB's ASOF join of the two with the same window.

mod asof;
pub mod days;
mod index;

use domain::join::{Attended, LogRead, Match, Matching, Recorded, judge};
use index::Index;
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

    let (mut found, mut indexed) = (Found::default(), Vec::new());
    let ours = || {
        let (to_index, index) = cpu::of(cpu::of_this_thread, || Index::of(&recordings, &sessions));
        let (to_match, result) = cpu::of(cpu::of_this_thread, || find(&index, &matching));
        found = result;
        indexed.push(to_index);
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
    let name = format!("{} recordings against {} sessions, DuckDB's ASOF join", recordings.len(), sessions.len());
    let index = crate::report::median(indexed.into_iter());
    Ok(vec![
        Figure::rate(name, &rounds, recordings.len(), Wanted::AtLeast(8.0)),
        Figure::shown("before it, to sort all of them by name and beginning", index),
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

fn find(index: &Index<'_>, matching: &Matching) -> Found {
    let log = Some(LogRead {
        read_from: days::at(0),
        read_to: days::at(i64::from(i32::MAX)),
        newest_record: days::at(i64::from(i32::MAX)),
    });
    let mut found = Found::default();
    for named in index.names() {
        for recording in named.recordings() {
            let near = named.near(recording, log, matching);
            let mut starts = near.sessions.iter().filter_map(|session| session.facts.started_at);
            let begins = |at: Timestamp| at.duration_since(recording.created_at).abs() <= matching.start_tolerance;
            found.near += u64::from(starts.any(begins));
            found.matched += u64::from(matches!(judge(recording, &near, matching), Match::Matched(_)));
        }
    }
    found
}
