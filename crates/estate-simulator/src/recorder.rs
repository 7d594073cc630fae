//! Writes recordings into the containers of the bastions and names them.

use std::collections::BTreeSet;

use domain::address::{AddressError, BlobAddress, BlobName};
use domain::record::blob::whole_second;
use jiff::{SignedDuration, Timestamp};
use random::SplitMix;

use crate::estate::SimulatedEstate;
use crate::stage::Draft;
use crate::truth::{ConnectionKind, RecordingOutage, TrueRecording};

/// A write to a recording, or its deletion.
#[derive(Debug, Clone)]
pub(crate) struct BlobChange {
    pub(crate) at: Timestamp,
    /// Index into the recordings.
    pub(crate) recording: usize,
    /// Size of the new content in bytes; `None` for a deletion.
    pub(crate) size: Option<u64>,
}

/// Times of a recording by the storage clock, before the recording has a name.
struct Take {
    session: usize,
    writes: Vec<Timestamp>,
    deleted_at: Option<Timestamp>,
}

/// Records the sessions, which must be in order of their starts.
pub(crate) fn record(
    drafts: &[Draft],
    outages: &[RecordingOutage],
    estate: &SimulatedEstate,
    random: &mut SplitMix,
) -> Result<(Vec<TrueRecording>, Vec<BlobChange>), AddressError> {
    let mut takes: Vec<Take> = Vec::new();
    for (session, draft) in drafts.iter().enumerate() {
        if is_recorded(draft, outages, random) {
            takes.push(take(session, draft, random));
        }
    }
    takes.sort_by_key(|take| (take.writes[0], take.session));
    let mut shelf = Shelf::default();
    let mut recordings = Vec::new();
    for take in &takes {
        let (draft, container) =
            (&drafts[take.session], &estate.bastions[drafts[take.session].place.bastion].recordings);
        let base = format!("{}-{}", draft.place.target.name, draft.place.account);
        let address = shelf.free(take, |name| Ok(container.blob(BlobName::parse(name)?)), &base)?;
        let last = take.writes.last().unwrap_or(&take.writes[0]);
        recordings.push(TrueRecording {
            address,
            session: take.session,
            created_at: whole_second(take.writes[0]),
            last_written_at: whole_second(*last),
            deleted_at: take.deleted_at,
        });
    }
    let deeds = takes.iter().enumerate().flat_map(|(recording, take)| deeds(recording, take, random)).collect();
    Ok((recordings, deeds))
}

/// Returns true if a recording is written: for some failed logins, but never for a native client.
fn is_recorded(draft: &Draft, outages: &[RecordingOutage], random: &mut SplitMix) -> bool {
    let out = outages.iter().any(|outage| outage.covers(draft.place.bastion, draft.started_at));
    match draft.kind {
        ConnectionKind::Web => !out,
        ConnectionKind::Native => false,
        ConnectionKind::Failed => !out && random.happens(40),
    }
}

/// Adds a clock difference of up to 28 seconds for the whole session, and up to 2 more seconds at each write.
fn take(session: usize, draft: &Draft, random: &mut SplitMix) -> Take {
    let skew = random.seconds(-28, 28);
    let created = draft.started_at + skew + random.seconds(-2, 2);
    let end = match draft.kind {
        ConnectionKind::Failed => Some(created + random.seconds(10, 15)),
        _ => draft.ended_at.map(|end| (end + skew + random.seconds(-2, 2)).max(created)),
    };
    let mut writes = vec![created];
    let length = end.map_or(SignedDuration::from_hours(2), |end| end.duration_since(created));
    if length > SignedDuration::from_mins(10) && random.happens(40) {
        let times = random.between(1, 3) as i32;
        writes.extend((1..=times).map(|number| created + length * number / (times + 1)));
    }
    writes.extend(end);
    let deleted_at = draft.deleted_after.and_then(|after| Some(end? + after));
    Take { session, writes, deleted_at }
}

fn deeds(recording: usize, take: &Take, random: &mut SplitMix) -> Vec<BlobChange> {
    let first = random.pick(&[0, 0, 512]);
    let growth = random.between(20_000, 900_000).unsigned_abs();
    let writes = take.writes.iter().enumerate().map(|(number, at)| {
        let size = if number == 0 { first } else { growth * number as u64 };
        BlobChange { at: *at, recording, size: Some(size) }
    });
    let deletion = take.deleted_at.map(|at| BlobChange { at, recording, size: None });
    writes.chain(deletion).collect()
}

/// Used names, with the time at which each becomes free.
#[derive(Default)]
struct Shelf {
    taken: BTreeSet<BlobAddress>,
    deletions: Vec<(Timestamp, BlobAddress)>,
}

impl Shelf {
    /// Names a recording like the bastion: the base name, else the first of `.1`, `.2` … that the container does not
    /// have at that time.
    fn free(
        &mut self,
        take: &Take,
        address: impl Fn(&str) -> Result<BlobAddress, AddressError>,
        base: &str,
    ) -> Result<BlobAddress, AddressError> {
        for (_, gone) in self.deletions.extract_if(.., |(at, _)| *at < take.writes[0]) {
            self.taken.remove(&gone);
        }
        let mut found = address(base)?;
        let mut number = 0;
        while !self.taken.insert(found.clone()) {
            number += 1;
            found = address(&format!("{base}.{number}"))?;
        }
        self.deletions.extend(take.deleted_at.map(|at| (at, found.clone())));
        Ok(found)
    }
}
