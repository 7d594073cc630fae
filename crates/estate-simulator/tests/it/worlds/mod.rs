//! Tests of the worlds for matching.

mod clocks;
mod consistency;
mod habits;
mod knowledge;
mod losses;
mod names;
mod scores;
mod table;
mod writing;

use estate_simulator::worlds::{LoggedSession, RecordedBlob, WORLDS, World, WorldKind};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

fn kind(name: &str) -> &'static WorldKind {
    WORLDS.iter().find(|kind| kind.name == name).unwrap()
}

fn world(name: &str) -> World {
    kind(name).generate(7, 4000)
}

/// Returns each recording with its logged session.
fn pairs(world: &World) -> impl Iterator<Item = (&RecordedBlob, &LoggedSession)> {
    let session = |index| world.truth.session_of(index).map(|session| &world.sessions[session]);
    world.recordings.iter().enumerate().filter_map(move |(index, blob)| Some((blob, session(index)?)))
}

/// Creation minus begin of all pairs with a begin, in milliseconds.
fn begin_delays(world: &World) -> Vec<i64> {
    pairs(world).filter_map(|(blob, session)| Some(blob.created_at - session.begin?.at)).collect()
}

/// Last write minus end of all pairs with an end, in milliseconds.
fn end_delays(world: &World) -> Vec<i64> {
    pairs(world).filter_map(|(blob, session)| Some(blob.last_write_at - session.end?.at)).collect()
}

/// Creation minus end of all pairs with an end, in milliseconds.
fn upload_delays(world: &World) -> Vec<i64> {
    pairs(world).filter_map(|(blob, session)| Some(blob.created_at - session.end?.at)).collect()
}

/// Percentage of the items for which `is_so` returns true.
fn percent<T>(items: impl IntoIterator<Item = T>, mut is_so: impl FnMut(T) -> bool) -> usize {
    let (mut count, mut all) = (0, 0);
    for item in items {
        all += 1;
        count += usize::from(is_so(item));
    }
    count * 100 / all
}
