//! Coverage report of a month: unknown figures, deletions by right, holds, and the monthly notification.

use std::collections::BTreeMap;
use std::sync::Arc;

use adapters_local::memory::{self, MemoryCatalogue, MemoryCheckpoints, MemorySessions};
use domain::address::{AccountName, ContainerAddress};
use domain::decide::context::Rules;
use domain::record::accessor::KnownIdentities;
use domain::record::blob::ETag;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::estate::{AccessLogs, Bastion, BastionName, Estate};
use domain::record::hold::{Actor, Hold, HoldScope};
use domain::record::ledger::Sha256;
use domain::record::notification::{Event, NotificationId};
use domain::record::retention::{Approval, Executor, Fingerprint, Tombstone};
use domain::record::session::{Gap, GapCause, SessionEntry};
use jiff::Timestamp;
use pipeline::coverage_report::{CoverageReport, FIGURES, FigureUnknown, MonthCounts, ReportMonth, coverage_report};
use pipeline::ports::{Catalogue, Channel, CheckpointKey, CheckpointKind, Checkpoints, Clock};
use pipeline::ports::{SessionChange, Sessions};
use pipeline::testing::schedule::now;
use pipeline::testing::{Death, Gate, LoopbackReceiver, TestClock, sample};
use pipeline::{Archivist, ArchivistSettings, CatalogueReader, Ports};

struct World {
    clock: Arc<TestClock>,
    catalogue: Arc<MemoryCatalogue>,
    sessions: Arc<MemorySessions>,
    ports: Ports,
    receiver: Arc<LoopbackReceiver>,
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn march() -> ReportMonth {
    ReportMonth::parse("2026-03").unwrap()
}

fn bastion(name: &str, has_log: bool) -> Bastion {
    Bastion {
        name: BastionName::new(name),
        resource_id: None,
        recordings: Vec::new(),
        audit_logs: has_log.then(|| ContainerAddress::parse("staudit01", "logs").unwrap()),
        access_expires: None,
        access_logs: None,
    }
}

const READ: &str = r#"{"schema":1,"read_to":"2026-03-31T23:59:00Z","read_from":"2026-02-01T00:00:00Z",
    "newest_record":"2026-03-31T20:00:00Z"}"#;

impl World {
    /// A world at this time, whose first bastion has a log that was read, and whose second one has none.
    fn at(time: &str) -> Self {
        let clock = Arc::new(TestClock::at(at(time)));
        let (catalogue, sessions, checkpoints) =
            (Arc::<MemoryCatalogue>::default(), Arc::<MemorySessions>::default(), Arc::<MemoryCheckpoints>::default());
        let ports = Ports {
            catalogue: catalogue.clone(),
            sessions: sessions.clone(),
            checkpoints: checkpoints.clone(),
            ..memory::ports(clock.clone() as Arc<dyn Clock>)
        };
        let key = CheckpointKey { kind: CheckpointKind::Bastion, name: "bas-hub-01".to_owned() };
        now(checkpoints.save(&key, None, READ)).unwrap().unwrap();
        Self { clock, catalogue, sessions, ports, receiver: Arc::default() }
    }

    fn archivist(&self, gate: &Arc<Gate>) -> Archivist {
        let settings = ArchivistSettings {
            rules: Rules::default(),
            estate: Estate { bastions: vec![bastion("bas-hub-01", true), bastion("bas-spoke-02", false)] },
            channels: BTreeMap::from([("all".to_owned(), self.receiver.clone() as Arc<dyn Channel>)]),
        };
        Archivist::new(gate.around(&self.ports), settings)
    }

    /// Replaces the watermark of the first bastion.
    fn read(&self, watermark: &str) {
        self.keep(CheckpointKind::Bastion, "bas-hub-01", watermark);
    }

    /// Replaces the first and the last hour of the access logs that were found.
    fn found_access_logs(&self, [first, last]: [&str; 2]) {
        self.keep_access_logs(&format!(r#"{{"first":"{first}:00:00Z","last":"{last}:00:00Z"}}"#));
    }

    fn keep_access_logs(&self, hours: &str) {
        let round = format!(
            r#"{{"schema":1,"begun_at":"2026-04-10T11:00:00Z","since":"2026-04-10T10:00:00Z","is_over":true,
            "accesses":{{"stbastionrec01":{hours}}}}}"#
        );
        self.keep(CheckpointKind::Pass, "audit logs of staudit01/insights-logs-storageread", &round);
    }

    fn keep(&self, kind: CheckpointKind, name: &str, doc: &str) {
        let key = CheckpointKey { kind, name: name.to_owned() };
        let before = now(self.ports.checkpoints.get(&key)).unwrap().map(|known| known.version);
        now(self.ports.checkpoints.save(&key, before, doc)).unwrap().unwrap();
    }

    fn healthy(&self) -> Archivist {
        self.archivist(&Arc::new(Gate::open()))
    }

    /// Counts until the whole catalogue is counted.
    fn count(&self) {
        while now(self.healthy().summary.summarise(&|| true)).unwrap().unfinished {}
    }

    fn report(&self) -> CoverageReport {
        now(coverage_report(&self.healthy().reading(), march(), &[])).unwrap()
    }

    fn save(&self, entry: &Entry) {
        let loaded = now(self.catalogue.lives(&entry.address)).unwrap();
        now(self.catalogue.save(&loaded, &[Entry { revision: 1, ..entry.clone() }])).unwrap().unwrap();
    }

    fn add(&self, after: SessionEntry) {
        let change = SessionChange { before: SessionEntry::new(after.id.clone()), after };
        assert_eq!(now(self.sessions.save(&[change])).unwrap(), [true]);
    }

    fn told(&self) -> usize {
        let id = NotificationId::derive("report", Event::ReportMonthly, "2026-03");
        usize::from(now(self.ports.notifications.get(&id)).unwrap().is_some())
    }
}

fn value(counts: &MonthCounts, name: &str) -> Result<u64, FigureUnknown> {
    (FIGURES.iter().find(|figure| figure.name == name).unwrap().value)(counts)
}

fn gap(tunnel: &str, cause: GapCause, start: &str) -> SessionEntry {
    let entry = sample::ended(sample::session_id("bas-hub-01", tunnel), "vm", "root", at(start));
    SessionEntry { gap: Some(Gap { found_at: at(start), cause, closed_at: None }), wake_at: None, revision: 1, ..entry }
}

#[test]
fn a_month_that_was_not_counted_is_unknown_and_an_empty_one_is_0() {
    let world = World::at("2026-04-10T12:00:00Z");
    let before = world.report();
    assert_eq!(value(&before.bastions[0].counts, "sessions"), Err(FigureUnknown::DaysNotCounted));
    assert_eq!((before.counted_to, value(&before.bastions[0].counts, "gaps")), (None, Ok(0)));
    world.count();
    let after = world.report();
    assert_eq!((after.counted_to, value(&after.bastions[0].counts, "sessions")), (Some(march().last()), Ok(0)));
    assert_eq!(value(&after.bastions[0].counts, "recorded_percent"), Err(FigureUnknown::NothingRecordable));
}

#[test]
fn a_day_that_was_not_counted_after_it_was_over_leaves_the_month_unknown() {
    let world = World::at("2026-03-31T20:00:00Z");
    world.count();
    world.clock.set(at("2026-04-01T00:10:00Z"));
    assert_eq!(value(&world.report().bastions[0].counts, "sessions"), Err(FigureUnknown::DaysNotCounted));
    world.count();
    assert_eq!(value(&world.report().bastions[0].counts, "sessions"), Ok(0));
}

#[test]
fn figures_without_a_log_are_unknown_and_so_is_their_sum() {
    let world = World::at("2026-04-10T12:00:00Z");
    world.add(gap("t-1", GapCause::NativeClient, "2026-03-31T23:59:59Z"));
    world.add(gap("t-2", GapCause::Unknown, "2026-04-01T00:00:00Z"));
    world.count();
    let report = world.report();
    let [hub, spoke] = [0, 1].map(|index: usize| &report.bastions[index].counts);
    assert_eq!((value(hub, "sessions"), value(hub, "gaps"), value(hub, "gaps_native_client")), (Ok(1), Ok(1), Ok(1)));
    for name in ["sessions", "recorded", "gaps", "gaps_unknown"] {
        assert_eq!(value(spoke, name), Err(FigureUnknown::NoAuditLog), "{name}");
        assert_eq!(value(&report.total, name), Err(FigureUnknown::NoAuditLog), "{name}");
    }
    let unknown = ["viewings", "findings", "findings_month", "findings_days", "ledger_breaks"];
    assert!(unknown.into_iter().all(|name| value(&report.total, name).is_err()));
    assert_eq!(value(&report.total, "recordings"), Ok(0));
}

#[test]
fn a_log_that_never_had_a_record_or_none_of_the_month_leaves_its_figures_unknown() {
    let cases = [
        (r#""read_from":"2026-02-01T00:00:00Z""#, FigureUnknown::LogNotRead),
        (r#""read_from":"2026-04-01T00:00:00Z","newest_record":"2026-04-09T00:00:00Z""#, FigureUnknown::LogNotRead),
        (r#""read_from":"2026-02-01T00:00:00Z","newest_record":"2026-02-20T00:00:00Z""#, FigureUnknown::LogSilent),
    ];
    for (watermark, why) in cases {
        let world = World::at("2026-04-10T12:00:00Z");
        world.read(&format!(r#"{{"schema":1,"read_to":"2026-04-10T11:00:00Z",{watermark}}}"#));
        world.count();
        let report = world.report();
        for name in ["sessions", "recorded", "gaps"] {
            assert_eq!(value(&report.bastions[0].counts, name), Err(why), "{name}: {watermark}");
        }
    }
}

#[test]
fn accesses_without_an_access_log_are_unknown_and_not_0() {
    let world = World::at("2026-04-10T12:00:00Z");
    let account = AccountName::parse("staudit01").unwrap();
    let access_logs = Some(AccessLogs { account, known: KnownIdentities::default() });
    let recordings = vec![ContainerAddress::parse("stbastionrec01", "recordings").unwrap()];
    let logged = Bastion { access_logs, recordings, ..bastion("bas-hub-01", true) };
    let estate = Estate { bastions: vec![logged, bastion("bas-spoke-02", false)] };
    let archivist = world.healthy();
    let reading = CatalogueReader { estate: &estate, ..archivist.reading() };
    let report = || now(coverage_report(&reading, march(), &[])).unwrap();
    let viewings = || value(&report().bastions[0].counts, "viewings");
    assert_eq!(viewings(), Err(FigureUnknown::AccessLogNotRead));
    for hours in [["2026-03-04T01", "2026-04-10T09"], ["2026-02-20T01", "2026-03-29T09"]] {
        world.found_access_logs(hours);
        assert_eq!(viewings(), Err(FigureUnknown::AccessLogNotRead), "{hours:?}");
    }
    world.keep_access_logs(
        r#"{"first":"2026-03-13T01:00:00Z","last":"2026-04-10T09:00:00Z",
        "before":[{"first":"2026-02-20T01:00:00Z","last":"2026-03-10T01:00:00Z"}]}"#,
    );
    assert_eq!(viewings(), Err(FigureUnknown::AccessLogNotRead), "no log of two days of the month");
    world.found_access_logs(["2026-02-20T01", "2026-04-10T09"]);
    let report = report();
    for name in ["viewings", "downloads"] {
        assert_eq!(value(&report.bastions[0].counts, name), Ok(0), "{name}");
        assert_eq!(value(&report.bastions[1].counts, name), Err(FigureUnknown::NoAccessLog), "{name}");
        assert_eq!(value(&report.total, name), Err(FigureUnknown::NoAccessLog), "{name}");
    }
}

#[test]
fn altered_contents_are_counted_and_unknown_if_none_was_hashed_or_one_before_changes_were_counted() {
    let world = World::at("2026-04-10T12:00:00Z");
    let changed = || value(&world.report().bastions[0].counts, "changed");
    assert_eq!(changed(), Ok(0), "no recording");
    let save = |name: &str, fingerprint: Option<Fingerprint>| {
        let mut entry = sample::entry(&sample::address(name), at("2026-03-10T00:00:00Z"));
        entry.custody.fingerprint = fingerprint;
        world.save(&entry);
    };
    let hashed = |altered| Some(Fingerprint { altered, ..Fingerprint::new(ETag::new("0x1"), 1, Sha256::hash(b"x")) });
    save("a", None);
    assert_eq!(changed(), Err(FigureUnknown::NothingHashed));
    save("b", hashed(Some(0)));
    assert_eq!(changed(), Ok(0));
    save("c", hashed(Some(2)));
    assert_eq!((changed(), value(&world.report().total, "changed")), (Ok(1), Ok(1)));
    save("d", hashed(None));
    assert_eq!(changed(), Err(FigureUnknown::HashedBefore));
}

#[test]
fn deletions_count_in_the_month_of_the_deletion_by_right() {
    let world = World::at("2026-04-10T12:00:00Z");
    let tombstone = |by: Executor, time: &str, approval: Option<Approval>| {
        let warrant = sample::warrant(&sample::address("x"), &ETag::new("0x1"), sample::second(0));
        Some(Tombstone { at: at(time), by, approval, ..warrant.into_tombstone() })
    };
    let approval = Approval { plan: "p".to_owned(), by: "grace".to_owned(), until: Timestamp::MAX };
    let deleted = [
        ("a", tombstone(Executor::Archivist, "2026-03-20T00:00:00Z", None)),
        ("b", tombstone(Executor::Archivist, "2026-03-31T23:59:59Z", Some(approval))),
        ("c", tombstone(Executor::Lifecycle, "2026-03-01T00:00:00Z", None)),
        ("d", tombstone(Executor::Archivist, "2026-04-01T00:00:00Z", None)),
    ];
    for (name, tombstone) in deleted {
        // The recordings are of a month before.
        let mut entry = sample::entry(&sample::address(name), at("2026-02-10T00:00:00Z"));
        entry.state = RecordingState::Deleted;
        entry.custody.tombstone = tombstone;
        world.save(&entry);
    }
    let report = world.report();
    let figure = |name| value(&report.bastions[0].counts, name).unwrap();
    assert_eq!((figure("deletions"), figure("deletions_archivist"), figure("deletions_lifecycle")), (3, 2, 1));
    assert_eq!((figure("deletions_approved"), figure("deletions_others"), figure("recordings")), (1, 0, 0));
}

#[test]
fn deletions_of_other_months_cost_the_report_no_read() {
    let reads = |earlier: usize| {
        let world = World::at("2026-04-10T12:00:00Z");
        for number in 0..=earlier {
            let mut entry = sample::entry(&sample::address(&format!("vm-{number}")), at("2025-02-10T00:00:00Z"));
            entry.state = RecordingState::Deleted;
            let gone = if number == 0 { "2026-03-20T00:00:00Z" } else { "2025-05-20T00:00:00Z" };
            let warrant = sample::warrant(&sample::address("x"), &ETag::new("0x1"), sample::second(0));
            entry.custody.tombstone = Some(Tombstone { at: at(gone), ..warrant.into_tombstone() });
            world.save(&entry);
        }
        let gate = Arc::new(Gate::open());
        let report = now(coverage_report(&world.archivist(&gate).reading(), march(), &[])).unwrap();
        assert_eq!(value(&report.total, "deletions"), Ok(1));
        gate.calls()["catalogue.list"]
    };
    assert_eq!(reads(2_500), reads(0));
}

#[test]
fn a_hold_counts_once_in_the_total_and_only_for_bastions_that_it_may_cover() {
    let world = World::at("2026-03-10T12:00:00Z");
    let by = || Actor { name: "counsel".to_owned(), is_verified: true };
    let person = HoldScope { person: Some("ada@contoso.example".to_owned()), ..HoldScope::default() };
    let spoke = HoldScope { bastion: Some("bas-spoke-02".to_owned()), ..HoldScope::default() };
    for scope in [person, spoke] {
        now(world.healthy().hold_placing.place_hold(&Hold::new("1", "r", scope, by(), world.clock.now()))).unwrap();
    }
    let report = world.report();
    let holds = [&report.bastions[0].counts, &report.bastions[1].counts, &report.total];
    assert_eq!(holds.map(|counts| value(counts, "holds")), [Ok(1), Ok(2), Ok(2)]);
    let earlier = now(coverage_report(&world.healthy().reading(), march().previous(), &[])).unwrap();
    assert_eq!(value(&earlier.total, "holds"), Ok(0));
}

#[test]
fn a_recording_under_a_hold_that_its_entry_does_not_carry_yet_is_held() {
    let world = World::at("2026-03-10T12:00:00Z");
    world.save(&sample::entry(&sample::address("vm-web-01-root"), at("2026-03-09T00:00:00Z")));
    let held = || value(&world.report().bastions[0].counts, "held");
    assert_eq!(held(), Ok(0));
    let by = Actor { name: "counsel".to_owned(), is_verified: true };
    let hub = HoldScope { bastion: Some("bas-hub-01".to_owned()), ..HoldScope::default() };
    now(world.healthy().hold_placing.place_hold(&Hold::new("1", "r", hub, by, world.clock.now()))).unwrap();
    assert_eq!(held(), Ok(1), "as the page of the recording says");
}

/// A world on the last day of March, counted then, and now in the first hour of April.
fn month_is_over() -> World {
    let world = World::at("2026-03-31T20:00:00Z");
    world.save(&sample::entry(&sample::address("vm-web-01-root"), at("2026-03-20T00:00:00Z")));
    world.add(gap("t-1", GapCause::RecordingOff, "2026-03-20T00:00:00Z"));
    world.count();
    world.clock.set(at("2026-04-01T00:10:00Z"));
    world
}

#[test]
fn the_monthly_report_waits_for_the_last_day_and_is_sent_once() {
    let world = month_is_over();
    let send = || now(world.healthy().monthly_report.send_monthly_report()).unwrap();
    assert!(!send(), "the last day is not counted yet");
    world.count();
    assert!(send() && !send());
    assert_eq!(world.told(), 1);
    let quiet = world.healthy().quiet();
    world.clock.set(at("2026-05-01T00:10:00Z"));
    world.count();
    assert!(!now(quiet.monthly_report.send_monthly_report()).unwrap());
    assert!(send(), "the next month has a report of its own");
}

#[test]
fn a_new_installation_sends_no_report_of_an_empty_month() {
    let world = World::at("2026-04-10T12:00:00Z");
    world.count();
    assert!(!now(world.healthy().monthly_report.send_monthly_report()).unwrap());
    assert_eq!(world.told(), 0);
}

#[test]
fn sending_the_monthly_report_survives_a_crash_at_any_call() {
    let mut deaths = 0;
    for number in 1..200 {
        let mut is_over = true;
        for death in [Death::Before(number), Death::After(number)] {
            let (world, gate) = (month_is_over(), Arc::new(Gate::deadly(death)));
            world.count();
            drop(now(world.archivist(&gate).monthly_report.send_monthly_report()));
            is_over &= gate.died_in().is_none();
            deaths += usize::from(gate.died_in().is_some());
            for _ in 0..2 {
                now(world.healthy().monthly_report.send_monthly_report()).unwrap();
            }
            assert_eq!(world.told(), 1, "{death:?} in {:?}", gate.died_in());
        }
        if is_over {
            assert!(deaths > 10, "{deaths} deaths");
            return;
        }
    }
    panic!("the report takes more than 200 calls");
}
