//! Every change of a bundle is found.

use crate::bundle::{Parts, checked, checked_with};

#[test]
fn an_unchanged_bundle_has_no_findings() {
    let (proof, findings) = checked(&Parts::default().bundle());
    assert_eq!(findings, []);
    assert_eq!((proof.recordings, proof.contents, proof.audit_records, proof.facts), (1, 1, 1, 1));
    assert_eq!(proof.facts_anchored, 1);
}

#[test]
fn every_change_of_a_single_byte_is_found() {
    let unsigned = Parts { is_signed: false, ..Parts::default() };
    for parts in [Parts::full(), unsigned] {
        let bundle = parts.bundle();
        for at in 0..bundle.len() {
            for flip in [0x01, 0xff] {
                let mut changed = bundle.clone();
                changed[at] ^= flip;
                let (_, findings) = checked_with(&changed, None, None);
                assert!(!findings.is_empty(), "byte {at} changed by {flip:#x}");
            }
        }
    }
}

#[test]
fn every_removed_byte_is_found() {
    let bundle = Parts::default().bundle();
    for at in 0..bundle.len() {
        let mut changed = bundle.clone();
        changed.remove(at);
        assert!(!checked_with(&changed, None, None).1.is_empty(), "byte {at}");
    }
}

#[test]
fn every_inserted_byte_is_found() {
    let bundle = Parts::default().bundle();
    for at in 0..=bundle.len() {
        for byte in [b'\n', b' ', 0, bundle.get(at).copied().unwrap_or(b'P')] {
            let mut changed = bundle.clone();
            changed.insert(at, byte);
            assert!(!checked_with(&changed, None, None).1.is_empty(), "byte {byte} at {at}");
        }
    }
}

#[test]
fn every_shortened_bundle_is_found() {
    let bundle = Parts::default().bundle();
    for length in 0..bundle.len() {
        assert!(!checked_with(&bundle[..length], None, None).1.is_empty(), "{length} bytes");
    }
}

#[test]
fn a_changed_file_is_named_whichever_it_is() {
    let parts = Parts::full();
    let bundle = parts.bundle();
    let signed = [("manifest.json".to_owned(), parts.manifest().bytes()[..40].to_vec())];
    for (name, content) in parts.files().into_iter().chain(signed).filter(|(_, content)| !content.is_empty()) {
        let at = bundle.windows(content.len()).position(|window| window == content).unwrap();
        for at in [at, at + content.len() / 2, at + content.len() - 1] {
            let mut changed = bundle.clone();
            changed[at] ^= 1;
            let (_, findings) = checked(&changed);
            assert!(findings.iter().any(|finding| finding.file.as_deref() == Some(&*name)), "{name}: {findings:?}");
        }
    }
}

#[test]
fn the_same_parts_give_the_same_bytes() {
    assert_eq!(Parts::default().bundle(), Parts::default().bundle());
}
