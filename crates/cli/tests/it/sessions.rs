//! `archivist sessions`.

use insta::assert_snapshot;
use serde_json::Value;

use crate::catalogue::ListedCatalogue;
use crate::day;
use crate::line::{PIPED, refused, run, wide};

fn tunnels(arguments: &str) -> Vec<String> {
    let out = run(&day::evidence(), &format!("sessions list --json {arguments}"), PIPED).out;
    let page: Value = serde_json::from_str(&out).unwrap();
    page["items"].as_array().unwrap().iter().map(|item| item["tunnel_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_newest_come_first_with_their_recordings() {
    assert_snapshot!(run(&day::evidence(), "sessions list", PIPED).out);
}

#[test]
fn a_table_fits_the_terminal_and_escapes_hostile_names() {
    for width in [60, 80, 100, 120, 200] {
        let out = run(&day::evidence(), "sessions list", wide(width)).out;
        assert!(out.lines().all(|line| line.chars().count() <= usize::from(width)), "{out}");
        assert!(!out.contains(['\u{202e}', '\u{1b}']), "{out:?}");
    }
    assert_snapshot!(run(&day::evidence(), "sessions list", wide(80)).out);
}

#[test]
fn filters_are_combined() {
    assert_eq!(tunnels(""), ["5e55-05", "5e55-04", "5e55-03", "5e55-02", "5e55-01"]);
    assert_eq!(tunnels("--person ANN@contoso.example"), ["5e55-02", "5e55-01"]);
    assert_eq!(tunnels("--person ann@contoso.example --machine VM-DB-02"), ["5e55-02"]);
    assert_eq!(tunnels("--state failed"), ["5e55-05"]);
    assert_eq!(tunnels("--account AZUREADMIN --without-recording"), ["5e55-04", "5e55-03", "5e55-02"]);
    assert_eq!(tunnels("--from 2026-03-02T10:00:05Z --to 2026-03-02T13:00:00Z"), ["5e55-04", "5e55-03"]);
}

#[test]
fn a_full_page_says_how_to_get_the_next_one() {
    let mut found = Vec::new();
    let mut cursor = String::new();
    for _ in 0..3 {
        let ran = run(&day::evidence(), &format!("sessions list --limit 2 {cursor}"), PIPED);
        found.extend(ran.out.lines().skip(1).map(|line| line[..7].to_owned()));
        cursor =
            ran.err.split_once("--cursor ").map(|(_, text)| format!("--cursor {}", text.trim())).unwrap_or_default();
    }
    assert_eq!(found, ["5e55-05", "5e55-04", "5e55-03", "5e55-02", "5e55-01"]);
    assert_eq!(cursor, "");
}

#[test]
fn json_is_one_document_with_the_fractions_of_the_audit_log() {
    let ran = run(&day::evidence(), "sessions list --json --to 2026-03-02T09:30:00Z", wide(80));
    assert_eq!((ran.code, ran.err.as_str(), ran.out.lines().count()), (0, "", 1));
    assert_snapshot!(ran.out);
}

#[test]
fn a_session_is_shown_with_its_records_and_possible_recordings() {
    assert_snapshot!(run(&day::evidence(), "sessions show 5E55-02", wide(80)).out);
}

#[test]
fn a_hostile_session_name_is_escaped() {
    let out = run(&day::evidence(), "sessions show 5e55-04", wide(80)).out;
    assert!(out.contains("\\u{202e}=cmd\\u{1b}[2J") && !out.contains('\u{1b}'), "{out:?}");
}

#[test]
fn an_unknown_session_ends_with_1() {
    let ran = run(&day::evidence(), "sessions show 5e55-99", PIPED);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (1, "", "no bastion logged a session 5e55-99\n"));
    let ran = run(&day::evidence(), "sessions show 5e55-99 --json", PIPED);
    assert_eq!((ran.code, ran.out.as_str()), (1, "null\n"));
    let ran = run(&day::evidence(), "sessions show 5e55-01 --bastion bas-old", PIPED);
    assert_eq!(ran.code, 1, "another bastion's session is another one");
}

#[test]
fn an_empty_list_prints_a_note_and_ends_with_0() {
    let ran = run(&ListedCatalogue::default(), "sessions list", PIPED);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", "no sessions found\n"));
}

#[test]
fn wrong_arguments_end_with_2_and_show_their_remedy() {
    for (arguments, remedy) in [
        ("list --state done", "[possible values: open, ended, failed]"),
        ("list --from someday", "neither a day (today, yesterday, tuesday"),
        ("list --cursor x", "take the `next_cursor` of the page before"),
        ("show \u{7}", "is not a tunnel id"),
    ] {
        let (code, text) = refused(&format!("sessions {arguments}"));
        assert_eq!(code, 2);
        assert!(text.contains(remedy), "{text}");
    }
}

#[test]
fn help_shows_every_option_and_an_example() {
    assert_snapshot!(refused("sessions list --help").1);
    assert!(refused("sessions show --help").1.contains("Example:\n  archivist sessions show 5f0c"));
}
