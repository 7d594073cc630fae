//! Tests that the sample day is plausible.

use std::collections::{BTreeMap, BTreeSet};

use host_stand_in::sample::{
    BASTIONS, ChangeKind, LoggedRecords, OfBastion, RecordingChange, SampleConnectionKind, SampleDay, SampleVisit,
    SampleWeeks,
};
use jiff::{SignedDuration, Timestamp};

use crate::support::minutes;

fn by_name(day: &SampleDay) -> BTreeMap<&str, Vec<&RecordingChange>> {
    let mut names: BTreeMap<&str, Vec<&RecordingChange>> = BTreeMap::new();
    for action in day.actions() {
        names.entry(action.name.as_str()).or_default().push(action);
    }
    names
}

/// Time from the first write to the last.
fn length(writes: &[&RecordingChange]) -> SignedDuration {
    writes[writes.len() - 1].at.duration_since(writes[0].at)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn the_sample_day_is_deterministic() {
    assert_eq!(SampleDay::new().unwrap(), SampleDay::new().unwrap());
}

#[test]
fn a_few_hundred_recordings_spread_over_the_sample_day() {
    let day = SampleDay::new().unwrap();
    let names = by_name(&day);
    assert!((280..=320).contains(&names.len()), "{}", names.len());
    assert!(day.actions().is_sorted_by_key(|action| action.at));
    assert!(day.actions().iter().all(|action| action.at > day.start() && action.at < at("2026-03-02T20:00:00Z")));
    let bases: BTreeSet<&str> = names.keys().map(|name| name.trim_end_matches(|c: char| c.is_ascii_digit())).collect();
    assert!(bases.len() > 60, "{}", bases.len());
}

#[test]
fn a_recording_gets_the_first_free_name_at_its_start() {
    let day = SampleDay::new().unwrap();
    let mut there = BTreeSet::new();
    for action in day.actions() {
        let name = action.name.as_str();
        match action.deed {
            ChangeKind::Delete => assert!(there.remove(name), "{name} was there"),
            ChangeKind::Write { .. } if there.contains(name) => {}
            ChangeKind::Write { .. } => {
                if let Some((base, suffix)) = name.rsplit_once('.').and_then(|(b, s)| Some((b, s.parse::<u32>().ok()?)))
                {
                    let before = if suffix == 1 { base.to_owned() } else { format!("{base}.{}", suffix - 1) };
                    let is_part_of_the_account = base.ends_with("-ops");
                    assert!(is_part_of_the_account || there.contains(before.as_str()), "{name} before {before}");
                }
                there.insert(name);
            }
        }
    }
}

#[test]
fn a_deleted_recording_has_its_name_reused() {
    let day = SampleDay::new().unwrap();
    let actions = &by_name(&day)["vm-web-01-azureadmin"];
    let deleted = actions.iter().position(|action| action.deed == ChangeKind::Delete).unwrap();
    assert_eq!(actions[deleted].at, at("2026-03-02T15:20:00Z"));
    assert!(deleted >= 2 && actions.len() >= deleted + 3, "written before and after: {actions:?}");
}

#[test]
fn a_three_hour_session_is_written_only_at_start_and_end() {
    let day = SampleDay::new().unwrap();
    let long: Vec<_> = by_name(&day)
        .into_values()
        .filter(|actions| actions.iter().all(|action| action.deed != ChangeKind::Delete))
        .filter(|writes| length(writes) >= SignedDuration::from_hours(3))
        .collect();
    let [writes] = &long[..] else { panic!("{long:?}") };
    assert_eq!(writes.len(), 2);
    assert_eq!(writes[0].deed, ChangeKind::Write { size: 0 });
}

#[test]
fn one_event_is_90_minutes_late_and_one_recording_stays_empty() {
    let day = SampleDay::new().unwrap();
    let late: Vec<_> = day.actions().iter().filter(|action| !action.event_delay.is_zero()).collect();
    assert_eq!(late.iter().map(|action| action.event_delay).collect::<Vec<_>>(), [SignedDuration::from_mins(90)]);
    let names = by_name(&day);
    let last_size = |writes: &&Vec<&RecordingChange>| writes[writes.len() - 1].deed == ChangeKind::Write { size: 0 };
    assert_eq!(names.values().filter(last_size).count(), 1);
}

#[test]
fn there_are_short_attempts_overlaps_and_a_hostile_name() {
    let day = SampleDay::new().unwrap();
    let names = by_name(&day);
    let short =
        names.values().filter(|writes| writes.len() > 1 && length(writes) < SignedDuration::from_secs(20)).count();
    assert!(short > 50, "{short}");
    let overlaps = names.iter().filter(|(name, writes)| {
        let next = names.get(format!("{name}.1").as_str());
        next.is_some_and(|next| next[0].at < writes[writes.len() - 1].at)
    });
    assert!(overlaps.count() > 2);
    assert!(names.keys().any(|name| name.contains('\\') && name.contains('%') && name.contains('\u{202e}')));
}

#[test]
fn the_day_fits_on_any_disk() {
    let sizes = SampleDay::new()
        .unwrap()
        .actions()
        .iter()
        .map(|action| match action.deed {
            ChangeKind::Write { size } => size,
            ChangeKind::Delete => 0,
        })
        .collect::<Vec<_>>();
    assert!(sizes.iter().all(|size| *size <= 2_000_000));
}

#[test]
fn the_audit_log_contains_the_expected_records_of_every_visit() {
    let day = SampleDay::new().unwrap();
    let log: String = day.additions().iter().map(|addition| addition.text.as_str()).collect();
    for visit in day.visits() {
        let records: BTreeSet<&str> = log.lines().filter(|line| line.contains(&visit.tunnel_id)).collect();
        let expected = match (visit.kind, visit.told) {
            (_, LoggedRecords::Nothing) => 0,
            (SampleConnectionKind::FailedLogin, _) | (_, LoggedRecords::Start | LoggedRecords::End) => 1,
            (_, LoggedRecords::Both) => 2,
        };
        assert_eq!(records.len(), expected, "{visit:?}");
        assert!(records.iter().all(|record| record.contains(visit.person)), "{visit:?}");
    }
}

#[test]
fn records_arrive_late_and_twice_and_in_other_hours() {
    let day = SampleDay::new().unwrap();
    assert!(day.additions().is_sorted_by_key(|addition| addition.at));
    let lines: Vec<&str> = day.additions().iter().flat_map(|addition| addition.text.lines()).collect();
    let different: BTreeSet<&str> = lines.iter().copied().collect();
    assert!(different.len() + 10 < lines.len(), "{} of {} are new", different.len(), lines.len());
    let late = day.additions().iter().flat_map(|addition| {
        let written = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["time"].as_str().map(at);
        addition.text.lines().filter(move |line| addition.at - minutes(60) > written(line).unwrap())
    });
    assert!(late.count() > 10);
}

#[test]
fn people_have_addresses_and_shared_accounts_have_several_people() {
    let day = SampleDay::new().unwrap();
    assert!(day.visits().iter().all(|visit| visit.person.ends_with("@contoso.com")));
    let people = |account| {
        let visits = day.visits().iter().filter(move |visit| visit.account == account);
        visits.map(|visit| visit.person).collect::<BTreeSet<_>>()
    };
    assert_eq!(people("m.keller").len(), 1);
    assert!(people("azureadmin").len() > 2);
}

fn visits<'a>(weeks: &'a SampleWeeks, name: &str) -> impl Iterator<Item = &'a SampleVisit> {
    let bastion = BASTIONS.iter().position(|bastion| bastion.name == name).unwrap();
    weeks.visits().iter().filter(move |visit| visit.bastion == bastion).map(|OfBastion { what, .. }| what)
}

#[test]
fn the_sample_weeks_are_deterministic_and_sorted() {
    let weeks = SampleWeeks::new().unwrap();
    assert_eq!(weeks, SampleWeeks::new().unwrap());
    assert!(weeks.actions().is_sorted_by_key(|action| action.what.at));
    assert!(weeks.additions().is_sorted_by_key(|addition| addition.what.at));
    let tunnels: BTreeSet<&str> = weeks.visits().iter().map(|visit| visit.what.tunnel_id.as_str()).collect();
    assert_eq!(tunnels.len(), weeks.visits().len());
}

#[test]
fn four_bastions_in_two_subscriptions_are_used_in_every_week() {
    let weeks = SampleWeeks::new().unwrap();
    let subscriptions: BTreeSet<&str> = BASTIONS.iter().map(|bastion| bastion.subscription).collect();
    assert_eq!((BASTIONS.len(), subscriptions.len()), (4, 2));
    assert_eq!((weeks.start(), weeks.last_day()), (at("2026-01-19T06:00:00Z"), at("2026-03-02T06:00:00Z")));
    for bastion in &BASTIONS {
        let weeks_used: BTreeSet<i64> = visits(&weeks, bastion.name)
            .map(|visit| visit.started_at.duration_since(weeks.start()).as_hours() / (7 * 24))
            .collect();
        assert_eq!(weeks_used.len(), 7, "{}: {weeks_used:?}", bastion.name);
    }
}

#[test]
fn one_bastion_stops_recording_and_the_log_of_another_stops() {
    let weeks = SampleWeeks::new().unwrap();
    for visit in visits(&weeks, "bas-hub-neu") {
        assert_eq!(visit.recording.is_some(), visit.started_at < at("2026-02-25T06:00:00Z"), "{visit:?}");
    }
    for visit in visits(&weeks, "bas-pay-neu") {
        let is_told = visit.told != LoggedRecords::Nothing;
        assert_eq!(is_told, visit.started_at < at("2026-02-26T06:00:00Z"), "{visit:?}");
    }
}

#[test]
fn the_recordings_of_the_weeks_are_small_enough_to_hash() {
    let weeks = SampleWeeks::new().unwrap();
    let bytes: u64 = weeks
        .actions()
        .iter()
        .map(|action| match action.what.deed {
            ChangeKind::Write { size } => size,
            ChangeKind::Delete => 0,
        })
        .sum();
    assert!(bytes < 20_000_000, "{bytes}");
}
