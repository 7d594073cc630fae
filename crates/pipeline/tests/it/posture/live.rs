//! Live sessions beside the sessions of the audit log.

use std::sync::Arc;

use domain::decide::posture::MaybeKnown;
use domain::record::estate::BastionName;
use domain::record::session::{Records, SessionEntry, TimeSpan};
use pipeline::ports::{FaultKind, LiveSession, SessionChange};
use pipeline::testing::sample::{ended, session_id};
use pipeline::testing::schedule::now;
use pipeline::testing::{Death, Gate};

use crate::posture::world::PostureWorld;

const MACHINE: &str = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-web-01";

/// Saves an open session the log reported.
fn save(world: &PostureWorld, tunnel: &str, began: &str) {
    let id = session_id("bas-hub-01", tunnel);
    let told = ended(id.clone(), "vm-web-01", "ann", began.parse().unwrap());
    let records = Records { ends: None, end_written: None, written: told.records.starts, ..told.records.clone() };
    let mut open = SessionEntry { records, ..told };
    open.revision = 1;
    let _: Option<TimeSpan> = open.records.starts;
    now(world.ports.sessions.save(&[SessionChange { before: SessionEntry::new(id), after: open }])).unwrap();
}

fn live(id: &str, began: &str) -> LiveSession {
    LiveSession {
        id: id.to_owned(),
        started_at: Some(began.parse().unwrap()),
        user_name: Some("ann".to_owned()),
        target_resource_id: Some(MACHINE.to_owned()),
        target_ip: Some("10.0.0.4".to_owned()),
        ..LiveSession::default()
    }
}

fn found(world: &PostureWorld) -> Vec<Option<String>> {
    let all = now(world.archivist().live.live_sessions(world.seen.as_ref(), None)).unwrap();
    let MaybeKnown::Read(sessions) = &all[0].sessions else { panic!("{all:?}") };
    let tunnel = |known: &pipeline::query::FoundSession| known.entry.session().facts.tunnel_id.as_str().to_owned();
    sessions.iter().map(|found| found.known.as_ref().map(tunnel)).collect()
}

#[test]
fn a_live_session_is_shown_with_its_only_candidate() {
    let world = PostureWorld::new();
    save(&world, "t-1", "2026-03-02T08:50:00Z");
    *world.seen.live.lock().unwrap() = vec![live("x", "2026-03-02T08:50:30Z"), live("y", "2026-03-02T08:10:00Z")];
    assert_eq!(found(&world), [Some("t-1".to_owned()), None]);
}

#[test]
fn two_fitting_sessions_give_no_candidate_unless_ids_match() {
    let world = PostureWorld::new();
    save(&world, "t-1", "2026-03-02T08:50:00Z");
    save(&world, "t-2", "2026-03-02T08:50:10Z");
    *world.seen.live.lock().unwrap() = vec![live("x", "2026-03-02T08:50:05Z"), live("T-2", "2026-03-02T08:50:05Z")];
    assert_eq!(found(&world), [None, Some("t-2".to_owned())]);
}

/// Kinds of the facts in the ledger, in order.
fn told(world: &PostureWorld) -> Vec<String> {
    now(world.archivist().due_work.sweep(&|| true)).unwrap();
    let ledger = &world.ports.ledger;
    let Some(segment) = now(ledger.segments()).unwrap().first().copied() else {
        return Vec::new();
    };
    let text = String::from_utf8(now(ledger.read(segment, 0, 10_000)).unwrap().unwrap()).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let mut kinds: Vec<String> = lines.filter_map(|line| line["fact"]["kind"].as_str().map(str::to_owned)).collect();
    kinds.sort();
    kinds
}

#[test]
fn a_disconnect_is_recorded_in_the_ledger_before_and_after() {
    let world = PostureWorld::new();
    *world.seen.live.lock().unwrap() = vec![live("x", "2026-03-02T08:50:05Z")];
    let bastion = BastionName::new("bas-hub-01");
    for is_done in [true, false] {
        let ended = now(world.archivist().live.disconnect(world.seen.as_ref(), &bastion, "x", "ada")).unwrap();
        assert_eq!(ended.read().unwrap()[0].is_done, is_done);
        world.pass(1);
    }
    let wanted = ["session.disconnected", "session.disconnecting", "session.disconnecting", "session.not_disconnected"];
    assert_eq!(told(&world), wanted);
}

#[test]
fn a_disconnect_that_cannot_be_recorded_is_not_made() {
    let world = PostureWorld::new();
    *world.seen.live.lock().unwrap() = vec![live("x", "2026-03-02T08:50:05Z")];
    let gate = Arc::new(Gate::open());
    gate.fail("checkpoints.save", FaultKind::Refused);
    let bastion = BastionName::new("bas-hub-01");
    assert!(now(world.behind(&gate).live.disconnect(world.seen.as_ref(), &bastion, "x", "ada")).is_err());
    assert_eq!(world.seen.live.lock().unwrap().len(), 1);
}

#[test]
fn a_crash_after_the_disconnect_leaves_the_intention_in_the_ledger() {
    let world = PostureWorld::new();
    *world.seen.live.lock().unwrap() = vec![live("x", "2026-03-02T08:50:05Z")];
    let gate = Arc::new(Gate::deadly(Death::Before(2)));
    let bastion = BastionName::new("bas-hub-01");
    assert!(now(world.behind(&gate).live.disconnect(world.seen.as_ref(), &bastion, "x", "ada")).is_err());
    assert!(world.seen.live.lock().unwrap().is_empty());
    assert_eq!(told(&world), ["session.disconnecting"]);
}
