//! Matches a world repeatedly while it unfolds.

use std::collections::BTreeMap;

use domain::record::join::Match;
use estate_simulator::worlds::{Millis, Score, World, score};

use crate::matching::estate::{estates, place_of, time};
use crate::matching::player::Player;

/// Time between two matcher runs.
const EVERY: Millis = 5 * HOUR + 7 * 60_000;
/// Recordings whose last write was seen longer than this before a run are not judged again.
const BACK: Millis = 7 * HOUR;
const HOUR: Millis = 3_600_000;

/// Returns the score of the first wrong match of each recording at any time, even if it was later withdrawn.
pub fn wrong_in_between(world: &World) -> Score {
    let seen = || world.recordings.iter().map(|blob| blob.last_write_seen_at);
    let (first, last) = (seen().min().unwrap_or_default(), seen().max().unwrap_or_default());
    let mut wrong = BTreeMap::new();
    let mut now = first + HOUR;
    while now < last + EVERY {
        for estate in estates(world, now) {
            let player = Player::new(&estate, time(now));
            for (place, in_world) in estate.recordings_in_world.iter().enumerate() {
                if world.recordings[*in_world].last_write_seen_at < now - BACK {
                    continue;
                }
                let near = player.near(place);
                let Match::Matched(matched) = player.judged(place, &near) else { continue };
                let session = place_of(&matched.session.tunnel_id);
                if world.truth.session_of(*in_world) != Some(session) {
                    wrong.entry(*in_world).or_insert(session);
                }
            }
        }
        now += EVERY;
    }
    score(world, |recording| wrong.get(&recording).copied())
}
