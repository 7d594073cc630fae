//! What the days of each bastion teach of how it writes recordings.
//!
//! Whatever changes a recording or a session [marks](due) its day, with the same effect that has its neighbours looked at
//! again. A sweep [learns](learn) each day that is marked: it reads the recordings and sessions of the day, keeps their
//! [counts](form), and has those looked at again of which the match would now be another one. A judgement [reads](read) one
//! row. Learning anew costs the day, so that a day rests for a second for each recording and session that it has.

mod due;
mod form;
mod habits;
mod learn;
mod read;
mod wake;

pub use habits::{BastionHabits, recording_habits};
pub(crate) use learn::Rest;
pub(crate) use read::Learned;

use domain::estate::BastionName;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::ports::{CheckpointKey, CheckpointKind};

/// The UTC day of a time.
fn utc_day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

/// When a UTC day begins.
fn begins(day: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
}

/// So many days before a day.
fn before(day: Date, days: i64) -> Date {
    day.saturating_sub(SignedDuration::from_hours(24 * days))
}

/// Under what something about a day of a bastion is kept.
fn key(kind: CheckpointKind, bastion: &BastionName, day: Date) -> CheckpointKey {
    CheckpointKey { kind, name: format!("{day} {}", bastion.as_str()) }
}

/// The day and the bastion of a name that [`key`] has made.
fn parse(name: &str) -> Option<(Date, BastionName)> {
    let (day, bastion) = name.split_once(' ')?;
    Some((day.parse().ok()?, BastionName::new(bastion)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_its_day_and_its_bastion() {
        let (day, bastion) = ("2026-03-02".parse().unwrap(), BastionName::new("bas hub/01"));
        let key = key(CheckpointKind::Calibration, &bastion, day);
        assert_eq!(parse(&key.name), Some((day, bastion)));
        assert_eq!(before(day, 3), "2026-02-27".parse().unwrap());
    }
}
