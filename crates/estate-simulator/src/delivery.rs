//! From what happens in a container to what is heard of it: events come late, doubled, in another order, or never.

use domain::blob::{BlobEvent, BlobProperties, ETag, Happening, whole_second};
use domain::sequencer::Sequencer;
use jiff::SignedDuration;

use crate::arrival::{Arrival, Arriving};
use crate::random::Random;
use crate::recorder::Deed;
use crate::truth::TrueRecording;

/// The blobs as they are at each time, and the events that are delivered of them.
pub(crate) fn deliveries(deeds: &[Deed], recordings: &[TrueRecording], random: &mut Random) -> Vec<Arrival> {
    let mut arrivals = Vec::new();
    for (number, deed) in deeds.iter().enumerate() {
        let recording = &recordings[deed.recording];
        let (now, happening) = after(deed, recording, number);
        arrivals.push(Arrival { at: deed.at, what: now });
        // Storage's own numbers rise over all names; only their order within one name means anything.
        let Some(sequencer) = Sequencer::parse(&format!("{:032X}", 0x0281_0000_0002_F5CA_u64 + number as u64 * 7))
        else {
            continue;
        };
        let event = BlobEvent { sequencer, at: deed.at, what: happening };
        for delay in delays(random) {
            let what = Arriving::Event { address: recording.address.clone(), event: event.clone() };
            arrivals.push(Arrival { at: deed.at + delay, what });
        }
    }
    arrivals
}

/// The blob after a deed, and what an event says of the deed.
fn after(deed: &Deed, recording: &TrueRecording, number: usize) -> (Arriving, Happening) {
    let address = recording.address.clone();
    let Some(size) = deed.size else {
        return (Arriving::BlobGone { address }, Happening::deleted());
    };
    let etag = ETag::new(&format!("0x8DE{number:012X}"));
    let properties = BlobProperties {
        created_at: recording.created_at,
        last_modified: whole_second(deed.at),
        etag: etag.clone(),
        size,
        tier: Some("Hot".to_owned()),
        content_type: Some("application/octet-stream".to_owned()),
    };
    (Arriving::BlobPresent { address, properties }, Happening::Written { etag: Some(etag), size })
}

/// When an event is delivered: once, twice or never.
fn delays(random: &mut Random) -> Vec<SignedDuration> {
    let delay = |random: &mut Random| match random.between(1, 100) {
        1..=12 => random.minutes(10, 120),
        _ => random.seconds(1, 40),
    };
    let times = match random.between(1, 100) {
        1..=6 => 0,
        7..=16 => 2,
        _ => 1,
    };
    (0..times).map(|_| delay(random)).collect()
}
