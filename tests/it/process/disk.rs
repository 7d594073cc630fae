//! A full disk.

use crate::support::process::{Handler, ProcessEstate, Running};

/// Limits files to 400 blocks of 512 bytes, with an error instead of a signal. A new database and the log of a few
/// events fit, the log of all events does not.
const LITTLE_ROOM: &str = "trap '' XFSZ; ulimit -f 400";

#[test]
fn a_full_disk_loses_no_events() {
    let estate = ProcessEstate::new();
    let events: Vec<_> = (0..40_u64).map(|n| estate.record(&format!("vm-{n:02}-admin"), 1_000, n + 1)).collect();
    let handler = Handler::start(estate.command_after(LITTLE_ROOM, &["serve"]));
    let statuses: Vec<_> = events.iter().map(|event| handler.recording_landed(event).unwrap()).collect();
    assert!(statuses.iter().all(|status| [200, 503].contains(status)), "{statuses:?}");
    assert!(statuses.starts_with(&[200]), "there is room for one: {statuses:?}");
    assert!(statuses.ends_with(&[503]), "and not for all: {statuses:?}");
    handler.running.terminate();
    let ended = handler.running.end();
    assert_eq!(ended.code, Some(200), "the process lives on: {}", ended.stderr);
    assert!(ended.stdout.contains("catalogue.sqlite"), "the log names the file: {}", ended.stdout);

    // Every acknowledged event is in the catalogue. The platform delivers the others again, now that there is space.
    let accepted = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(estate.recordings().len(), accepted);
    let handler = estate.serve();
    for event in &events {
        assert_eq!(handler.recording_landed(event).unwrap(), 200);
    }
    assert_eq!(estate.recordings().len(), events.len());
}

#[test]
fn a_full_disk_at_startup_is_one_clear_message() {
    let estate = ProcessEstate::new();
    let mut serve = estate.command_after("trap '' XFSZ; ulimit -f 1", &["serve"]);
    let ended = Running::start(serve.env("FUNCTIONS_CUSTOMHANDLER_PORT", "9")).end();
    assert_eq!(ended.code, Some(3));
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("catalogue.sqlite"), "{}", ended.stderr);
}
