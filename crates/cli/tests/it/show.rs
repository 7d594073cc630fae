//! `archivist recordings show`.

use insta::assert_snapshot;

use crate::catalogue::ListedCatalogue;
use crate::day;
use crate::line::{PIPED, refused, run, wide};

fn show(rest: &str) -> crate::line::Ran {
    let catalogue = ListedCatalogue::from_entries([
        day::eventful(1),
        day::deleted(2, "\u{202e}gpj.exe\u{1b}[2J\n", "2026-03-02T11:00:00Z"),
    ]);
    run(&catalogue, &format!("recordings show {rest}"), wide(80))
}

#[test]
fn a_recording_is_shown_with_tags_effects_and_history() {
    assert_snapshot!(show(&day::id(1).to_string()).out);
}

#[test]
fn an_unknown_field_is_a_dash_and_a_hostile_name_is_escaped() {
    assert_snapshot!(show(&day::id(2).to_string()).out);
}

#[test]
fn a_recording_is_shown_with_its_session_candidates_or_attempt() {
    let shown = [1, 2, 3].map(|n| run(&day::evidence(), &format!("recordings show {}", day::id(n)), wide(80)).out);
    assert_snapshot!(shown.join("\n=====\n"));
}

#[test]
fn json_is_the_entry_with_its_history() {
    let ran = show(&format!("{} --json", day::id(1)));
    assert_eq!((ran.code, ran.err.as_str(), ran.out.lines().count()), (0, "", 1));
    assert_snapshot!(ran.out);
}

#[test]
fn an_unknown_recording_id_ends_with_1() {
    let ran = show(&day::id(9).to_string());
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_eq!(ran.err, format!("the catalogue has no recording {}\n", day::id(9)));
    let ran = show(&format!("{} --json", day::id(9)));
    assert_eq!((ran.code, ran.out.as_str()), (1, "null\n"));
}

#[test]
fn an_invalid_recording_id_ends_with_2() {
    let (code, text) = refused("recordings show vm-web-01");
    assert_eq!(code, 2);
    assert!(text.contains("\"vm-web-01\" is not a recording id"), "{text}");
}

#[test]
fn help_shows_an_example() {
    assert!(refused("recordings show --help").1.contains("Example:\n  archivist recordings show rec_"));
}

#[test]
fn an_unreachable_catalogue_ends_with_3() {
    let ran = run(&ListedCatalogue::out_of_reach(), &format!("recordings show {}", day::id(1)), PIPED);
    assert_eq!(ran.code, 3);
}
