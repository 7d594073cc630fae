//! Worlds for tests of matching.

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

/// Each recording whose session is in the log, with its session.
fn pairs(world: &World) -> impl Iterator<Item = (&RecordedBlob, &LoggedSession)> {
    let session = |index| world.truth.session_of(index).map(|session| &world.sessions[session]);
    world.recordings.iter().enumerate().filter_map(move |(index, blob)| Some((blob, session(index)?)))
}

/// Creation less begin, of all pairs that have a begin.
fn begin_delays(world: &World) -> Vec<i64> {
    pairs(world).filter_map(|(blob, session)| Some(blob.created_at - session.begin?.at)).collect()
}

/// Last write less end, of all pairs that have an end.
fn end_delays(world: &World) -> Vec<i64> {
    pairs(world).filter_map(|(blob, session)| Some(blob.last_write_at - session.end?.at)).collect()
}

/// Creation less end, of all pairs that have an end.
fn upload_delays(world: &World) -> Vec<i64> {
    pairs(world).filter_map(|(blob, session)| Some(blob.created_at - session.end?.at)).collect()
}

/// Per cent of the items that are so.
fn percent<T>(items: impl IntoIterator<Item = T>, mut is_so: impl FnMut(T) -> bool) -> usize {
    let (mut count, mut all) = (0, 0);
    for item in items {
        all += 1;
        count += usize::from(is_so(item));
    }
    count * 100 / all
}
