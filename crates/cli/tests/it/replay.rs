//! `archivist replay`.

use async_trait::async_trait;
use insta::assert_snapshot;
use jiff::Timestamp;
use pipeline::ports::{Fault, QuarantineId, QuarantinedInput};
use pipeline::replay::{InputSummary, Intake, Letter, ReplayResult};
use serde_json::Value;

use crate::day::at;
use crate::desk::{CliDesk, at_once};
use crate::line::{Ran, refused};

/// Intake that reads an input as a type, a name and an outcome.
pub struct Words;

#[async_trait]
impl Intake for Words {
    fn look(&self, _: &str, raw: &[u8]) -> Vec<InputSummary> {
        vec![summary(raw)]
    }

    fn letters<'a>(&self, file: &'a [u8]) -> Vec<Letter<'a>> {
        let reason = "MaxDeliveryAttemptsExceeded, 30 attempts, the last one: NotFound";
        let letter = |raw| Letter { raw, summary: summary(raw), at: None, reason: reason.to_owned() };
        file.split(|byte| *byte == b'\n').map(letter).collect()
    }

    async fn take(&self, _: &str, raw: &[u8]) -> Result<ReplayResult, Fault> {
        self.take_letter(raw).await
    }

    async fn take_letter(&self, raw: &[u8]) -> Result<ReplayResult, Fault> {
        match word(raw, 2).as_deref() {
            Some("known") => Ok(ReplayResult::Ignored("already_known")),
            Some("broken") => Ok(ReplayResult::Refused("`data.sequencer` is missing or empty".to_owned())),
            Some("away") => Err(Fault::transient("save entries", "connection refused")),
            _ => Ok(ReplayResult::Applied),
        }
    }
}

fn word(raw: &[u8], place: usize) -> Option<String> {
    str::from_utf8(raw).unwrap().split(' ').nth(place).filter(|word| *word != "-").map(str::to_owned)
}

fn summary(raw: &[u8]) -> InputSummary {
    InputSummary { kind: word(raw, 0), name: word(raw, 1) }
}

fn put_aside(desk: &CliDesk, raw: &str, time: &str) {
    let at: Timestamp = at(time);
    let (reason, origin) = ("catalogue refused: 403".to_owned(), "recording_landed".to_owned());
    let id = QuarantineId::derive(raw.as_bytes(), &origin);
    at_once(desk.ports.quarantine.put(&QuarantinedInput { id, raw: raw.into(), reason, at, origin })).unwrap();
}

/// Four inputs in quarantine, one of them never readable.
fn desk() -> CliDesk {
    let desk = CliDesk::with_recordings(&[]);
    for (raw, time) in [
        ("Microsoft.Storage.BlobCreated vm-web-01-azureadmin.3", "2026-03-02T09:12:44Z"),
        ("Microsoft.Storage.BlobDeleted vm-db-01-root.1 known", "2026-03-02T09:13:00Z"),
        ("- - broken", "2026-03-03T10:00:00Z"),
        ("Microsoft.Storage.BlobCreated a\u{1b}[2Jb", "2026-03-04T10:00:00Z"),
    ] {
        put_aside(&desk, raw, time);
    }
    desk
}

fn page(ran: &Ran) -> String {
    format!("{}--- {}\n{}", ran.out, ran.code, ran.err)
}

#[test]
fn a_dry_run_shows_the_planned_replay() {
    let desk = desk();
    let first = desk.run("replay quarantine");
    assert_snapshot!(page(&first));
    assert_eq!(desk.run("replay quarantine"), first, "nothing was changed");
}

#[test]
fn a_replay_is_reported_and_unreadable_input_ends_with_1() {
    let desk = desk();
    assert_snapshot!(page(&desk.run("replay quarantine --apply")));
    let second = desk.run("replay quarantine --apply");
    assert!(second.code == 1 && second.err.starts_with("1 stays\n"), "{}", second.err);
}

#[test]
fn a_replay_is_one_document() {
    assert_snapshot!(page(&desk().run("replay quarantine --type BlobDeleted --apply --json")));
    let nothing: Value = serde_json::from_str(&desk().run("replay poison --json").out).unwrap();
    assert_eq!((&nothing["items"], &nothing["applied"]), (&Value::Array(Vec::new()), &Value::Bool(false)));
}

#[test]
fn a_failing_service_ends_with_3_and_removes_no_items() {
    let desk = CliDesk::with_recordings(&[]);
    put_aside(&desk, "Microsoft.Storage.BlobCreated vm-1 away", "2026-03-02T09:12:44Z");
    assert_snapshot!(page(&desk.run("replay quarantine --apply")));
    assert_eq!(desk.run("replay quarantine").code, 0, "it is there");
}

#[test]
fn a_replay_respects_its_filters_and_reports_its_limit() {
    let desk = desk();
    let named = desk.run("replay quarantine --name vm-* --until 2026-03-02 --json");
    let document: Value = serde_json::from_str(&named.out).unwrap();
    assert_eq!(document["totals"]["would_be_replayed"], 2);
    let limited = desk.run("replay quarantine --limit 1 --apply");
    assert!(limited.code == 1 && limited.err.contains("there is more: run it again"), "{}", limited.err);
    assert_eq!(desk.run("replay quarantine --since 2026-03-05").err, "nothing to replay matches\n");
}

#[test]
fn a_file_of_dead_letters_is_replayed_and_removed() {
    let desk = CliDesk::with_recordings(&[]);
    let file = b"Microsoft.Storage.BlobCreated vm-1\nMicrosoft.Storage.BlobDeleted vm-2 known";
    desk.dead_letters.put("st/EV/2026/3/2/9/a.json", file, at("2026-03-02T09:12:44Z"));
    assert_snapshot!(page(&desk.run("replay dead-letters --apply")));
    assert_eq!(desk.run("replay dead-letters").err, "nothing to replay matches\n");
}

#[test]
fn the_replay_help_shows_the_places_and_examples() {
    assert_snapshot!(refused("replay dead-letters --help").1);
    assert!(refused("replay quarantine --help").1.contains("archivist replay quarantine --type"));
    let (code, text) = refused("replay dead-letters --from no-such-place");
    assert!(code == 2 && text.contains("there is no such file or folder"), "{text}");
}
