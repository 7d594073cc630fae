//! A bundle that was made anew with other contents contradicts itself.

use domain::record::ledger::Sha256;
use evidence::{BundleProblem, Unknown};

use crate::bundle::{CONTENT, ID, Parts, checked, checked_with, hashed, hashed_as, line, segment};

fn problems(parts: &Parts) -> Vec<BundleProblem> {
    checked(&parts.bundle()).1.into_iter().map(|finding| finding.problem).collect()
}

#[test]
fn a_content_other_than_the_catalogued_is_found() {
    let parts = Parts { content: b"another film".to_vec(), ..Parts::default() };
    assert!(problems(&parts).contains(&BundleProblem::Contradiction));
}

#[test]
fn a_catalogued_hash_that_the_ledger_does_not_have_is_found_unless_listed() {
    let (ledger, heads) = segment(&[hashed_as(ID, b"another film", "0x0")]);
    let mut parts = Parts { ledger, head: heads.last().unwrap().clone(), anchors: Vec::new(), ..Parts::default() };
    assert_eq!(problems(&parts), [BundleProblem::Contradiction]);
    let listed = Unknown { about: ID.to_owned(), what: "hash_in_ledger".to_owned(), reason: "pending".to_owned() };
    parts.unknown = format!("{}\n", serde_json::to_string(&listed).unwrap()).into_bytes();
    assert_eq!(problems(&parts), []);
}

#[test]
fn a_content_other_than_the_one_in_the_ledger_is_found_whatever_the_entry_says() {
    let (ledger, heads) = segment(&[hashed(ID, b"the film")]);
    let listed = Unknown { about: ID.to_owned(), what: "hash_in_ledger".to_owned(), reason: "pending".to_owned() };
    let unknown = format!("{}\n", serde_json::to_string(&listed).unwrap()).into_bytes();
    let head = heads.last().unwrap().clone();
    let mut parts = Parts { ledger, head, anchors: Vec::new(), unknown, ..Parts::default() };
    assert_eq!(problems(&parts), [BundleProblem::Contradiction]);
    let catalogued = format!(r#""content_sha256":"{}""#, Sha256::hash(CONTENT));
    let text = String::from_utf8(parts.recordings).unwrap();
    assert!(text.contains(&catalogued));
    parts.recordings = text.replace(&catalogued, r#""content_sha256":null"#).into_bytes();
    assert_eq!(problems(&parts), [BundleProblem::Contradiction]);
}

#[test]
fn a_ledger_line_left_out_of_the_list_of_facts_is_found() {
    let parts = Parts { facts: Vec::new(), ..Parts::default() };
    assert_eq!(problems(&parts), [BundleProblem::Contradiction]);
}

#[test]
fn a_changed_line_of_the_ledger_is_found_even_with_a_new_manifest() {
    let parts = Parts::default();
    let text = String::from_utf8(parts.ledger.clone()).unwrap().replace("vm-<b>user</b>", "vm-other");
    assert!(problems(&Parts { ledger: text.into_bytes(), ..parts }).contains(&BundleProblem::Ledger));
}

#[test]
fn an_audit_record_with_another_text_is_found() {
    let parts = Parts::default();
    let text = String::from_utf8(parts.recordings.clone()).unwrap().replace("09:12:44Z\\\"", "09:12:45Z\\\"");
    assert_eq!(problems(&Parts { recordings: text.into_bytes(), ..parts }), [BundleProblem::Changed]);
}

#[test]
fn an_anchored_head_that_differs_from_the_ledger_is_found() {
    let parts = Parts::default();
    let anchors = String::from_utf8(parts.anchors.clone()).unwrap().replace(&parts.head.hash, &"0".repeat(64));
    assert_eq!(problems(&Parts { anchors: anchors.into_bytes(), ..parts }), [BundleProblem::Contradiction]);
}

#[test]
fn a_head_known_from_elsewhere_covers_the_facts_before_it() {
    let parts = Parts::default();
    let head = Sha256::parse(&parts.head.hash);
    let (proof, findings) = checked_with(&parts.bundle(), None, head);
    assert_eq!((proof.facts_under_head, findings.len()), (Some(1), 0));
    let (proof, findings) = checked_with(&parts.bundle(), None, Some(Sha256::hash(b"other")));
    assert_eq!((proof.facts_under_head, findings[0].problem), (None, BundleProblem::Head));
}

#[test]
fn a_repeated_recording_is_found() {
    let one = line(ID, CONTENT, r#"{"sessions":[],"records":[],"unread":[],"left_out":0}"#);
    let parts = Parts { recordings: one.repeat(2).into_bytes(), ..Parts::default() };
    assert!(problems(&parts).contains(&BundleProblem::Format));
}

#[test]
fn a_name_in_the_page_stays_text() {
    let bundle = Parts::default().bundle();
    let text = String::from_utf8_lossy(&bundle);
    let page = &text[text.find("<!DOCTYPE").unwrap()..text.find("</html>").unwrap()];
    assert!(page.contains("vm-&lt;b&gt;user&lt;/b&gt;") && !page.contains("<b>user"), "{page}");
}
