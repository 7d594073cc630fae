//! Bundles made with care to tell something else than their data, as an auditor's opponent would.

use domain::record::ledger::{SegmentNumber, Sha256};
use domain::record::recording_id::RecordingId;
use evidence::{
    ANCHORS, AnchorForm, BundleProblem, Envelope, FactReference, HOLDS, HeadForm, MANIFEST, Manifest, PAGE, PageState,
    RECORDINGS, SignatureState, UNKNOWNS, content_name, segment_name,
};
use ring::rand::SystemRandom;
use ring::signature::Ed25519KeyPair;

use crate::bundle::{CONTENT, ID, Parts, anchor, checked, checked_with, hashed, key, segment_with, written};

type Found = Vec<(String, BundleProblem)>;

fn found(bundle: &[u8]) -> Found {
    let (_, findings) = checked_with(bundle, None, None);
    findings.into_iter().map(|one| (one.file.unwrap_or_default(), one.problem)).collect()
}

fn one(file: &str, problem: BundleProblem) -> Found {
    vec![(file.to_owned(), problem)]
}

/// A bundle of the default parts with a manifest changed like this.
fn with_manifest(change: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    let parts = Parts::default();
    let mut manifest = parts.manifest();
    change(&mut manifest);
    let mut parts_of_page = parts.clone();
    parts_of_page.head = parts.head.clone();
    parts.bundle_of(&page_of(&parts, &manifest), &manifest)
}

/// The files of these parts, with the page of another manifest.
fn page_of(parts: &Parts, manifest: &Manifest) -> Vec<(String, Vec<u8>)> {
    let mut files = parts.files();
    let mut page = Vec::new();
    let mut lines = parts.recordings.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec);
    let mut write = |piece: &[u8]| {
        page.extend_from_slice(piece);
        Ok(())
    };
    evidence::write_page(&evidence::PageHead::from_manifest(manifest), &[], || Ok(lines.next()), &mut write).unwrap();
    files.last_mut().unwrap().1 = page;
    files
}

/// A bundle of the default files, with the text of the manifest changed like this.
fn with_manifest_text(change: impl FnOnce(String) -> String) -> Vec<u8> {
    let parts = Parts::default();
    let mut text = Vec::new();
    parts.bundle_of(&parts.files(), &parts.manifest());
    written(&parts.files(), |writer| {
        text = writer.manifest(parts.manifest()).unwrap();
        None
    });
    let text = change(String::from_utf8(text).unwrap());
    written(&parts.files(), |writer| {
        writer.file(MANIFEST, text.as_bytes()).unwrap();
        None
    })
}

#[test]
fn a_page_that_tells_something_else_is_found_even_if_it_is_signed() {
    let parts = Parts::default();
    for (from, to) in [("ada@", "bob@"), ("2026-03-02T10:00:00Z", "2026-03-03T10:00:00Z"), ("Nothing", "Something")] {
        let mut files = parts.files();
        let page = String::from_utf8(files.last().unwrap().1.clone()).unwrap();
        assert!(page.contains(from));
        files.last_mut().unwrap().1 = page.replacen(from, to, 1).into_bytes();
        let (proof, findings) = checked(&parts.bundle_of(&files, &parts.manifest()));
        assert!(matches!(proof.signature, SignatureState::Valid { .. }));
        let named: Vec<_> = findings.iter().map(|one| (one.file.as_deref(), one.problem)).collect();
        assert_eq!(
            (named, proof.page),
            (vec![(Some(PAGE), BundleProblem::Contradiction)], PageState::Differs),
            "{from}"
        );
    }
    for page in ["", "<!DOCTYPE html>", &"x".repeat(10_000)] {
        let mut files = parts.files();
        files.last_mut().unwrap().1 = page.as_bytes().to_vec();
        assert_eq!(found(&parts.bundle_of(&files, &parts.manifest())), one(PAGE, BundleProblem::Contradiction));
    }
}

#[test]
fn a_page_of_another_version_is_not_compared_and_never_good() {
    let parts = Parts::default();
    let manifest = Manifest { page: 0, ..parts.manifest() };
    let (proof, findings) = checked(&parts.bundle_of(&parts.files(), &manifest));
    assert_eq!((proof.page, findings), (PageState::NotCompared, Vec::new()));
    assert_eq!(checked(&parts.bundle()).0.page, PageState::OfTheData);
}

#[test]
fn a_file_that_is_there_twice_or_has_another_name_is_found() {
    let parts = Parts::default();
    let content = content_name(RecordingId::parse(ID).unwrap());
    for name in [&content, RECORDINGS, HOLDS, &segment_name(SegmentNumber::FIRST), PAGE] {
        let mut files = parts.files();
        let at = files.iter().position(|(known, _)| known == name).unwrap();
        files.insert(at, files[at].clone());
        assert!(
            found(&parts.bundle_of(&files, &parts.manifest())).contains(&(name.to_owned(), BundleProblem::Files)),
            "{name}"
        );
    }
    let upper = content.to_uppercase();
    let names =
        ["notes.txt", "../recordings.jsonl", "Recordings.jsonl", "recordings\u{ff0e}jsonl", "ledger/1.jsonl", &upper];
    for name in names.into_iter().chain(["recordings.jsonl\u{200b}", "./holds.jsonl", "content/", "recordings.jsonl\0"])
    {
        for at in [0, 3, 8] {
            let mut files = parts.files();
            files.insert(at, (name.to_owned(), b"x".to_vec()));
            let found = found(&parts.bundle_of(&files, &parts.manifest()));
            let shown = name.escape_debug().to_string();
            assert!(
                found.iter().any(|(file, problem)| *file == shown && *problem == BundleProblem::Files),
                "{name:?}: {found:?}"
            );
        }
    }
}

#[test]
fn bytes_before_between_and_behind_the_files_are_found() {
    let bundle = Parts::default().bundle();
    let is_found = |changed: &[u8]| !found(changed).is_empty();
    assert!(is_found(&[b"MZ", bundle.as_slice()].concat()), "a prefix");
    let mut comment = bundle.clone();
    let length = comment.len();
    comment[length - 2..].copy_from_slice(&[3, 0]);
    comment.extend(b"hi!");
    assert!(is_found(&comment), "a comment");
    for (offset, what) in [(4, "version"), (6, "flags"), (8, "compression"), (10, "time"), (28, "extra field")] {
        let mut changed = bundle.clone();
        changed[offset] ^= 8;
        assert!(is_found(&changed), "{what}");
    }
    assert!(is_found(&[bundle.as_slice(), bundle.as_slice()].concat()), "a second archive");
}

#[test]
fn a_manifest_with_a_repeated_name_or_file_is_found() {
    let bundle = with_manifest_text(|text| text.replacen("{\"format\"", "{\"recordings\":9,\"format\"", 1));
    assert!(found(&bundle).contains(&(MANIFEST.to_owned(), BundleProblem::Format)));
    let twice = |text: String| {
        let at = text.find("{\"name\"").unwrap();
        let end = at + text[at..].find('}').unwrap() + 1;
        let file = format!("{},", &text[at..end]);
        text.replacen(&file, &file.repeat(2), 1)
    };
    assert_eq!(found(&with_manifest_text(twice)), one(MANIFEST, BundleProblem::Contradiction));
    let unnamed = |text: String| {
        let at = text.find(",{\"name\":\"index.html\"").unwrap();
        format!("{}]}}\n", &text[..at])
    };
    assert_eq!(found(&with_manifest_text(unnamed)), one(PAGE, BundleProblem::Files));
}

#[test]
fn a_line_with_a_repeated_name_is_found_wherever_it_is() {
    let parts = Parts::default();
    let text = String::from_utf8(parts.recordings.clone()).unwrap();
    for (from, to) in [
        ("\"policy\":null", "\"policy\":{},\"policy\":null"),
        (
            "\"reviews\":[]",
            "\"reviews\":[{\"outcome\":\"ok\",\"at\":\"t\",\"by\":\"ada\",\"verified\":true,\"more\":1,\"more\":2}]",
        ),
    ] {
        assert!(text.contains(from));
        let recordings = text.replace(from, to).into_bytes();
        let found = found(&Parts { recordings, ..parts.clone() }.bundle());
        assert!(found.contains(&(RECORDINGS.to_owned(), BundleProblem::Format)), "{found:?}");
    }
    let full = Parts::full();
    let text = String::from_utf8(full.holds.clone()).unwrap();
    let holds = text.replacen("\"case\":\"C1\"", "\"case\":\"C1\",\"case\":\"C2\"", 1).into_bytes();
    assert!(found(&Parts { holds, ..full.clone() }.bundle()).contains(&(HOLDS.to_owned(), BundleProblem::Format)));
    let holds = full.holds.repeat(2);
    assert!(found(&Parts { holds, ..full }.bundle()).contains(&(HOLDS.to_owned(), BundleProblem::Format)));
}

#[test]
fn a_signature_of_another_key_under_the_id_of_ours_does_not_count() {
    let (parts, random) = (Parts::default(), SystemRandom::new());
    let other = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
    let other = Ed25519KeyPair::from_pkcs8(other.as_ref()).unwrap();
    let bundle = written(&parts.files(), |writer| {
        let manifest = writer.manifest(parts.manifest()).unwrap();
        let signature = other.sign(&Envelope::message(&manifest));
        Some(Envelope::signed(&manifest, key().public(), signature.as_ref()))
    });
    let (proof, findings) = checked(&bundle);
    assert_eq!(findings.iter().map(|one| one.problem).collect::<Vec<_>>(), [BundleProblem::Signature]);
    assert_eq!(proof.signature, SignatureState::Wrong { keys: vec![key().public().id().to_owned()] });
}

#[test]
fn a_manifest_that_says_other_than_its_files_is_found() {
    let contradiction = one(MANIFEST, BundleProblem::Contradiction);
    assert_eq!(found(&with_manifest(|_| ())), []);
    assert_eq!(found(&with_manifest(|manifest| manifest.with_content = false)), contradiction);
    assert_eq!(found(&with_manifest(|manifest| manifest.recordings = 2)), contradiction);
    assert_eq!(found(&with_manifest(|manifest| manifest.as_of = "2026-03-01T10:00:00Z".to_owned())), contradiction);
    let without_head = |manifest: &mut Manifest| (manifest.head, manifest.anchor) = (None, None);
    assert!(found(&with_manifest(without_head)).contains(&contradiction[0]));
}

#[test]
fn something_unknown_that_the_list_leaves_out_is_found() {
    let parts = Parts::default();
    let text = String::from_utf8(parts.recordings.clone()).unwrap();
    let changes = [
        ("\"tunnel_id\":\"t1\",\"unknown\":null", "\"tunnel_id\":\"t1\",\"unknown\":\"no right\""),
        ("\"logged\":true", "\"logged\":false"),
        ("\"older\":0", "\"older\":1"),
    ];
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        let recordings = text.replace(from, to).into_bytes();
        assert_eq!(
            found(&Parts { recordings, ..parts.clone() }.bundle()),
            one(UNKNOWNS, BundleProblem::Contradiction),
            "{to}"
        );
    }
    let unknown = b"{\"about\":\"rec_01kjpyph1yv56czgxgxa6hk7hr\",\"what\":\"content\",\"reason\":\"gone\"}\n".to_vec();
    assert_eq!(found(&Parts { unknown, ..parts }.bundle()), one(UNKNOWNS, BundleProblem::Contradiction));
}

#[test]
fn a_review_that_the_ledger_does_not_have_is_found() {
    let parts = Parts::default();
    let text = String::from_utf8(parts.recordings.clone()).unwrap();
    let review = |outcome: &str| {
        let review =
            format!(r#""reviews":[{{"outcome":"{outcome}","at":"2026-03-02T09:59:00Z","by":"eve","verified":true}}]"#);
        text.replace(r#""reviews":[]"#, &review).into_bytes()
    };
    assert_eq!(
        found(&Parts { recordings: review("ok"), ..parts.clone() }.bundle()),
        one(RECORDINGS, BundleProblem::Contradiction)
    );
    let fact = format!(
        r#"{{"id":"fct_3f1sxyt0n9r11jqjhkf8ha0ftg","at":"2026-03-02T09:59:00Z","kind":"recording.reviewed","recording":"{ID}","outcome":"ok","by":"eve"}}"#
    );
    let (ledger, heads) = segment_with(&[hashed(ID, CONTENT), fact], false);
    let head = heads.last().unwrap().clone();
    let reference = FactReference {
        about: ID.to_owned(),
        kind: "recording.reviewed".to_owned(),
        fact: "fct_3f1sxyt0n9r11jqjhkf8ha0ftg".to_owned(),
        segment: "000001".to_owned(),
        seq: 2,
    };
    let facts = [parts.facts.as_slice(), reference.line().as_bytes()].concat();
    let anchors = lines(&[anchor(&head)]);
    let whole = Parts { ledger, head, anchors, facts, ..parts.clone() };
    let of = |outcome: &str| Parts { recordings: review(outcome), ..whole.clone() };
    assert_eq!(found(&of("ok").bundle()), []);
    assert_eq!(found(&of("finding").bundle()), one(RECORDINGS, BundleProblem::Contradiction));
}

#[test]
fn an_audit_record_of_another_session_is_found() {
    let parts = Parts::default();
    let text = String::from_utf8(parts.recordings.clone()).unwrap();
    let recordings = text.replace("\"records\":[{\"tunnel_id\":\"t1\"", "\"records\":[{\"tunnel_id\":\"t2\"");
    assert_ne!(text, recordings);
    assert_eq!(
        found(&Parts { recordings: recordings.into_bytes(), ..parts }.bundle()),
        one(RECORDINGS, BundleProblem::Changed)
    );
}

/// Parts whose head of the ledger is in a later segment than the one that they have.
fn of_an_earlier_segment(is_closed: bool, is_anchored: bool) -> Parts {
    let (ledger, heads) = segment_with(&[hashed(ID, CONTENT)], is_closed);
    let (last, parts) = (heads.last().unwrap().clone(), Parts::default());
    let head = HeadForm { segment: "000002".to_owned(), ..last.clone() };
    let anchors = if is_anchored { lines(&[anchor(&last)]) } else { Vec::new() };
    Parts { ledger, head, anchors, ..parts }
}

fn lines(anchors: &[AnchorForm]) -> Vec<u8> {
    anchors.iter().map(|anchor| serde_json::to_string(anchor).unwrap() + "\n").collect::<String>().into_bytes()
}

#[test]
fn a_chain_that_was_cut_off_is_found() {
    let segment = segment_name(SegmentNumber::FIRST);
    assert_eq!(found(&of_an_earlier_segment(true, true).bundle()), []);
    assert_eq!(found(&of_an_earlier_segment(false, true).bundle()), one(&segment, BundleProblem::Ledger));
    let unanchored = found(&of_an_earlier_segment(true, false).bundle());
    assert_eq!(unanchored, one(&segment, BundleProblem::Ledger), "the segments to the next head are missing");
    let mut torn = Parts::default();
    torn.ledger.extend(b"{\"schema\":1,\"seq\":2");
    assert_eq!(found(&torn.bundle()), one(&segment, BundleProblem::Ledger));
    let behind = HeadForm { segment: "000001".to_owned(), seq: 0, ..Parts::default().head };
    assert!(
        found(&Parts { head: behind, ..Parts::default() }.bundle())
            .contains(&(MANIFEST.to_owned(), BundleProblem::Contradiction))
    );
}

#[test]
fn an_anchor_of_another_ledger_is_found() {
    let parts = Parts::default();
    let head = parts.head.clone();
    let other = Sha256::hash(b"another ledger").to_string();
    let heads = [
        HeadForm { hash: other.clone(), ..head.clone() },
        HeadForm { at: "2026-03-01T10:00:00Z".to_owned(), ..head.clone() },
        HeadForm { seq: 7, ..head.clone() },
        HeadForm { segment: "000009".to_owned(), ..head.clone() },
    ];
    for wrong in heads {
        for anchors in [lines(&[anchor(&wrong)]), lines(&[anchor(&wrong), anchor(&head)])] {
            let found = found(&Parts { anchors, ..parts.clone() }.bundle());
            assert!(found.contains(&(ANCHORS.to_owned(), BundleProblem::Contradiction)), "{wrong:?}: {found:?}");
        }
        let found = found(&with_manifest(|manifest| manifest.anchor = Some(anchor(&wrong))));
        assert!(
            found.contains(&(ANCHORS.to_owned(), BundleProblem::Contradiction)),
            "{wrong:?} in the manifest: {found:?}"
        );
    }
    assert_eq!(found(&with_manifest(|manifest| manifest.anchor = None)), one(ANCHORS, BundleProblem::Contradiction));
}
