//! Tests the meaning of every sample log.

use audit_log::LogItem;
use storage_log::{ObjectAddress, StorageLogReader, StorageRecord};

use crate::reading::{sample, whole};

fn records(log: &[u8], with: impl FnOnce(&[StorageRecord<'static>])) {
    let mut reader = StorageLogReader::of_format(0);
    let log: &'static [u8] = log.to_vec().leak();
    let (mut feed, mut all) = (reader.feed(log), Vec::new());
    while let Some(item) = feed.next_item() {
        if let LogItem::Record(record) = item {
            let text = |text: Option<std::borrow::Cow<'_, str>>| text.map(|text| text.into_owned().into());
            all.push(StorageRecord {
                time: record.time,
                resource_id: text(record.resource_id),
                operation: text(record.operation),
                status: record.status,
                caller: text(record.caller),
                request_id: text(record.request_id),
                authentication: text(record.authentication),
                token_hash: text(record.token_hash),
                object_id: text(record.object_id),
                application_id: text(record.application_id),
                person: text(record.person),
                account: text(record.account),
                object_key: text(record.object_key),
                address: text(record.address),
                etag: text(record.etag),
                response_bytes: record.response_bytes,
                request_bytes: record.request_bytes,
            });
        }
    }
    with(&all);
}

fn recording(name: &str) -> Option<ObjectAddress> {
    let (account, container) = ("stbastionrec01".to_owned(), "recordings".to_owned());
    Some(ObjectAddress { account, container, name: name.to_owned() })
}

#[test]
fn every_layout_and_form_gives_the_same_requests() {
    let names = ["made-jsonlines", "made-wrapped-records", "made-properties-as-string", "made-log-analytics"];
    for name in names {
        records(&sample(name), |all| {
            let told: Vec<_> = all.iter().map(|it| (it.operation.as_deref().unwrap(), it.status.unwrap())).collect();
            let expected = [
                ("GetBlob", 200),
                ("GetBlob", 206),
                ("GetBlobProperties", 200),
                ("SetBlobTags", 204),
                ("PutBlockList", 201),
                ("DeleteBlob", 202),
                ("GetBlob", 404),
                ("GetBlob", 200),
                ("ListBlobs", 200),
            ];
            assert_eq!(told, expected, "{name}");
            let objects: Vec<_> = all.iter().map(StorageRecord::object).collect();
            assert!(objects[..7].iter().all(|object| *object == recording("vm-web-01-azureadmin.3")), "{name}");
            assert_eq!(objects[7..], [recording("vm web/ö.1"), None], "{name}");
            let ids: std::collections::BTreeSet<_> = all.iter().map(|it| it.request_id.clone().unwrap()).collect();
            assert_eq!(ids.len(), all.len());
        });
    }
}

#[test]
fn a_request_says_by_whom_and_how_it_was_made() {
    for name in ["made-jsonlines", "made-log-analytics"] {
        records(&sample(name), |all| {
            let [person, signature, application, _, key, ..] = all else {
                panic!("{name}")
            };
            assert_eq!(person.time.unwrap().to_string(), "2026-03-03T18:00:00.1234567Z");
            assert_eq!(person.person.as_deref(), Some("ada@contoso.example"));
            assert_eq!(person.object_id.as_deref(), Some("11111111-0000-0000-0000-000000000001"));
            assert_eq!((person.authentication.as_deref(), person.response_bytes), (Some("OAuth"), Some(48_211_234)));
            assert_eq!((&signature.person, signature.authentication.as_deref()), (&None, Some("SAS")));
            assert!(signature.token_hash.as_deref().unwrap().contains("SasSignature("));
            assert_eq!((signature.caller.as_deref(), &signature.object_id), (Some("[2001:db8::7]:443"), &None));
            assert_eq!(application.application_id.as_deref(), Some("22222222-0000-0000-0000-000000000002"));
            assert_eq!((&application.person, key.authentication.as_deref()), (&None, Some("AccountKey")));
            assert_eq!((key.request_bytes, key.etag.as_deref()), (Some(120), Some("\"0x8DE1\"")));
        });
    }
}

#[test]
fn no_part_of_a_query_is_kept() {
    for name in ["made-jsonlines", "made-log-analytics", "doc-operation"] {
        let (found, _) = whole(&sample(name));
        assert!(found.iter().all(|item| !item.contains("sig=") && !item.contains('?')), "{name}");
    }
}

#[test]
fn the_published_sample_is_read() {
    records(&sample("doc-operation"), |all| {
        let [record] = all else { panic!("{all:?}") };
        assert_eq!((record.operation.as_deref(), record.status), (Some("PutBlob"), Some(201)));
        let object = record.object().unwrap();
        assert_eq!((object.account.as_str(), object.name.as_str()), ("mystorageaccount", "blobname"));
    });
}

#[test]
fn a_broken_piece_costs_no_record_beside_it() {
    let (found, rest) = whole(&sample("made-broken"));
    let kinds: Vec<&str> = found.iter().map(|item| item.split(['(', ' ']).next().unwrap()).collect();
    assert_eq!(kinds, ["StorageRecord", "Rejected", "StorageRecord", "Foreign", "Rejected", "StorageRecord"]);
    assert!(found[4].contains("NotARecord"), "{}", found[4]);
    assert!(rest.is_some());
}
