//! `archivist gaps`.

use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use domain::record::session::GapCause;
use insta::assert_snapshot;
use serde_json::Value;

use crate::catalogue::ListedCatalogue;
use crate::day;
use crate::line::{PIPED, refused, run, wide};

/// A day with every kind of gap.
pub fn day_of_gaps() -> ListedCatalogue {
    let last = day::session("5e55-06", day::ANN, "vm-web-01", "2026-03-03T09:00:00Z", "2026-03-03T09:10:00Z");
    day::evidence().with_sessions([day::missing(last, GapCause::RecordingOff)]).with_watermark(
        "bas-hub-01",
        r#"{"schema":1,"newest_record":"2026-03-03T09:10:00.5Z","stopped_at":"2026-03-04T00:00:00Z"}"#,
    )
}

#[test]
fn every_kind_of_gap_has_a_remedy_and_ends_with_1() {
    let ran = run(&day_of_gaps(), "gaps", wide(100));
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert_snapshot!(ran.out);
}

#[test]
fn gap_tables_fit_the_terminal_and_escape_hostile_names() {
    let out = run(&day_of_gaps(), "gaps", wide(80)).out;
    assert!(!out.contains(['\u{202e}', '\u{1b}']), "{out:?}");
    for line in out.lines().filter(|line| line.starts_with("5e55") || line.starts_with("rec_")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn a_bastion_recording_again_is_no_gap() {
    let catalogue = day_of_gaps();
    catalogue.add(day::settled(9, "vm-web-01-azureadmin.9", "2026-03-03T12:00:00Z", "2026-03-03T12:10:00Z", 1));
    let out = run(&catalogue, "gaps", PIPED).out;
    assert!(!out.contains("stopped recording"), "{out}");
    assert!(out.contains("5e55-06"), "{out}");
}

#[test]
fn json_is_one_document_with_all_three_kinds() {
    let ran = run(&day_of_gaps(), "gaps --json", PIPED);
    assert_eq!((ran.code, ran.err.as_str(), ran.out.lines().count()), (1, "", 1));
    let gaps: Value = serde_json::from_str(&ran.out).unwrap();
    let stopped: Vec<&Value> = gaps["bastions"].as_array().unwrap().iter().map(|gap| &gap["stopped"]).collect();
    assert_eq!(stopped, ["audit_log", "recording"]);
    assert_eq!(gaps["sessions"]["items"].as_array().unwrap().len(), 4);
    let recordings = gaps["recordings"]["items"].as_array().unwrap();
    assert_eq!(recordings.len(), 1, "a recording that a failed login left is explained");
    assert_eq!(recordings[0]["name"], "vm-old-root\n");
}

#[test]
fn a_truncated_gap_list_shows_the_command_for_the_rest() {
    let ran = run(&day_of_gaps(), "gaps --limit 1", PIPED);
    let (_, cursor) = ran.err.split_once("archivist sessions list --without-recording --cursor ").unwrap();
    let cursor = cursor.split_whitespace().next().unwrap();
    let rest = run(&day_of_gaps(), &format!("sessions list --without-recording --cursor {cursor}"), PIPED);
    assert_eq!(rest.out.lines().count(), 1 + 3);
}

#[test]
fn the_commands_for_the_rest_keep_the_bastion() {
    let catalogue = day_of_gaps();
    let other = day::settled(9, "vm-old-root.2", "2026-03-03T12:00:00Z", "2026-03-03T12:10:00Z", 1);
    catalogue.add(day::unmatched(other, None));
    let err = run(&catalogue, "gaps --limit 1 --bastion bas-hub-01", PIPED).err;
    for command in
        ["sessions list --without-recording --bastion bas-hub-01 --cursor ", "--format csv --bastion bas-hub-01"]
    {
        assert!(err.contains(command), "{command}: {err}");
    }
    let rest = run(&catalogue, "gaps --all --format csv --bastion bas-hub-01", PIPED);
    assert_eq!(rest.out.matches("recording_without_session").count(), 2);
}

#[test]
fn recordings_that_were_not_read_are_mentioned_even_if_the_first_10_000_are_explained() {
    let failed = day::session("5e55-09", day::ANN, "vm-web-01", "2026-03-02T09:00:00Z", "2026-03-02T09:10:00Z");
    let explained = day::unmatched(day::written(1, "vm-web-01-root.1", "2026-03-02T09:00:00Z", 1), Some(&failed));
    let id = |n: usize| RecordingId::parse(&format!("rec_01kjpyph1yv56czgxgxa6{n:05}")).unwrap();
    let of = |count| ListedCatalogue::from_entries((0..count).map(|n| Entry { id: id(n), ..explained.clone() }));
    assert_eq!(run(&of(9_999), "gaps", PIPED).err, "nothing is missing\n");
    let ran = run(&of(10_001), "gaps", PIPED);
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("There may be more recordings without a session: archivist gaps --all"), "{}", ran.err);
}

#[test]
fn no_gaps_print_a_note_and_end_with_0() {
    let ran = run(&ListedCatalogue::from_entries(day::all()), "gaps", PIPED);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", "nothing is missing\n"));
    let other = day_of_gaps().with_watermark("bas-spoke-02", "{}");
    let ran = run(&other, "gaps --bastion bas-spoke-02 --json", PIPED);
    assert_eq!(ran.code, 0);
    let nothing = "{\"bastions\":[],\"sessions\":{\"items\":[],\"next_cursor\":null},\"recordings\":{\"items\":[],\"next_cursor\":null}}\n";
    assert_eq!(ran.out, nothing);
}

#[test]
fn an_unreachable_catalogue_ends_with_3() {
    assert_eq!(run(&ListedCatalogue::out_of_reach(), "gaps", PIPED).code, 3);
}

#[test]
fn help_shows_an_example() {
    assert!(refused("gaps --help").1.contains("Examples:\n  archivist gaps\n"));
}
