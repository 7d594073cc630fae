//! `archivist recordings export`.

use insta::assert_snapshot;
use serde_json::Value;

use crate::catalogue::ListedCatalogue;
use crate::day;
use crate::line::{PIPED, refused, run};

fn catalogue() -> ListedCatalogue {
    ListedCatalogue::of(day::all())
}

#[test]
fn csv_has_a_row_per_recording_that_no_spreadsheet_runs() {
    let ran = run(&catalogue(), "recordings export --format csv", PIPED);
    assert_eq!((ran.code, ran.err.as_str()), (0, "7 recordings exported\n"));
    assert_snapshot!(ran.out);
}

#[test]
fn csv_columns_are_the_scalar_fields_in_their_public_order() {
    let json = run(&catalogue(), "recordings export --format jsonl --state settled vm-web", PIPED).out;
    let csv = run(&catalogue(), "recordings export --format csv --state settled vm-web", PIPED).out;
    let (header, row) = csv.trim_end().split_once('\n').unwrap();
    let recording: Value = serde_json::from_str(&json).unwrap();
    let nested =
        ["session", "candidates", "attempt", "undecided", "retention", "holds", "tags", "deletion", "confirmed"];
    let mut places = Vec::new();
    for (name, cell) in header.split(',').zip(row.split(',')) {
        places.push(json.find(&format!("\"{name}\":")).unwrap());
        let shown = match &recording[name] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        assert_eq!(cell, shown, "{name}");
    }
    assert!(places.is_sorted(), "the order is that of the public form");
    assert_eq!(header.split(',').count() + nested.len(), recording.as_object().unwrap().len());
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
    let catalogue = ListedCatalogue::of((0..3210).map(|n| day::written(n, "vm", "2026-03-02T10:00:00Z", 1)));
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
