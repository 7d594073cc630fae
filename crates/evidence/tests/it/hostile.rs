//! Hostile files: any bytes, any claimed size.

use std::io::Read;

use evidence::verify;
use proptest::prelude::*;

use crate::bundle::{Parts, checked_with};

proptest! {
    #[test]
    fn no_bytes_make_the_verification_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(!checked_with(&bytes, None, None).1.is_empty());
    }

    #[test]
    fn a_bundle_with_changes_anywhere_is_found(changes in prop::collection::vec((any::<prop::sample::Index>(), 1_u8..), 1..6)) {
        let bundle = Parts::default().bundle();
        let mut changed = bundle.clone();
        for (at, by) in changes {
            let at = at.index(changed.len());
            changed[at] = changed[at].wrapping_add(by);
        }
        prop_assume!(changed != bundle);
        prop_assert!(!checked_with(&changed, None, None).1.is_empty());
    }

    #[test]
    fn a_piece_copied_elsewhere_is_found(from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), length in 1_usize..200) {
        let bundle = Parts::default().bundle();
        let from = from.index(bundle.len());
        let piece = bundle[from..(from + length).min(bundle.len())].to_vec();
        let mut changed = bundle.clone();
        let at = to.index(bundle.len());
        changed.splice(at..at, piece);
        prop_assert!(!checked_with(&changed, None, None).1.is_empty());
    }
}

#[test]
fn a_huge_claimed_size_takes_no_memory() {
    let mut bundle = Parts::default().bundle();
    let name = u16::from_le_bytes([bundle[26], bundle[27]]) as usize;
    let sizes = 30 + name + 4;
    bundle[sizes..sizes + 16].copy_from_slice(&[0xff; 16]);
    let (_, findings) = checked_with(&bundle, None, None);
    assert!(findings[0].detail.contains("bytes before its end"), "{findings:?}");
}

#[test]
fn an_endless_line_takes_limited_memory() {
    // Claims a file of recordings with one line of 200 MiB, of which at most the limit is kept.
    let mut head = Vec::new();
    head.extend(Parts::default().bundle());
    let at = head.windows(4).enumerate().filter(|(_, window)| *window == b"PK\x03\x04").nth(1).unwrap().0;
    let mut header = head[at..at + 30 + 16 + 20].to_vec();
    header[50..66].copy_from_slice(&[(200_u64 << 20).to_le_bytes(), (200_u64 << 20).to_le_bytes()].concat());
    let input = std::io::Cursor::new(header).chain(std::io::repeat(b'x').take(200 << 20));
    let mut findings = 0;
    verify(input, None, None, &mut |_| findings += 1).unwrap();
    assert!(findings > 0);
}
