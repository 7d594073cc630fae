//! Storage read from an inventory report and a folder of logs.

use std::fs;

use adapters_local::inventory::{Inventory, InventoryBlobs, InventoryError, LogFolder};
use domain::address::{BlobAddress, BlobName, ContainerAddress, ContainerName};
use domain::record::blob::ETag;
use domain::record::tags::TagSet;
use jiff::Timestamp;
use pipeline::ports::{BlobStore, FaultKind, ListBlobs};
use proptest::collection::btree_set;
use proptest::prelude::{prop_assert_eq, proptest};

const HEADER: &str = "Tags,Name,Creation-Time,Last-Modified,Content-Length,Extra,Etag,AccessTier\n";

fn row(name: &str) -> String {
    format!(",{name},2026-03-02T09:00:00Z,2026-03-02T09:30:00Z,42,x,\"\"\"0x8DC1\"\"\",Hot\n")
}

fn read(rows: &str) -> Inventory {
    Inventory::read(format!("{HEADER}{rows}").as_bytes()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn recordings() -> ContainerAddress {
    ContainerAddress::parse("local", "recordings").unwrap()
}

fn logs_at() -> ContainerAddress {
    ContainerAddress::parse("local", "logs").unwrap()
}

fn blobs(inventory: Inventory, logs: LogFolder) -> InventoryBlobs {
    let ours = |name: &ContainerName| (name.as_str() == "recordings").then(recordings);
    InventoryBlobs::new(inventory, ours, logs, logs_at(), at("2026-03-04T00:00:00Z"))
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn names(blobs: &InventoryBlobs, prefix: &str, limit: usize) -> Vec<String> {
    let (mut names, mut marker) = (Vec::new(), None);
    loop {
        let page = run(blobs.list(ListBlobs::first(&recordings(), limit).under(prefix).after(marker.as_deref())))
            .unwrap()
            .unwrap();
        assert!(page.blobs.len() <= limit);
        names.extend(page.blobs.iter().map(|blob| blob.name.as_str().to_owned()));
        marker = page.next;
        if marker.is_none() {
            return names;
        }
    }
}

#[test]
fn a_blob_has_the_properties_and_tags_of_its_row() {
    let row = "\"{\"\"team\"\":\"\"red\"\"}\",recordings/vm-1,1772442764000,\"Mon, 02 Mar 2026 09:30:00 GMT\",42,x,0x8DC1,Cool\n";
    let blobs = blobs(read(row), LogFolder::default());
    let address = recordings().blob(BlobName::parse("vm-1").unwrap());
    let properties = run(blobs.properties(&address)).unwrap().unwrap();
    assert_eq!(properties.created_at, at("2026-03-02T09:12:44Z"));
    assert_eq!(properties.last_modified, at("2026-03-02T09:30:00Z"));
    assert_eq!((properties.etag, properties.size, properties.tier), (ETag::new("0x8DC1"), 42, Some("Cool".to_owned())));
    assert_eq!(run(blobs.tags(&address)).unwrap().unwrap().0["team"], "red");
}

#[test]
fn a_report_without_required_columns_is_rejected_naming_all() {
    let refused = Inventory::read("Name,Last-Modified,Etag,AccessTier,Tags\n".as_bytes()).unwrap_err();
    let InventoryError::Columns(missing) = &refused else { panic!("{refused}") };
    assert_eq!(*missing, ["Creation-Time", "Content-Length"]);
    assert!(refused.to_string().contains("the columns Creation-Time, Content-Length"), "{refused}");
}

#[test]
fn unreadable_rows_are_counted_with_line_and_reason() {
    let rows = [
        row("recordings/good-1"),
        row("no-container"),
        row("recordings/when").replace("2026-03-02T09:00:00Z", "\u{202e}soon"),
        "too,few\n".to_owned(),
        row("recordings/good-2"),
        row("recordings/much").replace(",42,", ",much,"),
        row("recordings/tagged").replacen(',', "{,", 1),
    ];
    let inventory = read(&rows.concat());
    let lines: Vec<u64> = inventory.bad_rows.iter().map(|row| row.line).collect();
    assert_eq!((inventory.bad, lines), (4, vec![3, 4, 5, 7]));
    let reasons: Vec<&str> = inventory.bad_rows.iter().map(|row| row.reason.as_str()).collect();
    assert!(reasons[0].contains("Name \"no-container\" is not container/blob"), "{reasons:?}");
    assert!(reasons[1].contains("Creation-Time \"\\u{202e}soon\" is not a time"), "{reasons:?}");
    assert!(reasons[3].contains("Content-Length \"much\""), "{reasons:?}");
    assert_eq!(names(&blobs(inventory, LogFolder::default()), "", 10), ["good-1", "good-2", "tagged"]);
}

#[test]
fn malformed_tags_are_unknown_and_reported() {
    let inventory = read(&row("recordings/tagged").replacen(',', "{,", 1));
    let [only] = inventory.untagged_rows.as_slice() else {
        panic!("{:?}", inventory.untagged_rows)
    };
    assert_eq!((inventory.bad, inventory.untagged, only.line), (0, 1, 2));
    assert!(only.reason.contains("Tags \"{\" are neither JSON nor key=value"), "{}", only.reason);
    let blobs = blobs(inventory, LogFolder::default());
    let page = run(blobs.list(ListBlobs::first(&recordings(), 10))).unwrap().unwrap();
    assert_eq!(page.blobs[0].tags, None);
    let fault = run(blobs.tags(&recordings().blob(BlobName::parse("tagged").unwrap()))).unwrap_err();
    assert!(fault.to_string().contains("no readable tags"), "{fault}");
}

#[test]
fn a_blob_last_written_before_its_creation_is_not_read() {
    let inventory = read(&row("recordings/odd").replace("2026-03-02T09:30:00Z", "2026-03-02T08:59:59Z"));
    assert_eq!((inventory.bad, inventory.bad_rows[0].line), (1, 2));
    assert!(inventory.bad_rows[0].reason.contains("Last-Modified is before Creation-Time"));
}

#[test]
fn snapshots_earlier_versions_and_deleted_blobs_are_no_recordings() {
    let report = "Name,Creation-Time,Last-Modified,Content-Length,Etag,AccessTier,Tags,Snapshot,IsCurrentVersion,Deleted\n\
        recordings/a,0,1,1,e,Hot,,,true,false\n\
        recordings/b,0,1,1,e,Hot,,2026-03-02T09:00:00Z,,\n\
        recordings/c,0,1,1,e,Hot,,,false,\n\
        recordings/d,0,1,1,e,Hot,,,,true\n";
    let inventory = Inventory::read(report.as_bytes()).unwrap();
    assert_eq!((inventory.skipped, inventory.bad), (3, 0));
    assert_eq!(names(&blobs(inventory, LogFolder::default()), "", 10), ["a"]);
}

#[test]
fn only_current_versions_outside_folders_are_counted() {
    let report = "AccessTier,Name,VersionId,IsCurrentVersion,DeletedTime,RemainingRetentionDays,hdi_isfolder,Etag,Tags,Creation-Time,Last-Modified,Content-Length\n\
        Hot,\"recordings/a, \"\"b\"\"\",2026-03-02T09:00:00Z,true,,,,e,,0,1,1\n\
        Hot,recordings/earlier,2026-03-02T09:00:00Z,,,,,e,,0,1,1\n\
        Hot,recordings/deleted,,,2026-03-02T09:00:00Z,,,e,,0,1,1\n\
        Hot,recordings/softly,,,,6,,e,,0,1,1\n\
        Hot,recordings/folder,,,,,true,e,,0,1,0\n";
    let inventory = Inventory::read(report.as_bytes()).unwrap();
    assert_eq!((inventory.skipped, inventory.bad), (4, 0));
    assert_eq!(names(&blobs(inventory, LogFolder::default()), "", 10), ["a, \"b\""]);
    let unsaid = "Name,VersionId,Etag,AccessTier,Tags,Creation-Time,Last-Modified,Content-Length\n\
        recordings/a,2026-03-02T09:00:00Z,e,Hot,,0,1,1\n";
    assert_eq!(Inventory::read(unsaid.as_bytes()).unwrap().skipped, 1, "it may be deleted by now");
}

#[test]
fn the_last_written_row_of_a_name_counts() {
    let later = row("recordings/a").replace("09:30:00", "09:45:00").replace(",42,", ",43,");
    let blobs = blobs(read(&format!("{}{later}{}", row("recordings/a"), row("recordings/a"))), LogFolder::default());
    let address = recordings().blob(BlobName::parse("a").unwrap());
    assert_eq!(run(blobs.properties(&address)).unwrap().unwrap().size, 43);
    assert_eq!(names(&blobs, "", 10), ["a"]);
}

#[test]
fn a_report_is_read_only_and_an_unlisted_blob_is_unknown() {
    let blobs = blobs(read(&row("recordings/a")), LogFolder::default());
    let [known, other] = ["a", "b"].map(|name| recordings().blob(BlobName::parse(name).unwrap()));
    let refused =
        run(blobs.replace_tags(&known, &TagSet::default(), &ETag::new("0x8DC1"), &TagSet::default())).unwrap_err();
    assert_eq!(refused.kind, FaultKind::Refused);
    let unknown = run(blobs.properties(&other)).unwrap_err();
    assert!(matches!(unknown.kind, FaultKind::Transient { .. }), "{unknown}");
    let elsewhere = BlobAddress::parse("local", "elsewhere", "a").unwrap();
    assert!(run(blobs.list(ListBlobs::first(&elsewhere.container(), 10))).unwrap().is_none());
}

#[test]
fn every_file_of_a_folder_is_a_log_readable_from_any_byte() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in
        [("y=2026/PT1H.json", "0123456789"), ("flat.json", "abc"), (".hidden", "x"), ("left/out.json", "x")]
    {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let logs = LogFolder::open(folder.path(), |name| !name.starts_with("left/")).unwrap();
    assert_eq!((logs.count(), logs.bytes()), (2, 13));
    let blobs = blobs(read(""), logs);
    let page = run(blobs.list(ListBlobs::first(&logs_at(), 1))).unwrap().unwrap();
    assert_eq!((page.blobs[0].name.as_str(), page.next.as_deref()), ("flat.json", Some("flat.json")));
    let page = run(blobs.list(ListBlobs::first(&logs_at(), 1).after(Some("flat.json")))).unwrap().unwrap();
    assert_eq!((page.blobs[0].name.as_str(), page.next), ("y=2026/PT1H.json", None));
    let log = logs_at().blob(page.blobs[0].name.clone());
    let piece = run(blobs.read(&log, 4, 3, None)).unwrap().unwrap();
    assert_eq!((piece.bytes.as_slice(), piece.size), (b"456".as_slice(), 10));
    assert_eq!(run(blobs.read(&log, 99, 3, None)).unwrap().unwrap().bytes, b"");
    assert_eq!(run(blobs.read(&log, 0, 3, Some(&ETag::new("other")))).unwrap(), None);
}

proptest! {
    #[test]
    fn a_listing_has_every_name_once_in_order_behind_any_prefix(
        given in btree_set("[ab.é/]{1,4}", 0..30),
        prefix in "[ab]{0,2}",
        limit in 1..5usize,
    ) {
        let rows: String = given.iter().rev().map(|name| row(&format!("recordings/{name}"))).collect();
        let inventory = read(&rows);
        let expected: Vec<String> = given.into_iter().filter(|name| name.starts_with(&prefix)).collect();
        if inventory.count(&ContainerName::parse("recordings").unwrap()) > 0 {
            prop_assert_eq!(names(&blobs(inventory, LogFolder::default()), &prefix, limit), expected);
        }
    }
}
