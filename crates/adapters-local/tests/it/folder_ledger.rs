//! The ledger in a folder.

use std::fs;
use std::path::Path;

use adapters_local::FolderLedger;
use domain::record::ledger::{LedgerEvent, LedgerFact, SegmentNumber};
use pipeline::ledger::{VerificationStep, Verify, append};
use pipeline::ports::{Appended, Ledger};
use pipeline::testing::TestClock;
use pipeline::testing::sample::second;
use tempfile::TempDir;

async fn make() -> (FolderLedger, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (FolderLedger::new(folder.path().join("ledger")), folder)
}

pipeline::ledger_conformance!(make);

const FIRST: SegmentNumber = SegmentNumber::FIRST;

fn told(number: usize) -> LedgerFact {
    let [hold, case, by] = [format!("hold {number}"), "case".to_owned(), "alice".to_owned()];
    LedgerFact::new(second(0), LedgerEvent::HoldPlaced { hold, case, scope: None, by })
}

async fn verify(ledger: &FolderLedger) -> (u64, Vec<String>) {
    let mut findings = Vec::new();
    let verify = Verify { ledger, recordings: None, from_start: false, head: None };
    let mut tell = |step| {
        if let VerificationStep::Found(finding) = step {
            findings.push(format!("{finding:?}"));
        }
    };
    (verify.run(&mut tell).await.unwrap().facts, findings)
}

fn file(folder: &TempDir, name: &str) -> std::path::PathBuf {
    folder.path().join("ledger").join(name)
}

#[tokio::test]
async fn reading_a_missing_ledger_creates_no_files() {
    let (ledger, folder) = make().await;
    assert_eq!(verify(&ledger).await, (0, Vec::new()));
    assert!(!Path::new(&file(&folder, "")).exists());
}

#[tokio::test]
async fn foreign_files_of_the_folder_are_ignored() {
    let (ledger, folder) = make().await;
    ledger.create(FIRST).await.unwrap();
    for name in ["000000.jsonl", "1.jsonl", "000002.json", "notes.txt", "000002.jsonl.bak"] {
        fs::write(file(&folder, name), "x").unwrap();
    }
    assert_eq!(ledger.segments().await.unwrap(), [FIRST]);
}

/// State after a crash in the middle of a block.
#[tokio::test]
async fn a_truncated_segment_is_kept_without_losing_a_complete_line() {
    let (ledger, folder) = make().await;
    let clock = TestClock::default();
    append(&ledger, &clock, &[told(1)]).await.unwrap();
    let before = fs::read(file(&folder, "000001.jsonl")).unwrap();
    append(&ledger, &clock, &[told(2), told(3)]).await.unwrap();
    let whole = fs::read(file(&folder, "000001.jsonl")).unwrap();
    for cut in (before.len() + 1..whole.len()).step_by(37) {
        let (ledger, folder) = make().await;
        ledger.create(FIRST).await.unwrap();
        let kept = &whole[..cut];
        fs::write(file(&folder, "000001.jsonl"), kept).unwrap();
        assert_eq!(ledger.append(FIRST, cut as u64, b"x\n").await.unwrap(), Appended::Full, "behind half a line");
        append(&ledger, &clock, &[told(2), told(3)]).await.unwrap();
        assert_eq!(fs::read(file(&folder, "000001.jsonl")).unwrap(), kept);
        let (facts, findings) = verify(&ledger).await;
        assert_eq!((facts, findings), (3, Vec::new()), "cut at {cut}");
    }
}

/// Each writer opens the files itself, as another process does.
#[tokio::test]
async fn concurrent_writers_lose_no_facts() {
    let (_, folder) = make().await;
    let writers = (0..4).map(|writer| {
        let ledger = FolderLedger::new(file(&folder, ""));
        tokio::spawn(async move {
            for n in 0..10 {
                append(&ledger, &TestClock::default(), &[told(100 * writer + n)]).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(verify(&FolderLedger::new(file(&folder, ""))).await, (40, Vec::new()));
}
