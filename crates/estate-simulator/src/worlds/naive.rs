//! A naive matcher: the nearest begin of the same name.
//!
//! It is a baseline that any useful matcher beats in every world.

use std::collections::BTreeMap;

use super::plan::MINUTE;
use super::world::{LoggedSession, Machine, Millis, World};

/// Maximum distance between begin and creation.
const TOLERANCE: Millis = 2 * MINUTE;

/// Matches each recording with the session of its name that begins nearest to its creation, or `None` if no session
/// begins within two minutes.
pub fn naive(world: &World) -> Vec<Option<usize>> {
    let mut sessions: BTreeMap<(usize, String), Vec<(Millis, usize)>> = BTreeMap::new();
    for (index, session) in world.sessions.iter().enumerate() {
        let Some(begin) = session.begin else { continue };
        let key = (world.bastions[session.bastion].container, name_of(session));
        sessions.entry(key).or_default().push((begin.at, index));
    }
    sessions.values_mut().for_each(|list| list.sort_unstable());
    let nearest = |key: &(usize, String), at: Millis| {
        let list = sessions.get(key)?;
        let near = &list[list.partition_point(|(begin, _)| *begin < at - TOLERANCE)..];
        let near = near.iter().take_while(|(begin, _)| *begin <= at + TOLERANCE);
        near.min_by_key(|(begin, _)| (begin - at).abs()).map(|(_, index)| *index)
    };
    let verdict = |blob: &super::RecordedBlob| {
        let name = blob.name.to_lowercase();
        let base = name.rsplit_once('.').filter(|(_, digits)| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let base = base.map_or(name.as_str(), |(base, _)| base);
        nearest(&(blob.container, base.to_owned()), blob.created_at)
    };
    world.recordings.iter().map(verdict).collect()
}

fn name_of(session: &LoggedSession) -> String {
    let machine = match &session.machine {
        Machine::Vm(id) | Machine::ScaleSetInstance(id) => id.rsplit('/').next().unwrap_or_default(),
        Machine::AddressOnly => session.address.as_str(),
    };
    format!("{machine}-{}", session.account).to_lowercase()
}
