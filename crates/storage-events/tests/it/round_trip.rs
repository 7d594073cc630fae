//! Tests that decoding restores encoded events, for any blob name.

use std::borrow::Cow;

use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::record::blob::{BlobEvent, ETag, Happening, StorageRequest};
use domain::record::sequencer::Sequencer;
use jiff::Timestamp;
use proptest::prelude::*;
use storage_events::{BlobType, DecodedEvent, StorageEvent, decode, encode_event_grid};

fn address(name: &str) -> BlobAddress {
    ContainerAddress::parse("stbastionrec01", "recordings").unwrap().blob(BlobName::parse(name).unwrap())
}

fn happening() -> impl Strategy<Value = Happening> {
    let etag = proptest::option::of("0x[0-9A-F]{1,16}");
    prop_oneof![
        (etag, any::<u64>()).prop_map(|(etag, size)| Happening::Written { etag: etag.as_deref().map(ETag::new), size }),
        (proptest::option::of("[a-z0-9-]{1,40}"), proptest::option::of("[a-z0-9-]{1,40}")).prop_map(
            |(id, client_id)| {
                Happening::Deleted(StorageRequest { api: Some("DeleteBlob".to_owned()), id, client_id })
            }
        ),
        Just(Happening::TierChanged),
    ]
}

fn name() -> impl Strategy<Value = String> {
    let hostile = prop::collection::vec(
        prop_oneof![
            Just("/"),
            Just(".."),
            Just("blobs/"),
            Just("%2F"),
            Just("\\"),
            Just("\""),
            Just("\u{0}"),
            Just("\u{202E}"),
            Just("\u{FEFF}"),
            Just("+"),
            Just(" "),
            Just("ü"),
            Just("😀"),
            Just("a"),
        ],
        1..20,
    );
    prop_oneof![
        hostile.prop_map(|parts| parts.concat()),
        prop::collection::vec(any::<char>(), 1..200).prop_map(String::from_iter)
    ]
}

#[test]
fn an_event_is_written_as_storage_writes_it() {
    let event = StorageEvent {
        id: Cow::Borrowed("831e1650-001e-001b-66ab-eeb76e069631"),
        address: address("vm-web-01-ops\\jdoe"),
        blob_type: BlobType::Block,
        event: BlobEvent {
            sequencer: Sequencer::parse("00000000000000000000000000001F0A000000000000008c").unwrap(),
            at: "2025-11-05T09:21:09.771553Z".parse().unwrap(),
            what: Happening::Written { etag: Some(ETag::new("0x8DE1C4E87FA2233")), size: 7_340_032 },
        },
        origin: Box::default(),
    };
    let written: serde_json::Value = serde_json::from_str(&encode_event_grid(&event).unwrap()).unwrap();
    let expected = serde_json::json!({
        "topic": "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/Microsoft.Storage/storageAccounts/stbastionrec01",
        "subject": "/blobServices/default/containers/recordings/blobs/vm-web-01-ops\\jdoe",
        "eventType": "Microsoft.Storage.BlobCreated",
        "eventTime": "2025-11-05T09:21:09.771553Z",
        "id": "831e1650-001e-001b-66ab-eeb76e069631",
        "data": {
            "api": "PutBlockList",
            "eTag": "\"0x8DE1C4E87FA2233\"",
            "contentType": "application/octet-stream",
            "contentLength": 7_340_032,
            "blobType": "BlockBlob",
            "sequencer": "00000000000000000000000000001F0A000000000000008c",
        },
        "dataVersion": "",
        "metadataVersion": "1",
    });
    assert_eq!(written, expected);
}

proptest! {
    #[test]
    fn a_written_event_is_read_back_unchanged(
        name in name(),
        what in happening(),
        id in ".{1,40}",
        sequencer in "[0-9a-fA-F]{1,48}",
        at in 0_i64..4_000_000_000,
        nanosecond in 0_i32..1_000_000_000,
        blob_type in prop_oneof![Just(BlobType::Block), Just(BlobType::Append), Just(BlobType::Page)],
    ) {
        let at = Timestamp::new(at, nanosecond).unwrap();
        let event = BlobEvent { sequencer: Sequencer::parse(&sequencer).unwrap(), at, what };
        let event = StorageEvent { id: Cow::Owned(id), address: address(&name), blob_type, event, origin: Box::default() };

        let payload = encode_event_grid(&event).unwrap();
        let decoded: Vec<_> = decode(payload.as_bytes()).collect();

        let [DecodedEvent::Blob(read)] = decoded.as_slice() else { panic!("{payload}: {decoded:?}") };
        prop_assert_eq!(read, &StorageEvent { origin: read.origin.clone(), ..event });
    }

    #[test]
    fn any_bytes_give_at_least_one_element_and_no_panic(payload in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(decode(&payload).count() >= 1);
    }
}
