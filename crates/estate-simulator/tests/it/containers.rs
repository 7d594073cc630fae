use std::collections::{BTreeMap, BTreeSet};

use domain::address::BlobAddress;
use domain::record::blob::{BlobProperties, Happening};
use estate_simulator::{Arriving, EstateDay, TrueRecording};
use jiff::{SignedDuration, Timestamp};

use crate::days;

#[test]
fn a_new_recording_gets_the_first_free_name_of_its_container() {
    let mut numbered = 0;
    for day in days() {
        let mut there: BTreeSet<String> = BTreeSet::new();
        for arrival in &day.arrivals {
            match &arrival.what {
                Arriving::BlobGone { address } => assert!(there.remove(&address.to_string())),
                Arriving::BlobPresent { address, properties } if !there.contains(&address.to_string()) => {
                    assert_eq!(address.to_string(), first_free(day, address, properties, &there));
                    numbered += usize::from(address.name.as_str().ends_with(".1"));
                    there.insert(address.to_string());
                }
                _ => {}
            }
        }
    }
    assert!(numbered > 0);
}

fn first_free(day: &EstateDay, address: &BlobAddress, properties: &BlobProperties, there: &BTreeSet<String>) -> String {
    let mut recordings = day.truth.recordings.iter();
    let is_it = |one: &&_| recording_is(one, address, properties);
    let session = &day.truth.sessions[recordings.find(is_it).unwrap().session];
    let container = &day.estate.bastions[session.bastion].recordings;
    let base = format!("{container}/{}-{}", session.target.name, session.account);
    let numbered = (1..).map(|number| format!("{base}.{number}"));
    std::iter::once(base.clone()).chain(numbered).find(|name| !there.contains(name)).unwrap()
}

fn recording_is(recording: &TrueRecording, address: &BlobAddress, properties: &BlobProperties) -> bool {
    recording.address == *address && recording.created_at == properties.created_at
}

#[test]
fn the_final_blobs_agree_with_the_truth() {
    for day in days() {
        let mut last: BTreeMap<(String, Timestamp), BlobProperties> = BTreeMap::new();
        for arrival in &day.arrivals {
            if let Arriving::BlobPresent { address, properties } = &arrival.what {
                last.insert((address.to_string(), properties.created_at), properties.clone());
            }
        }
        assert_eq!(last.len(), day.truth.recordings.len());
        for recording in &day.truth.recordings {
            let properties = &last[&(recording.address.to_string(), recording.created_at)];
            assert_eq!(properties.last_modified, recording.last_written_at);
        }
    }
}

#[test]
fn an_event_follows_its_storage_operation() {
    for day in days() {
        let mut done: BTreeSet<(String, Option<String>)> = BTreeSet::new();
        for arrival in &day.arrivals {
            match &arrival.what {
                Arriving::BlobPresent { address, properties } => {
                    done.insert((address.to_string(), Some(properties.etag.as_str().to_owned())));
                }
                Arriving::BlobGone { address } => {
                    done.insert((address.to_string(), None));
                }
                Arriving::Event { address, event } => {
                    let etag = match &event.what {
                        Happening::Written { etag, .. } => etag.as_ref().map(|etag| etag.as_str().to_owned()),
                        _ => None,
                    };
                    assert!(done.contains(&(address.to_string(), etag)));
                }
                Arriving::LogAppended { .. } => {}
            }
        }
    }
}

#[test]
fn later_writes_of_a_name_have_greater_sequencers() {
    for day in days() {
        let mut events: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for arrival in &day.arrivals {
            if let Arriving::Event { address, event } = &arrival.what {
                events.entry(address.to_string()).or_default().push((event.sequencer.clone(), event.at));
            }
        }
        for mut events in events.into_values() {
            events.sort();
            assert!(events.is_sorted_by_key(|(_, at)| *at));
        }
    }
}

#[test]
fn a_recording_can_be_listed_for_three_hours_after_its_end() {
    let mut deleted = 0;
    for recording in days().flat_map(|day| &day.truth.recordings) {
        let Some(at) = recording.deleted_at else { continue };
        assert!(at.duration_since(recording.last_written_at) > SignedDuration::from_hours(3));
        deleted += 1;
    }
    assert!(deleted > 20);
}
