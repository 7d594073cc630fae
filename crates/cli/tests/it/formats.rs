//! Formats, pages, ids and times that all lists share.

use cli::IdArg;
use domain::record::recording_id::RecordingId;
use serde_json::Value;

use crate::catalogue::ListedCatalogue;
use crate::day;
use crate::desk::{CliDesk, at_once};
use crate::line::{PIPED, refused, run, wide};

fn many() -> ListedCatalogue {
    ListedCatalogue::from_entries((0..1234).map(|n| day::written(n, &format!("vm-{n}"), "2026-03-02T10:00:00Z", 1)))
}

#[test]
fn json_is_the_short_form_of_format_json() {
    for list in ["recordings list", "sessions list", "gaps"] {
        let short = run(&day::evidence(), &format!("{list} --json"), PIPED);
        assert_eq!(short, run(&day::evidence(), &format!("{list} --format json"), PIPED), "{list}");
        let (code, text) = refused(&format!("{list} --json --format csv"));
        assert_eq!(code, 2);
        assert!(text.contains("cannot be used with"), "{text}");
    }
}

#[test]
fn every_list_has_csv_with_a_header_and_jsonl_with_an_object_per_line() {
    for list in ["recordings list", "sessions list", "gaps"] {
        let json = run(&day::evidence(), &format!("{list} --format jsonl"), PIPED).out;
        let csv = run(&day::evidence(), &format!("{list} --format csv"), PIPED).out;
        assert!(!json.is_empty(), "{list}");
        for line in json.lines() {
            assert!(serde_json::from_str::<Value>(line).unwrap().is_object(), "{list}: {line}");
        }
        assert_eq!(csv.lines().count(), 1 + json.lines().count(), "{list}");
    }
}

#[test]
fn holds_and_plans_have_csv_and_jsonl() {
    let desk = CliDesk::with_recordings(&["vm-web-01-azureadmin", "vm-db-02-azureadmin"]);
    desk.run(
        "hold place --case 2026-17 --reason =lawsuit --recording RECORDING --yes"
            .replace("RECORDING", &desk.ids()[0])
            .as_str(),
    );
    let csv = desk.run("hold list --format csv").out;
    assert!(csv.starts_with("id,case,reason,recording,"), "{csv}");
    assert!(csv.contains(",2026-17,'=lawsuit,"), "a cell that a spreadsheet would run is text: {csv}");
    let line = desk.run("hold list --format jsonl").out;
    assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["case"], "2026-17");
    desk.pass(48);
    let csv = desk.run("retention plan --format csv").out;
    assert!(csv.starts_with("step,id,") && csv.contains("\nto_warn,rec_"), "{csv}");
}

#[test]
fn gaps_in_csv_say_what_is_missing() {
    let csv = run(&crate::gaps::day_of_gaps(), "gaps --format csv", PIPED);
    assert_eq!(csv.code, 1);
    for kind in ["\nbastion,", "\nsession_without_recording,", "\nrecording_without_session,"] {
        assert!(csv.out.contains(kind), "{}", csv.out);
    }
}

#[test]
fn all_gaps_are_listed_across_pages() {
    let gaps = |arguments: &str| run(&crate::gaps::day_of_gaps(), &format!("gaps --format jsonl {arguments}"), PIPED);
    let (all, first) = (gaps("--all"), gaps("--limit 1"));
    assert_eq!(all.out, gaps("--limit 1000").out);
    assert!(all.out.lines().count() > first.out.lines().count() && all.err.is_empty(), "{}", all.err);
    assert!(first.err.contains("--all lists them"), "{}", first.err);
    let refused = run(&crate::gaps::day_of_gaps(), "gaps --all", PIPED);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    let sessions = (0..1100).map(|n| {
        let session = day::session(
            &format!("5e55-{n:04}"),
            "ann@contoso.example",
            "vm-web-01",
            "2026-03-02T09:12:44Z",
            "2026-03-02T09:40:02Z",
        );
        day::missing(session, domain::record::session::GapCause::Unknown)
    });
    let many = ListedCatalogue::default().with_sessions(sessions);
    assert_eq!(run(&many, "gaps --all --format csv", PIPED).out.lines().count(), 1 + 1100);
}

#[test]
fn all_lists_every_recording_once_and_holds_one_page_at_a_time() {
    for format in ["table", "csv", "jsonl", "json"] {
        let catalogue = many();
        let ran = run(&catalogue, &format!("recordings list --all --format {format}"), PIPED);
        let ids: Vec<&str> = ran.out.match_indices("rec_").map(|(at, _)| &ran.out[at..at + 30]).collect();
        assert_eq!((ran.code, ran.err.as_str(), ids.len()), (0, "", 1234), "{format}");
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), 1234, "{format}");
        assert!(*catalogue.most_given.lock().unwrap() <= 501, "{format}");
    }
    assert_eq!(refused("recordings list --all --limit 5").0, 2);
}

#[test]
fn a_table_of_all_recordings_has_one_header_and_aligned_pages() {
    let out = run(&many(), "recordings list --all", wide(120)).out;
    assert_eq!(out.matches("created (UTC)").count(), 1);
    let places: std::collections::BTreeSet<usize> =
        out.lines().skip(1).map(|line| line.find("active").unwrap()).collect();
    assert_eq!(places.len(), 1, "the column of the state begins at the same place in every line");
}

#[test]
fn a_json_document_of_all_recordings_has_no_cursor() {
    let out = run(&many(), "recordings list --all --json", PIPED).out;
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["items"].as_array().unwrap().len(), 1234);
    assert_eq!(document["next_cursor"], Value::Null);
}

#[test]
fn a_terminal_shows_short_ids_that_commands_accept() {
    let table = run(&day::evidence(), "recordings list", wide(100)).out;
    assert!(table.contains("rec_…6h0001"), "{table}");
    let whole = run(&day::evidence(), &format!("recordings show {}", day::id(1)), PIPED);
    for short in ["rec_…6h0001", "…6h0001", "6h0001", "rec_...6h0001"] {
        assert_eq!(run(&day::evidence(), &format!("recordings show {short}"), PIPED), whole, "{short}");
    }
    assert_eq!(whole.code, 0);
}

#[test]
fn an_ambiguous_short_id_ends_with_2_and_the_candidates() {
    let ran = run(&many(), "recordings show rec_01kjpyph", PIPED);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("1234 ids are like rec_01kjpyph…; write more of it:\n  rec_01kjpyph"), "{}", ran.err);
    let ran = run(&many(), "recordings show …zzzzzz", PIPED);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("write the whole id"), "{}", ran.err);
}

#[test]
fn a_change_needs_the_whole_id_if_there_are_more_than_10_000_recordings() {
    let whole = |n: usize| RecordingId::parse(&format!("rec_01kjpyph1yv56czgxgxa6{n:05}")).unwrap();
    let written = day::written(1, "vm-web-01-azureadmin.3", "2026-03-02T10:00:00Z", 1);
    let short = IdArg::parse("…09999").unwrap();
    for (recordings, is_certain) in [(9_999, true), (10_001, false)] {
        let entries = (1..=recordings).map(|n| domain::record::catalogue::Entry { id: whole(n), ..written.clone() });
        let catalogue = ListedCatalogue::from_entries(entries);
        assert_eq!(at_once(short.find(&catalogue)).unwrap(), whole(9_999), "to read it");
        let to_change = at_once(short.find_to_change(&catalogue)).map_err(|error| error.to_string());
        assert_eq!(to_change.is_ok_and(|id| id == whole(9_999)), is_certain, "of {recordings}");
        assert_eq!(at_once(IdArg::Whole(whole(1)).find_to_change(&catalogue)).unwrap(), whole(1));
    }
}

#[test]
fn the_end_of_a_tunnel_id_is_accepted() {
    let whole = run(&day::evidence(), "sessions show 5e55-03", PIPED);
    assert_eq!(run(&day::evidence(), "sessions show …55-03", PIPED), whole);
    let ran = run(&day::evidence(), "sessions show …9-03", PIPED);
    assert_eq!(ran.code, 2, "{}", ran.err);
}

#[test]
fn times_of_tables_and_days_of_options_are_in_the_zone() {
    let table = run(&day::evidence(), "--tz Asia/Tokyo recordings list", PIPED).out;
    assert!(table.contains("created (Tokyo)") && table.contains("2026-03-02 18:12"), "{table}");
    let count = |arguments: &str| run(&day::evidence(), arguments, PIPED).out.lines().count();
    assert_eq!(count("sessions list --from 2026-03-02 --to 2026-03-02"), 1 + 5);
    // 2 March 2026 ends in Auckland at 11:00 UTC.
    assert_eq!(count("--tz Pacific/Auckland sessions list --from 2026-03-02 --to 2026-03-02"), 1 + 3);
    let (code, text) = refused("--tz Berlin recordings list");
    assert_eq!(code, 2);
    assert!(text.contains("Europe/Berlin"), "{text}");
}

#[test]
fn a_day_word_counts_from_the_present() {
    // The present is Tuesday, 3 March 2026.
    let count = |words: &str| {
        let ran = run(&day::evidence(), &format!("sessions list {words} --format jsonl"), PIPED);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out.lines().count()
    };
    assert_eq!(
        [count("--from yesterday"), count("--from today"), count("--to monday"), count("--from 7d")],
        [5, 0, 5, 5]
    );
}

#[test]
fn a_range_that_ends_before_it_begins_ends_with_2() {
    for list in ["recordings list", "recordings export --format csv", "sessions list", "sessions export --format csv"] {
        for from in ["2026-03-05", "2026-03-03"] {
            let ran = run(&day::evidence(), &format!("{list} --from {from} --to 2026-03-02"), PIPED);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{list}");
            assert!(ran.err.contains("--from is after --to"), "{}", ran.err);
        }
    }
}

#[test]
fn an_unknown_bastion_or_class_ends_with_2_and_the_known_names() {
    for list in ["recordings list", "sessions list", "gaps"] {
        let ran = run(&day::evidence(), &format!("{list} --bastion bas-hub-1"), PIPED);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{list}");
        assert!(ran.err.contains("--bastion: bas-hub-1 is not known; known are bas-hub-01"), "{}", ran.err);
    }
    let ran = run(&day::evidence(), "recordings list --class gold", PIPED);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--class: gold is not known; known are "), "{}", ran.err);
}

#[test]
fn a_bastion_that_is_only_in_the_catalogue_is_known() {
    let catalogue = ListedCatalogue::from_entries(day::all());
    assert_eq!(run(&catalogue, "recordings list --bastion bas-spoke-02", PIPED).code, 0);
    let logged = ListedCatalogue::from_entries(day::all()).with_watermark("bas-old", "{}");
    assert_eq!(run(&logged, "sessions list --bastion bas-old", PIPED).code, 0);
}

#[test]
fn sessions_are_exported_in_all_pages() {
    let ran = run(&day::evidence(), "sessions export --format csv", PIPED);
    assert_eq!((ran.code, ran.err.as_str()), (0, "5 sessions exported\n"));
    assert!(ran.out.starts_with("schema,tunnel_id,bastion,state,"), "{}", ran.out);
    assert!(ran.out.contains("vm-web-01,198.51.100.7"), "machine and client address: {}", ran.out);
}
