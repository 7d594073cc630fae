//! Decodes any bytes as the payload of a storage event.

#![no_main]

use libfuzzer_sys::fuzz_target;
use storage_events::{DecodedEvent, StorageEvent, decode, encode_event_grid};

fuzz_target!(|payload: &[u8]| {
    let mut elements = 0;
    for (first, second) in decode(payload).zip(decode(payload)) {
        elements += 1;
        assert_eq!(format!("{first:?}"), format!("{second:?}"), "decoding is deterministic");
        match first {
            DecodedEvent::NotOurs(not_ours) => assert!(!not_ours.label().is_empty()),
            DecodedEvent::Malformed { reason, raw } => {
                assert!(!reason.to_string().is_empty());
                lies_within(raw, payload);
            }
            DecodedEvent::Blob(event) => {
                let written = encode_event_grid(&event).expect("any event can be written");
                let read: Vec<_> = decode(written.as_bytes()).collect();
                let [DecodedEvent::Blob(read)] = &read[..] else {
                    panic!("{event:?} was read as {read:?}")
                };
                // `encode_event_grid` does not write the origin; decoding sets a new one.
                assert_eq!(read, &StorageEvent { origin: read.origin.clone(), ..event });
            }
        }
    }
    assert!(elements > 0, "a payload has at least one element");
    assert_eq!(elements, decode(payload).count());
});

fn lies_within(raw: &[u8], payload: &[u8]) {
    let (inner, outer) = (raw.as_ptr_range(), payload.as_ptr_range());
    assert!(outer.start <= inner.start && inner.end <= outer.end, "the raw bytes are a part of the payload");
}
