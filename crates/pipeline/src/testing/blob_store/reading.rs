//! Conformance cases of [`BlobStore::read`](crate::ports::BlobStore::read).

use super::super::sample::{address, address_in, second};
use super::{BlobFixture, properties};
use crate::ports::Piece;

/// Content larger than one network packet, without repetition.
fn content() -> Vec<u8> {
    (0..40_000_u32).flat_map(u32::to_be_bytes).collect()
}

/// Writes a blob, creating its container if needed.
async fn write(fixture: &impl BlobFixture, name: &str, content: &[u8]) {
    fixture.create_container(&address(name).container()).await;
    fixture.write(&address(name), content, second(0)).await;
}

async fn read(fixture: &impl BlobFixture, from: u64, limit: usize) -> Piece {
    fixture.store().read(&address("vm-user"), from, limit, None).await.unwrap().expect("the blob is there")
}

/// Bytes, ETag and size agree with the properties.
pub async fn a_blob_is_read_back_unchanged(fixture: &impl BlobFixture) {
    write(fixture, "vm-user", &content()).await;
    let told = properties(fixture, &address("vm-user")).await;
    let piece = read(fixture, 0, 1 << 20).await;
    assert_eq!((piece.etag, piece.size), (told.etag, told.size));
    assert_eq!(piece.bytes, content());
}

/// Covers the middle, the end, and a range across the end.
pub async fn a_range_read_returns_the_requested_range(fixture: &impl BlobFixture) {
    write(fixture, "vm-user", b"0123456789").await;
    for (from, limit, expected) in [(0, 1, "0"), (3, 4, "3456"), (9, 1, "9"), (7, 100, "789"), (4, 0, "")] {
        let piece = read(fixture, from, limit).await;
        assert_eq!((String::from_utf8(piece.bytes).unwrap().as_str(), piece.size), (expected, 10), "{from} {limit}");
    }
}

/// No new content is no error. The size reveals a replacement by shorter content.
pub async fn reading_beyond_the_end_returns_only_the_size(fixture: &impl BlobFixture) {
    write(fixture, "vm-user", b"0123456789").await;
    let etag = properties(fixture, &address("vm-user")).await.etag;
    for from in [10, 11, 1_000_000] {
        let nothing = Piece { bytes: Vec::new(), etag: etag.clone(), size: 10 };
        assert_eq!(read(fixture, from, 100).await, nothing, "{from}");
    }
    write(fixture, "vm-user", b"").await;
    let piece = read(fixture, 0, 100).await;
    assert_eq!((piece.bytes, piece.size), (Vec::new(), 0));
}

/// Covers reading large content in pieces.
pub async fn ranges_of_any_length_join_to_the_whole(fixture: &impl BlobFixture) {
    let whole = &content()[..1_000];
    write(fixture, "vm-user", whole).await;
    for limit in [1_usize, 7, 333, 999, 1_000, 1_001] {
        // One byte at a time would take a thousand calls.
        let first = if limit == 1 { 990 } else { 0 };
        let mut joined = whole[..first].to_vec();
        while joined.len() < whole.len() {
            joined.extend(read(fixture, joined.len() as u64, limit).await.bytes);
        }
        assert_eq!(joined, whole, "{limit} bytes at a time");
    }
}

/// Reading resumes at the previous end.
pub async fn a_grown_blob_is_read_further(fixture: &impl BlobFixture) {
    write(fixture, "vm-user", b"first\n").await;
    let first = read(fixture, 0, 100).await;
    write(fixture, "vm-user", b"first\nsecond\n").await;
    let second = read(fixture, first.size, 100).await;
    assert_eq!((second.bytes.as_slice(), second.size), (b"second\n".as_slice(), 13));
    assert_ne!(first.etag, second.etag);
}

/// Prevents joining pieces of two contents.
pub async fn only_the_requested_content_is_read(fixture: &impl BlobFixture) {
    write(fixture, "vm-user", b"one").await;
    let (blob, store) = (address("vm-user"), fixture.store());
    let one = properties(fixture, &blob).await.etag;
    assert_eq!(store.read(&blob, 1, 9, Some(&one)).await.unwrap().map(|piece| piece.bytes), Some(b"ne".to_vec()));
    write(fixture, "vm-user", b"another").await;
    for from in [0, 1, 50] {
        assert_eq!(store.read(&blob, from, 9, Some(&one)).await.unwrap(), None, "{from}");
    }
}

/// A missing blob is no error.
pub async fn a_missing_blob_has_no_content(fixture: &impl BlobFixture) {
    let absent = [address("absent"), address_in("nowhere", "at-all", "absent")];
    fixture.create_container(&absent[0].container()).await;
    for blob in absent {
        assert_eq!(fixture.store().read(&blob, 0, 9, None).await.unwrap(), None, "{blob}");
    }
}
