//! Tests every sample log against `expected.json`, and cut at every byte.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use audit_log::{RECORD_LIMIT, Reader};
use serde_json::Value;

use crate::reading::{ReadKind, feed, records, rejected, whole};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/audit-logs");

fn expected() -> serde_json::Map<String, Value> {
    serde_json::from_str(&fs::read_to_string(format!("{FIXTURES}/expected.json")).unwrap()).unwrap()
}

/// Returns the bytes of every log below a file or folder.
fn logs(path: &Path) -> Vec<Vec<u8>> {
    if path.is_file() {
        return vec![fs::read(path).unwrap()];
    }
    let mut below: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    below.sort();
    below.iter().flat_map(|path| logs(path)).collect()
}

fn names() -> BTreeSet<String> {
    let names = fs::read_dir(FIXTURES).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !["expected.json", "ORIGIN.md"].contains(&name.as_str())).collect()
}

#[test]
fn every_sample_log_gives_its_expected_records() {
    let expected = expected();
    for name in names().iter().filter(|name| !name.starts_with("doc-")) {
        let meaning = expected.get(name).unwrap_or_else(|| panic!("expected.json must say what {name} means"));
        let number = |what: &str| meaning.get(what).map(|number| number.as_u64().unwrap());
        let (mut found, mut unfinished, mut end) = (Vec::new(), 0, 0);
        for log in logs(&Path::new(FIXTURES).join(name)) {
            let (items, rest) = whole(&log, RECORD_LIMIT);
            found.extend(items);
            unfinished += rest.map_or(0, |rest| rest.range.end - rest.range.start);
            end += log.len() as u64;
        }
        let foreign = found.iter().filter(|(kind, _)| matches!(kind, ReadKind::Foreign(_))).count() as u64;
        assert_eq!(Some(records(&found).len() as u64), number("records"), "records of {name}");
        assert_eq!(rejected(&found).len() as u64, number("rejected").unwrap_or(0), "rejected of {name}");
        assert_eq!(foreign, number("ignored").unwrap_or(0), "other categories of {name}");
        assert_eq!(unfinished, number("partial_tail_bytes").unwrap_or(0), "unfinished bytes of {name}");
        assert_eq!(end - unfinished, number("checkpoint").unwrap_or(end - unfinished), "checkpoint of {name}");
    }
}

#[test]
fn every_expected_meaning_has_its_sample() {
    let names = names();
    assert!(names.len() >= 26, "{} samples are left", names.len());
    for name in expected().keys().filter(|name| *name != "_meaning") {
        assert!(names.contains(name), "{name}");
    }
}

/// Compares ends and durations of single records with the sessions in `expected.json`.
#[test]
fn the_ends_of_sessions_are_those_expected() {
    for name in names() {
        let meaning = expected().remove(&name).unwrap_or_default();
        let logs = logs(&Path::new(FIXTURES).join(&name));
        let records: Vec<_> = logs.iter().flat_map(|log| records(&whole(log, RECORD_LIMIT).0)).collect();
        for session in meaning["sessions"].as_array().into_iter().flatten() {
            let Some(tunnel) = session["tunnel"].as_str() else { continue };
            let of_it =
                || records.iter().filter(|record| record.tunnel_id.as_deref().unwrap().eq_ignore_ascii_case(tunnel));
            let ended = of_it().any(|record| record.session_end.is_some() && record.duration.is_some());
            assert_eq!(ended, session["state"] == "ended", "{tunnel} in {name}");
            assert_eq!(of_it().any(|record| record.session_end.is_some()), ended, "{tunnel} in {name}");
            if let Some(millis) = session["duration_ms"].as_i64() {
                let known = of_it().find_map(|record| record.duration.as_ref()?.known()).unwrap();
                assert_eq!(known.as_millis(), i128::from(millis), "{tunnel} in {name}");
            }
        }
    }
}

#[test]
fn the_published_samples_are_read() {
    for (name, message) in [("doc-connect-success", "Successfully Connected."), ("doc-login-failed", "Login Failed")] {
        let (found, rest) = whole(&fs::read(format!("{FIXTURES}/{name}.json")).unwrap(), RECORD_LIMIT);
        let [record] = records(&found).try_into().unwrap();
        assert_eq!((record.message.as_deref(), rest), (Some(message), None));
        assert_eq!(record.time.unwrap().known().unwrap().to_string(), "2019-10-03T16:03:34.776Z");
        assert_eq!((record.client_ip.as_deref(), record.client_port), (Some("131.107.159.86"), Some(24039)));
    }
}

#[test]
fn a_sample_resumed_at_any_byte_gives_the_same_records() {
    for name in names() {
        for log in logs(&Path::new(FIXTURES).join(&name)) {
            let expected = whole(&log, RECORD_LIMIT);
            for cut in 0..=log.len() {
                let (mut reader, mut found) = (Reader::at(0), Vec::new());
                feed(&mut reader, &log[..cut], &mut found);

                let (checkpoint, mut restarted) = (reader.consumed(), found.clone());
                feed(&mut reader, &log[cut..], &mut found);
                assert_eq!((&found, reader.finish()), (&expected.0, expected.1.clone()), "{name} cut at {cut}");

                let mut other = Reader::at(checkpoint);
                feed(&mut other, &log[usize::try_from(checkpoint).unwrap()..], &mut restarted);
                let again = (&restarted, other.finish());
                assert_eq!(again, (&expected.0, expected.1.clone()), "{name} restarted at {checkpoint} of {cut}");
            }
        }
    }
}
