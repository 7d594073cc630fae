//! `archivist recordings export`.

use insta::assert_snapshot;
use serde_json::Value;

use crate::catalogue::ListedCatalogue;
use crate::day;
use crate::line::{PIPED, refused, run};

fn catalogue() -> ListedCatalogue {
    ListedCatalogue::from_entries(day::all())
}

#[test]
fn csv_has_a_row_per_recording_that_no_spreadsheet_runs() {
    let ran = run(&catalogue(), "recordings export --format csv", PIPED);
    assert_eq!((ran.code, ran.err.as_str()), (0, "7 recordings exported\n"));
    assert_snapshot!(ran.out);
}

#[test]
fn csv_begins_with_the_scalar_fields_of_the_entry() {
    let json = run(&catalogue(), "recordings export --format jsonl --state settled vm-web", PIPED).out;
    let csv = run(&catalogue(), "recordings export --format csv --state settled vm-web", PIPED).out;
    let (header, row) = csv.trim_end().split_once('\n').unwrap();
    let recording: Value = serde_json::from_str(&json).unwrap();
    let scalars = recording.as_object().unwrap().iter().filter(|(_, value)| !value.is_object() && !value.is_array());
    // The fields that are null here have no scalar value in other recordings.
    let nested = ["session", "attempt", "undecided", "retention", "deletion", "confirmed"];
    let scalars: Vec<&str> = scalars.map(|(name, _)| name.as_str()).filter(|name| !nested.contains(name)).collect();
    let columns: Vec<&str> = header.split(',').collect();
    for name in &scalars {
        let at = columns.iter().position(|column| column == name).unwrap();
        let shown = match &recording[name] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        assert_eq!(row.split(',').nth(at).unwrap(), shown, "{name}");
    }
    assert_eq!(columns[..scalars.len()].iter().filter(|name| scalars.contains(name)).count(), scalars.len());
}

#[test]
fn an_export_as_one_document_is_the_whole_list() {
    for command in ["recordings", "sessions"] {
        let long = run(&catalogue(), &format!("{command} export --format json"), PIPED);
        let short = run(&catalogue(), &format!("{command} export --json"), PIPED);
        assert_eq!((long.code, &long.out), (0, &short.out));
        assert_eq!(run(&catalogue(), &format!("{command} list --all --json"), PIPED).out, short.out);
        let (code, text) = refused(&format!("{command} export"));
        assert!(code == 2 && text.contains("--format"), "{text}");
        assert_eq!(refused(&format!("{command} export --json --format csv")).0, 2);
    }
}

/// Cell of a column in the only row of a CSV list.
fn cell(csv: &str, column: &str) -> String {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let at = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
    reader.records().next().unwrap().unwrap()[at].to_owned()
}

#[test]
fn csv_has_machine_session_and_client_address_of_a_matched_recording() {
    let csv = run(&day::evidence(), "recordings export --format csv --match matched", PIPED).out;
    for (column, expected) in [
        ("machine", "vm-web-01"),
        ("person", "ann@contoso.example"),
        ("session_id", "5e55-01"),
        ("session_client_ip", "198.51.100.7"),
        ("session_user_name", "azureadmin"),
    ] {
        assert_eq!(cell(&csv, column), expected, "{column}");
    }
}

#[test]
fn jsonl_gives_every_name_back_unchanged() {
    let out = run(&catalogue(), "recordings export --format jsonl", PIPED).out;
    let names: Vec<String> = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["name"].as_str().unwrap().to_owned())
        .collect();
    let expected: Vec<String> = day::all().iter().rev().map(|entry| entry.address.name.as_str().to_owned()).collect();
    assert_eq!(names, expected);
}

#[test]
fn an_export_takes_all_pages_and_holds_one_at_a_time() {
    let catalogue = ListedCatalogue::from_entries((0..3210).map(|n| day::written(n, "vm", "2026-03-02T10:00:00Z", 1)));
    let out = run(&catalogue, "recordings export --format jsonl", PIPED).out;
    assert_eq!(out.lines().count(), 3210);
    assert!(*catalogue.most_given.lock().unwrap() <= 501);
}

#[test]
fn an_export_of_nothing_is_a_header_or_empty() {
    let empty = ListedCatalogue::default();
    assert_eq!(run(&empty, "recordings export --format csv", PIPED).out.lines().count(), 1);
    assert_eq!(run(&empty, "recordings export --format jsonl", PIPED).out, "");
}

#[test]
fn an_export_requires_a_format() {
    let (code, text) = refused("recordings export");
    assert_eq!(code, 2);
    assert!(text.contains("--format <FORMAT>"), "{text}");
}

#[test]
fn help_shows_an_example() {
    assert!(refused("recordings export --help").1.contains("archivist recordings export --format csv"));
}
