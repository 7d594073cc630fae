//! Append blobs on the emulator that grow while they are read.

use std::sync::Arc;

use adapters_azure::AzureBlobs;
use adapters_azure::testing::{append_to_log, begin_log};
use azure_core::http::{Method, Request, StatusCode};
use domain::address::BlobAddress;
use domain::record::blob::ETag;
use pipeline::ports::{BlobStore, ListBlobs, Piece};
use pipeline::testing::blob_store::BlobFixture;
use pipeline::testing::sample::address;

use crate::emulated;
use crate::emulated::answering::Answering;
use crate::emulated::written::Written;

const LOG: &str = "resourceId=/SUBSCRIPTIONS/0/y=2026/m=03/d=02/h=09/m=00/PT1H.json";

/// Creates a log with this content in a new container.
async fn log(name: &str, content: &str) -> (Written, BlobAddress) {
    let (written, log) = (Written::default(), address(name));
    written.create_container(&log.container()).await;
    begin(&written, &log, content).await;
    (written, log)
}

async fn begin(written: &Written, log: &BlobAddress, content: &str) {
    begin_log(&written.client(log)).await.unwrap();
    append(written, log, content).await;
}

async fn append(written: &Written, log: &BlobAddress, content: &str) {
    append_to_log(&written.client(log), content.as_bytes()).await.unwrap();
}

async fn read(written: &Written, log: &BlobAddress, from: u64, limit: usize) -> Piece {
    written.store().read(log, from, limit, None).await.unwrap().unwrap()
}

async fn read_of(written: &Written, log: &BlobAddress, from: u64, etag: &ETag) -> Option<Vec<u8>> {
    written.store().read(log, from, 100, Some(etag)).await.unwrap().map(|piece| piece.bytes)
}

#[tokio::test]
async fn reading_beyond_the_end_of_a_log_returns_no_bytes() {
    let (written, log) = log(LOG, "first\n").await;
    let seen = read(&written, &log, 0, 100).await;
    for from in [6, 7, 1_000_000] {
        let nothing = Piece { bytes: Vec::new(), etag: seen.etag.clone(), size: 6 };
        assert_eq!(read(&written, &log, from, 100).await, nothing, "{from}");
        assert_eq!(read_of(&written, &log, from, &seen.etag).await, Some(Vec::new()), "{from}");
    }
    append(&written, &log, "second\n").await;
    let grown = read(&written, &log, seen.size, 100).await;
    assert_eq!((grown.bytes.as_slice(), grown.size), (&b"second\n"[..], 13));
    assert_ne!(grown.etag, seen.etag);
}

/// The service refuses a range at the end as well, the emulator only one behind it. In both cases the properties give
/// the size.
#[tokio::test]
async fn an_unchanged_log_costs_two_calls() {
    let (written, log) = log(LOG, "first\n").await;
    let account = written.account(&log.account);
    let through = |wire: &Arc<Answering>| {
        let access = emulated::access(&account).with_policy(wire.clone());
        AzureBlobs::new(&access, &emulated::endpoint(&account.blob_url), log.account.clone()).unwrap()
    };
    let as_emulator = Answering::to(|_| false, StatusCode::Ok, "");
    let is_read = |request: &Request| request.method() == Method::Get;
    let as_service = Answering::to(is_read, StatusCode::RequestedRangeNotSatisfiable, "InvalidRange");
    for (wire, from) in [(as_emulator, 7), (as_service, 6)] {
        let piece = through(&wire).read(&log, from, 100, None).await.unwrap().unwrap();
        assert_eq!((piece.bytes, piece.size, wire.seen()), (Vec::new(), 6, 2), "{from}");
    }
}

#[tokio::test]
async fn an_empty_log_exists() {
    let (written, log) = (Written::default(), address(LOG));
    written.create_container(&log.container()).await;
    begin_log(&written.client(&log)).await.unwrap();
    for from in [0, 1] {
        let piece = read(&written, &log, from, 100).await;
        assert_eq!((piece.bytes, piece.size), (Vec::new(), 0), "{from}");
    }
}

#[tokio::test]
async fn a_growing_log_is_read_without_gap_or_repetition() {
    let (written, log) = log(LOG, "0").await;
    let (mut whole, mut joined) = ("0".to_owned(), Vec::new());
    for n in 1..=20 {
        let line = format!("line {n}\n").repeat(n % 3);
        if !line.is_empty() {
            append(&written, &log, &line).await;
        }
        whole.push_str(&line);
        joined.extend(read(&written, &log, joined.len() as u64, 11).await.bytes);
    }
    while joined.len() < whole.len() {
        joined.extend(read(&written, &log, joined.len() as u64, 11).await.bytes);
    }
    assert_eq!(String::from_utf8(joined).unwrap(), whole);
}

#[tokio::test]
async fn a_log_under_constant_writes_is_read_to_its_end() {
    let (written, log) = log(LOG, "begin\n").await;
    let lines: Vec<String> = (0..40).map(|n| format!("{n} {}\n", "x".repeat(n))).collect();
    let whole = format!("begin\n{}", lines.concat());
    let client = written.client(&log);
    let writing = tokio::spawn(async move {
        for line in lines {
            append_to_log(&client, line.as_bytes()).await.unwrap();
        }
    });
    let mut joined = Vec::new();
    while joined.len() < whole.len() {
        let piece = read(&written, &log, joined.len() as u64, 64).await;
        assert!(piece.size >= (joined.len() + piece.bytes.len()) as u64, "a piece covers existing bytes only");
        joined.extend(piece.bytes);
    }
    writing.await.unwrap();
    assert_eq!(String::from_utf8(joined).unwrap(), whole);
}

#[tokio::test]
async fn a_shorter_replacement_of_a_log_is_detected_by_etag() {
    let (written, log) = log(LOG, "a long first line\n").await;
    let seen = read(&written, &log, 0, 100).await;
    begin(&written, &log, "short\n").await;
    let piece = read(&written, &log, seen.size, 100).await;
    assert_eq!((piece.bytes, piece.size), (Vec::new(), 6));
    assert_ne!(piece.etag, seen.etag);
    for from in [0, 6, seen.size] {
        assert_eq!(read_of(&written, &log, from, &seen.etag).await, None, "{from}");
    }
    assert_eq!(read(&written, &log, 0, 100).await.bytes, b"short\n");
}

/// The services write the resource id in capitals or in small letters, and prefixes in storage are case-sensitive.
#[tokio::test]
async fn logs_are_listed_by_a_prefix_whose_case_counts() {
    let (written, first) = log("resourceId=/SUBSCRIPTIONS/0/y=2026/m=03/d=02/h=00/m=00/PT1H.json", "x").await;
    let name =
        |day: u8, hour: u8| format!("resourceId=/SUBSCRIPTIONS/0/y=2026/m=03/d={day:02}/h={hour:02}/m=00/PT1H.json");
    for (day, hour) in [(1, 23), (2, 1), (2, 9), (2, 10), (3, 0)] {
        begin(&written, &address(&name(day, hour)), "x").await;
    }
    begin(&written, &address(&name(2, 11).to_lowercase()), "x").await;
    let expected: Vec<String> = [0, 1, 9, 10].map(|hour| name(2, hour)).into();
    let prefix = "resourceId=/SUBSCRIPTIONS/0/y=2026/m=03/d=02/";
    for limit in [1, 2, 3, 4, 100] {
        assert_eq!(names(&written, &first, prefix, limit).await, expected, "pages of {limit}");
    }
    let lower = names(&written, &first, &prefix.to_lowercase(), 100).await;
    assert_eq!(lower, [name(2, 11).to_lowercase()]);
    assert_eq!(names(&written, &first, "RESOURCEID=", 100).await, [""; 0]);
}

/// Blobs that appear before the marker do not change the next page.
#[tokio::test]
async fn a_listing_continues_after_its_marker_while_logs_are_added() {
    let (written, first) = log("log/1", "x").await;
    for n in 2..=4 {
        begin(&written, &address(&format!("log/{n}")), "x").await;
    }
    let page = written.store().list(ListBlobs::first(&first.container(), 2).under("log/")).await.unwrap().unwrap();
    let listed: Vec<_> = page.blobs.iter().map(|blob| (blob.name.as_str(), blob.properties.size)).collect();
    assert_eq!(listed, [("log/1", 1), ("log/2", 1)]);
    begin(&written, &address("log/0"), "x").await;
    begin(&written, &address("log/5"), "x").await;
    append(&written, &address("log/4"), "more").await;
    let page = written
        .store()
        .list(ListBlobs::first(&first.container(), 9).under("log/").after(page.next.as_deref()))
        .await
        .unwrap()
        .unwrap();
    let listed: Vec<_> = page.blobs.iter().map(|blob| (blob.name.as_str(), blob.properties.size)).collect();
    assert_eq!((listed, page.next), (vec![("log/3", 1), ("log/4", 5), ("log/5", 1)], None));
}

async fn names(written: &Written, at: &BlobAddress, prefix: &str, limit: usize) -> Vec<String> {
    let (mut names, mut marker) = (Vec::new(), None);
    loop {
        let page = written
            .store()
            .list(ListBlobs::first(&at.container(), limit).under(prefix).after(marker.as_deref()))
            .await
            .unwrap()
            .unwrap();
        assert!(page.blobs.len() <= limit);
        names.extend(page.blobs.into_iter().map(|blob| blob.name.as_str().to_owned()));
        let Some(next) = page.next else { return names };
        marker = Some(next);
    }
}
