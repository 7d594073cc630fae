//! Tests when a session counts as unrecorded.

use domain::decide::calibration::WayOfWriting;
use domain::decide::context::{Context, Rules};
use domain::decide::join::RecordingCoverage;
use domain::decide::session::{Review, merge_records, review};
use domain::record::effect::{Effect, Pending};
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::notification::{Event, Notification};
use domain::record::session::{
    GapCause, Records, SessionCoverage, SessionEntry, SessionId, TimeSpan, TunnelId, Warning,
};

use crate::join::world::{HOUR, at};

/// A session of one hour, taken in at its end.
fn ended() -> SessionEntry {
    let id = SessionId { bastion: BastionName::new("bas"), tunnel: TunnelId::parse("t").unwrap() };
    let mut records =
        Records { starts: Some(TimeSpan::at(at(0))), ends: Some(TimeSpan::at(at(HOUR))), ..Records::default() };
    records.user_name.add("user");
    merge_records(&SessionEntry::new(id), &records, &context(HOUR, &Rules::default(), &estate())).unwrap()
}

fn estate() -> Estate {
    let name = BastionName::new("bas");
    let bastion = Bastion {
        name,
        resource_id: None,
        recordings: Vec::new(),
        audit_logs: None,
        access_expires: Some(at(2 * HOUR)),
        access_logs: None,
    };
    Estate { bastions: vec![bastion] }
}

fn context<'a>(second: i64, rules: &'a Rules, estate: &'a Estate) -> Context<'a> {
    let bastion = &estate.bastions[0].name;
    Context { now: at(second), rules, estate, bastion, writes: WayOfWriting::Unknown, is_quiet: false }
}

fn seen(coverage: RecordingCoverage, is_listed: bool) -> Review {
    let newest_recording = Some(at(30 * HOUR));
    Review {
        coverage: Some(coverage),
        is_listed,
        newest_recording,
        writes: WayOfWriting::Unknown,
        is_elsewhere: false,
        bursts: std::collections::BTreeMap::new(),
    }
}

fn reviewed(before: &SessionEntry, seen: &Review, second: i64) -> SessionEntry {
    let (rules, estate) = (Rules::default(), estate());
    review(before, seen, &context(second, &rules, &estate)).unwrap_or_else(|| before.clone())
}

const DEADLINE: i64 = 25 * HOUR;

#[test]
fn a_session_is_reviewed_at_its_deadline() {
    assert_eq!(ended().wake_at, Some(at(DEADLINE)));
}

#[test]
fn a_session_is_not_unrecorded_before_its_deadline() {
    assert!(!reviewed(&ended(), &seen(RecordingCoverage::Unrecorded, true), DEADLINE - 1).has_gap());
    assert!(reviewed(&ended(), &seen(RecordingCoverage::Unrecorded, true), DEADLINE).has_gap());
}

#[test]
fn a_session_is_not_unrecorded_before_its_container_is_listed() {
    let later = reviewed(&ended(), &seen(RecordingCoverage::Unrecorded, false), DEADLINE + HOUR);
    assert!(!later.has_gap() && later.announced.is_empty());
    assert!(later.wake_at > Some(at(DEADLINE + HOUR)), "it is reviewed again");
}

/// A session whose records arrived at its real end but claim these times.
fn claims(start: i64, end: i64) -> SessionEntry {
    let id = SessionId { bastion: BastionName::new("bas"), tunnel: TunnelId::parse("t").unwrap() };
    let written = Some(TimeSpan::at(at(HOUR)));
    let (starts, ends) = (Some(TimeSpan::at(at(start))), Some(TimeSpan::at(at(end))));
    let records = Records { starts, ends, written, end_written: written, ..Records::default() };
    merge_records(&SessionEntry::new(id), &records, &context(HOUR, &Rules::default(), &estate())).unwrap()
}

#[test]
fn an_impossible_end_does_not_hide_an_unrecorded_session() {
    let year = 365 * 24 * HOUR;
    for (start, end, warning) in [
        (0, 73 * year, Some(Warning::EndAfterRecord)),
        (0, 88 * 24 * HOUR, Some(Warning::EndAfterRecord)),
        (0, -20 * year, Some(Warning::EndBeforeStart)),
        (73 * year, HOUR, Some(Warning::EndBeforeStart)),
        (73 * year, 73 * year + HOUR, Some(Warning::EndAfterRecord)),
        (0, HOUR + 240, None),
    ] {
        let session = claims(start, end);
        assert_eq!(session.session().warnings.first().copied(), warning, "{start}, {end}");
        let found = reviewed(&session, &seen(RecordingCoverage::Unrecorded, true), DEADLINE + 240);
        assert!(found.has_gap(), "{start}, {end}: no notification");
    }
}

#[test]
fn a_gap_is_reported_its_end_too_and_again_if_it_returns() {
    let open = reviewed(&ended(), &seen(RecordingCoverage::Unrecorded, true), DEADLINE);
    assert!(open.announced.contains(&Event::SessionUnrecorded));
    let closed = reviewed(&open, &seen(RecordingCoverage::Recorded, true), DEADLINE + HOUR);
    assert!(!closed.has_gap());
    let again = reviewed(&closed, &seen(RecordingCoverage::Unrecorded, true), DEADLINE + 2 * HOUR);
    assert!(again.has_gap());
    let told: Vec<&Notification> = again.pending.iter().filter_map(notified).collect();
    let events: Vec<&str> = told.iter().map(|told| told.event.name()).collect();
    assert_eq!(events, ["session.unrecorded", "session.unrecorded.resolved", "session.unrecorded"]);
    assert!(told.iter().all(|one| one.key == told[0].key), "a receiver can close what it opened");
    assert!(told[0].id != told[1].id && told[0].id != told[2].id);
    let still = reviewed(&again, &seen(RecordingCoverage::Unrecorded, true), DEADLINE + 3 * HOUR);
    assert_eq!(still.pending.len(), again.pending.len(), "a gap is reported once until it is over");
}

fn notified(pending: &Pending) -> Option<&Notification> {
    match &pending.effect {
        Effect::Notify(notification) => Some(notification),
        _ => None,
    }
}

#[test]
fn a_gap_is_reported_with_its_probable_cause() {
    let cause = |entry: &SessionEntry, seen: &Review| reviewed(entry, seen, 100 * HOUR).gap.map(|gap| gap.cause);
    let unrecorded = seen(RecordingCoverage::Unrecorded, true);
    assert_eq!(cause(&ended(), &unrecorded), Some(GapCause::Unknown));
    assert_eq!(
        cause(&ended(), &Review { is_elsewhere: true, ..unrecorded.clone() }),
        Some(GapCause::ContainerMismatch)
    );
    let silent = Review { newest_recording: Some(at(-HOUR)), ..unrecorded.clone() };
    assert_eq!(cause(&ended(), &silent), Some(GapCause::RecordingOff));
    let mut native = ended();
    native.records.user_agent.add("AZURECLI/2.66.0");
    assert_eq!(cause(&native, &unrecorded), Some(GapCause::NativeClient));
    let mut late = ended();
    late.records.starts = Some(TimeSpan::at(at(2 * HOUR)));
    late.records.ends = Some(TimeSpan::at(at(3 * HOUR)));
    assert_eq!(cause(&late, &unrecorded), Some(GapCause::AccessExpired));
}

/// Covers each way of writing, by the creation time of the newest recording near a session of one hour.
#[test]
fn a_bastion_is_silent_relative_to_its_newest_recording() {
    let cause = |writes, newest: i64| {
        let unrecorded = seen(RecordingCoverage::Unrecorded, true);
        let seen = Review { newest_recording: Some(at(newest)), writes, ..unrecorded };
        // The access never expires.
        let mut estate = estate();
        estate.bastions[0].access_expires = None;
        let rules = Rules::default();
        review(&ended(), &seen, &context(100 * HOUR, &rules, &estate)).unwrap().gap.map(|gap| gap.cause)
    };
    for (writes, newest, is_silent) in [
        // Written live, the recording had to be created at the start of the session.
        (WayOfWriting::Live, -HOUR, true),
        (WayOfWriting::Live, HOUR / 2, false),
        (WayOfWriting::Live, 2 * HOUR, false),
        // Uploaded, it had to be created at the end: recordings created during the session say nothing about it.
        (WayOfWriting::AtEnd, -HOUR, true),
        (WayOfWriting::AtEnd, HOUR / 2, true),
        (WayOfWriting::AtEnd, HOUR, false),
        (WayOfWriting::AtEnd, 2 * HOUR, false),
        // On the day of a change, and before anything is learned, only the rules common to both ways apply.
        (WayOfWriting::Both, -HOUR, true),
        (WayOfWriting::Both, HOUR / 2, false),
        (WayOfWriting::Unknown, HOUR / 2, false),
    ] {
        let expected = if is_silent { GapCause::RecordingOff } else { GapCause::Unknown };
        assert_eq!(cause(writes, newest), Some(expected), "{writes:?}, newest recording at {newest} s");
    }
}

#[test]
fn a_session_is_not_unrecorded_while_an_upload_may_come() {
    let mut rules = Rules::default();
    rules.matching.session_without_recording_after = jiff::SignedDuration::from_mins(1);
    let estate = estate();
    let has_gap = |second| {
        let seen = seen(RecordingCoverage::Unrecorded, true);
        review(&ended(), &seen, &context(second, &rules, &estate)).is_some_and(|session| session.has_gap())
    };
    assert!(!has_gap(HOUR + 17 * 60 - 1));
    assert!(has_gap(HOUR + 17 * 60));
}

#[test]
fn an_open_session_has_no_gap() {
    let mut open = ended();
    open.records.ends = None;
    assert!(!reviewed(&open, &seen(RecordingCoverage::Unrecorded, true), 100 * HOUR).has_gap());
}

#[test]
fn a_late_record_reopens_a_reported_gap() {
    let open = reviewed(&ended(), &seen(RecordingCoverage::Unrecorded, true), DEADLINE);
    let mut late = Records::default();
    late.user_agent.add("AZURECLI/2.66.0");
    let (rules, estate) = (Rules::default(), estate());
    let learned = merge_records(&open, &late, &context(DEADLINE + HOUR, &rules, &estate)).unwrap();
    assert_eq!(learned.wake_at, Some(at(DEADLINE + HOUR)));
    let looked_at = reviewed(&learned, &seen(RecordingCoverage::Unrecorded, true), DEADLINE + HOUR);
    assert_eq!(looked_at.gap.map(|gap| gap.cause), Some(GapCause::NativeClient));
    assert_eq!(looked_at.wake_at, None);
}

#[test]
fn a_session_with_an_uncertain_recording_counts_neither_as_recorded_nor_as_a_gap() {
    let unclear = reviewed(&ended(), &seen(RecordingCoverage::Unknown, true), DEADLINE);
    assert!(unclear.is_unclear && !unclear.has_gap() && unclear.announced.is_empty());
    assert_eq!(SessionCoverage::from_entry(&unclear), SessionCoverage::default());
    assert!(
        unclear.finds_the_same(&RecordingCoverage::Unknown) && !unclear.finds_the_same(&RecordingCoverage::Recorded)
    );
    let recorded = reviewed(&unclear, &seen(RecordingCoverage::Recorded, true), DEADLINE + HOUR);
    assert_eq!(SessionCoverage::from_entry(&recorded), SessionCoverage { recorded: 1, recordable: 1 });
}
