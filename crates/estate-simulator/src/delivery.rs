//! Turns writes and deletions of blobs into arrivals. Events are late, duplicated, reordered or lost.

use domain::record::blob::{BlobEvent, BlobProperties, ETag, Happening, whole_second};
use domain::record::sequencer::Sequencer;
use jiff::SignedDuration;
use random::SplitMix;

use crate::arrival::{Arrival, Arriving};
use crate::recorder::BlobChange;
use crate::truth::TrueRecording;

/// Returns the state of each blob after every change, and the delivered events.
pub(crate) fn deliveries(deeds: &[BlobChange], recordings: &[TrueRecording], random: &mut SplitMix) -> Vec<Arrival> {
    let mut arrivals = Vec::new();
    for (number, deed) in deeds.iter().enumerate() {
        let recording = &recordings[deed.recording];
        let (now, happening) = after(deed, recording, number);
        arrivals.push(Arrival { at: deed.at, what: now });
        // Storage's sequencers increase over all names, but only their order within one name is meaningful.
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

/// Returns the blob's state after a change, and the content of the event.
fn after(deed: &BlobChange, recording: &TrueRecording, number: usize) -> (Arriving, Happening) {
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

/// Returns the delivery delays of an event: none, one or two.
fn delays(random: &mut SplitMix) -> Vec<SignedDuration> {
    let delay = |random: &mut SplitMix| match random.between(1, 100) {
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
