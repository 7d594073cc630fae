//! Learns per day how each bastion writes recordings.
//!
//! Each change of a recording or session [marks](due) its day, in the same effect that rejoins its neighbours. A sweep
//! [learns](learn) each marked day: it reads the recordings and sessions of the day, stores their [counts](form), and
//! wakes those whose match would now differ. A match decision [reads](read) one range of
//! [days]. Learning costs a read of the whole
//! day, so a day rests for one second per recording and session.

mod days;
mod due;
mod form;
mod habits;
mod learn;
mod read;
mod wake;
pub use habits::ListRecordingHabits;
pub use learn::LearnCalibration;
pub use read::Calibrations;

pub use habits::{BastionHabits, recording_habits};
pub(crate) use learn::Rest;
pub(crate) use read::Learned;

use domain::record::estate::BastionName;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::ports::{CheckpointKey, CheckpointKind};

/// Returns the UTC day of a time.
fn utc_day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

/// Returns the begin of a UTC day.
fn begins(day: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
}

/// Returns the day this many days earlier.
fn before(day: Date, days: i64) -> Date {
    day.saturating_sub(SignedDuration::from_hours(24 * days))
}

/// Returns the checkpoint key of a bastion's day.
fn key(kind: CheckpointKind, bastion: &BastionName, day: Date) -> CheckpointKey {
    CheckpointKey { kind, name: format!("{} {day}", bastion.as_str()) }
}

/// Parses a name built by [`key`].
fn parse(name: &str) -> Option<(Date, BastionName)> {
    let (bastion, day) = name.rsplit_once(' ')?;
    Some((day.parse().ok()?, BastionName::new(bastion)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calibration_key_contains_bastion_and_day() {
        let (day, bastion) = ("2026-03-02".parse().unwrap(), BastionName::new("bas hub/01"));
        let key = key(CheckpointKind::Calibration, &bastion, day);
        assert_eq!(parse(&key.name), Some((day, bastion)));
        assert_eq!(before(day, 3), "2026-02-27".parse().unwrap());
    }
}
