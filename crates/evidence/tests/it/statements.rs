//! Bundles made anew whose statements about people's acts differ from the ledger in them.

use evidence::{BundleProblem, HOLDS, RECORDINGS, Unknown};

use crate::bundle::{ID, Parts, checked};

/// Files and kinds of the findings.
fn found(parts: &Parts) -> Vec<(String, BundleProblem)> {
    let (_, findings) = checked(&parts.bundle());
    findings.into_iter().map(|one| (one.file.unwrap_or_default(), one.problem)).collect()
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

fn listed(what: &str, about: &str) -> Vec<u8> {
    let unknown = Unknown { about: about.to_owned(), what: what.to_owned(), reason: "pending".to_owned() };
    format!("{}\n", serde_json::to_string(&unknown).unwrap()).into_bytes()
}

/// Changes of the line of the recording, each with what a bundle must list as unknown to state it.
const CHANGES: [(&str, &str, &str); 19] = [
    // A review by another person, with another ticket, note, content or standing.
    ("bob@contoso.example", "zoe@contoso.example", "review_in_ledger"),
    (r#""by":"eve","verified":false"#, r#""by":"eve","verified":true"#, "review_in_ledger"),
    ("INC-1", "INC-2", "review_in_ledger"),
    ("copied a table", "nothing to see", "review_in_ledger"),
    (r#""note":null,"etag":"0x1""#, r#""note":null,"etag":"0x2""#, "review_in_ledger"),
    (r#""outcome":"finding""#, r#""outcome":"ok""#, "review_in_ledger"),
    ("09:55:00Z", "09:54:00Z", "review_in_ledger"),
    // A review was removed.
    (
        r#"{"outcome":"finding","by":"bob@contoso.example","verified":true,"at":"2026-03-02T09:55:00Z","ticket":"INC-1","note":"copied a table","etag":"0x1"},"#,
        "",
        "review_in_ledger",
    ),
    ("cleo@contoso.example", "zoe@contoso.example", "confirmation_in_ledger"),
    ("she said so", "he said so", "confirmation_in_ledger"),
    ("09:50:00Z", "09:51:00Z", "confirmation_in_ledger"),
    (r#""session":{"tunnel_id":"t1""#, r#""session":{"tunnel_id":"t2""#, "confirmation_in_ledger"),
    // The match poses as one of the log.
    (
        r#","confirmed":{"by":"cleo@contoso.example","at":"2026-03-02T09:50:00Z","reason":"she said so"}"#,
        "",
        "confirmation_in_ledger",
    ),
    (r#""by":"archivist""#, r#""by":"lifecycle""#, "deletion_in_ledger"),
    ("dora@contoso.example", "zoe@contoso.example", "deletion_in_ledger"),
    (r#""approved":{"by":"dora@contoso.example"}"#, r#""approved":null"#, "deletion_in_ledger"),
    (r#""rules":["cards"]"#, r#""rules":[]"#, "deletion_in_ledger"),
    (r#""class":"pci""#, r#""class":"standard""#, "deletion_in_ledger"),
    ("sha256:1", "sha256:2", "deletion_in_ledger"),
];

#[test]
fn a_bundle_with_every_statement_in_the_ledger_has_no_findings() {
    let (proof, findings) = checked(&Parts::full().bundle());
    assert_eq!((findings, proof.facts, proof.facts_anchored), (Vec::new(), 8, 8));
}

#[test]
fn a_review_confirmation_or_deletion_other_than_in_the_ledger_is_found_unless_listed() {
    let parts = Parts::full();
    for (from, to, what) in CHANGES {
        let recordings = replaced(&parts.recordings, from, to);
        let changed = Parts { recordings, ..parts.clone() };
        assert_eq!(found(&changed), [(RECORDINGS.to_owned(), BundleProblem::Contradiction)], "{from} to {to}");
        assert_eq!(found(&Parts { unknown: listed(what, ID), ..changed }), [], "{from} to {to}");
    }
}

#[test]
fn another_blob_than_the_one_of_the_ledger_is_found_even_if_something_is_listed() {
    let parts = Parts::full();
    for (from, to) in [
        ("vm-<b>user</b>", "vm-other"),
        (r#""account":"st""#, r#""account":"st2""#),
        (r#""container":"recordings""#, r#""container":"r2""#),
    ] {
        let recordings = replaced(&parts.recordings, from, to);
        let unknown = listed("hash_in_ledger", ID);
        let changed = Parts { recordings, unknown, ..parts.clone() };
        assert_eq!(found(&changed), [(RECORDINGS.to_owned(), BundleProblem::Contradiction)], "{from} to {to}");
    }
}

#[test]
fn a_hold_other_than_in_the_ledger_is_found_unless_listed() {
    let parts = Parts::full();
    let changes = [
        ("fay@contoso.example", "zoe@contoso.example", "hold_1"),
        (r#""name":"fay","verified":false"#, r#""name":"fay","verified":true"#, "hold_2"),
        ("gil@contoso.example", "zoe@contoso.example", "hold_2"),
        ("09:40:00Z", "09:39:00Z", "hold_1"),
        ("09:45:00Z", "09:46:00Z", "hold_2"),
        (r#""machine":"vm-1""#, r#""machine":"vm-2""#, "hold_1"),
        (r#"{"bastion":"hub","machine":"vm-1"}"#, r#"{"bastion":"hub"}"#, "hold_1"),
        (r#"{"bastion":"hub","machine":"vm-1"}"#, r#"{"bastion":"hub","machine":"vm-1","zone":"1"}"#, "hold_1"),
        // A released hold poses as one in force.
        (
            r#""released_at":"2026-03-02T09:45:00Z","released_by":{"name":"gil@contoso.example","verified":true}"#,
            r#""released_at":null,"released_by":null"#,
            "hold_2",
        ),
        // A hold in force poses as a released one.
        (
            r#""released_at":null,"released_by":null"#,
            r#""released_at":"2026-03-02T09:45:00Z","released_by":{"name":"gil@contoso.example","verified":true}"#,
            "hold_1",
        ),
    ];
    for (from, to, about) in changes {
        let holds = replaced(&parts.holds, from, to);
        let changed = Parts { holds, ..parts.clone() };
        assert_eq!(found(&changed), [(HOLDS.to_owned(), BundleProblem::Contradiction)], "{from} to {to}");
        assert_eq!(found(&Parts { unknown: listed("hold_in_ledger", about), ..changed }), [], "{from} to {to}");
    }
}

#[test]
fn an_invented_hold_is_found() {
    let parts = Parts::full();
    let invented = replaced(&parts.holds, r#""id":"hold_1""#, r#""id":"hold_3""#);
    let invented = invented.split_inclusive(|byte| *byte == b'\n').next().unwrap();
    let holds = [parts.holds.as_slice(), invented].concat();
    assert_eq!(found(&Parts { holds, ..parts }), [(HOLDS.to_owned(), BundleProblem::Contradiction)]);
}

#[test]
fn a_hold_on_a_recording_that_the_list_lacks_or_has_for_another_case_is_found() {
    let parts = Parts::full();
    for (from, to) in [(r#"{"hold":"hold_1""#, r#"{"hold":"hold_9""#), (r#""case":"C1""#, r#""case":"C9""#)] {
        let recordings = replaced(&parts.recordings, from, to);
        let changed = Parts { recordings, ..parts.clone() };
        assert_eq!(found(&changed), [(HOLDS.to_owned(), BundleProblem::Contradiction)], "{to}");
    }
}

#[test]
fn an_earlier_deletion_of_a_recording_that_came_back_is_no_contradiction() {
    let mut parts = Parts::full();
    let deletion = |class: &str| {
        format!(
            r#"{{"id":"{}","at":"2026-03-02T09:00:00Z","kind":"recording.deleted","recording":"{ID}","account":"st","container":"recordings","name":"vm-<b>user</b>","size":19,"policy":"sha256:1","class":"{class}","rules":["cards"],"by":"archivist, allowed by dora@contoso.example"}}"#,
            if class == "pci" {
                "fct_5ea03bx1gnapvtb6ynaddx5rh2"
            } else {
                "fct_5ea03bx1gnapvtb6ynaddx5rh3"
            }
        )
    };
    let claims = r#""reviews":["#;
    let text = String::from_utf8(parts.recordings.clone()).unwrap();
    let without_reviews = format!(
        "{}\"reviews\":[],\"policy\"{}",
        &text[..text.find(claims).unwrap()],
        text.split_once("\"policy\"").unwrap().1
    );
    let confirmed = r#","confirmed":{"by":"cleo@contoso.example","at":"2026-03-02T09:50:00Z","reason":"she said so"}"#;
    parts.recordings = without_reviews
        .replace(confirmed, "")
        .replace(r#""holds":[{"hold":"hold_1","case":"C1"}]"#, r#""holds":[]"#)
        .into_bytes();
    parts.holds = Vec::new();
    let of = |facts: &[String]| {
        let (ledger, heads) = crate::bundle::segment(facts);
        let head = heads.last().unwrap().clone();
        let reference = |(seq, fact): (u64, &str)| evidence::FactReference {
            about: ID.to_owned(),
            kind: "recording.deleted".to_owned(),
            fact: fact.to_owned(),
            segment: "000001".to_owned(),
            seq,
        };
        let mut listed = Parts::default().facts;
        let ids = facts[1..].iter().map(|fact| &fact[7..fact.find("\",").unwrap()]);
        listed.extend((2..).zip(ids).flat_map(|one| reference(one).line().into_bytes()));
        Parts { ledger, head, anchors: Vec::new(), facts: listed, ..parts.clone() }
    };
    let hashed = crate::bundle::hashed(ID, crate::bundle::CONTENT);
    assert_eq!(found(&of(&[hashed.clone(), deletion("standard"), deletion("pci")])), []);
    let wrong = found(&of(&[hashed, deletion("standard")]));
    assert_eq!(wrong, [(RECORDINGS.to_owned(), BundleProblem::Contradiction)]);
}
