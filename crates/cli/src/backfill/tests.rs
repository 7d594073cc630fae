//! Backfills that are killed and repeated.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use adapters_local::sqlite::{SqliteCatalogue, SqliteSessions, SqliteStore};
use configuration::RecordingContainer;
use domain::address::ContainerName;
use domain::record::catalogue::Entry;
use domain::record::join::MatchReasoning;
use domain::record::session::SessionEntry;
use pipeline::ports::{Catalogue, Fault, ListRequest, SessionListRequest, Sessions};
use pipeline::testing::{Death, Gate};
use tempfile::TempDir;
use wiring::state_store;

use super::passes::{PassResults, Passes};
use super::progress::BackfillProgress;
use super::{BackfillArgs, archivist, inventory};

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(path)
}

/// One run through a gate. Commits nothing beyond the commits of the store itself.
async fn run(store: &SqliteStore, gate: &Arc<Gate>) -> Result<PassResults, Fault> {
    run_with(store, gate, None).await
}

/// Like [`run`], if the bastion also recorded into a container outside the report.
async fn run_with(store: &SqliteStore, gate: &Arc<Gate>, other: Option<&str>) -> Result<PassResults, Fault> {
    let (report, logs) = (fixture("inventory/report.csv"), fixture("audit-logs/tree"));
    let args = BackfillArgs {
        bastion: None,
        account: None,
        adopt: false,
        since: None,
        zone: None,
        inventory: Some(report.clone()),
        audit_logs: Some(logs.clone()),
        as_of: Some("2025-11-08T00:00:00Z".parse().unwrap()),
        notify: false,
        json: true,
    };
    let mut source = inventory::source(&args, &report, &logs, None).unwrap();
    for bastion in &mut source.configuration.bastions {
        let others = other.map(|other| RecordingContainer {
            container: ContainerName::parse(other).unwrap(),
            ..bastion.recordings[0].clone()
        });
        bastion.recordings.extend(others);
    }
    let ports = gate.around(&state_store::in_file(store, Path::new("catalogue.sqlite"), source.blobs, source.clock));
    let archivist = archivist(&source.configuration, ports.clone(), false, None).unwrap();
    let passes =
        Passes { archivist: &archivist, ports: &ports, estate: source.configuration.estate(), scope: source.scope };
    passes.run(&BackfillProgress::begin(source.total)).await
}

/// Final state of the catalogue, without values that may differ: revisions, effects repeated by a later
/// sweep, and the certainty of a match, which depends on the calibration when it was found.
async fn known(store: &SqliteStore) -> (Vec<Entry>, Vec<SessionEntry>) {
    let all = ListRequest { under: None, below: None, from: None, limit: 100 };
    let mut entries = SqliteCatalogue::new(store).list(&all).await.unwrap();
    let all = SessionListRequest { bastion: None, without_recording: false, below: None, from: None, limit: 100 };
    let mut sessions = SqliteSessions::new(store).list(&all).await.unwrap();
    for entry in &mut entries {
        (entry.revision, entry.pending) = (0, Vec::new());
        (entry.match_state.verdict, entry.match_state.reasoning) =
            (entry.match_state.verdict.clone().finding(), MatchReasoning::default());
    }
    for entry in &mut sessions {
        (entry.revision, entry.pending) = (0, Vec::new());
    }
    (entries, sessions)
}

#[tokio::test]
async fn a_killed_backfill_with_uncommitted_saves_resumes_to_the_same_result() {
    let folder = TempDir::new().unwrap();
    let open = |name: &str| SqliteStore::open_to_fill(folder.path().join(name)).unwrap();
    let (whole, gate) = (open("whole.sqlite"), Arc::new(Gate::open()));
    run(&whole, &gate).await.unwrap();
    let (expected, calls) = (known(&whole).await, gate.calls().values().sum::<usize>());
    assert_eq!((expected.0.len(), expected.1.len()), (3, 3));
    for last in (2..calls).step_by(7) {
        let name = format!("{last}.sqlite");
        // The first run dies after a commit, the second without one.
        for (death, commits) in [(last / 2, true), (last, false)] {
            let (store, gate) = (open(&name), Arc::new(Gate::deadly(Death::After(death))));
            let _ = run(&store, &gate).await;
            if commits {
                store.commit().unwrap();
            }
        }
        let store = open(&name);
        run(&store, &Arc::new(Gate::open())).await.unwrap();
        assert_eq!(known(&store).await, expected, "killed at call {last}");
    }
}

#[tokio::test]
async fn a_container_missing_from_the_report_prevents_every_match() {
    let folder = TempDir::new().unwrap();
    let named = async |other| {
        let store = SqliteStore::open_to_fill(folder.path().join(format!("{other:?}.sqlite"))).unwrap();
        run_with(&store, &Arc::new(Gate::open()), other).await.unwrap();
        let (entries, _) = known(&store).await;
        entries.iter().filter(|entry| entry.match_state.verdict.name() == "matched").count()
    };
    assert_eq!(named(None).await, 2);
    assert_eq!(named(Some("elsewhere")).await, 0);
}

#[tokio::test]
async fn a_finished_backfill_leaves_no_uncommitted_saves() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("catalogue.sqlite");
    let store = SqliteStore::open_to_fill(&path).unwrap();
    run(&store, &Arc::new(Gate::open())).await.unwrap();
    store.commit().unwrap();
    let expected = known(&store).await;
    let other = SqliteStore::open_existing(&path).unwrap();
    assert_eq!(known(&other).await, expected);
}
