//! Converts a world into the product's types.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::decide::join::{RecordingEvidence, SessionEvidence};
use domain::policy::join::MatchingRules;
use domain::record::join_key::JoinKey;
use domain::record::session::{Records, Session, TimeSpan, TunnelId};
use estate_simulator::worlds::{FailedLogin, LoggedSession, Machine, Millis, World};
use jiff::Timestamp;

/// The recordings of one container and the sessions of the bastions that write into it.
#[derive(Default)]
pub struct PlayedEstate {
    pub recordings: Vec<RecordingEvidence>,
    pub sessions: Vec<SessionEvidence>,
    pub failed_logins: Vec<SessionEvidence>,
    /// Indices of `recordings` in the world.
    pub recordings_in_world: Vec<usize>,
}

/// Returns for each container the entries that the reader knows at this time.
pub fn estates(world: &World, at: Millis) -> Vec<PlayedEstate> {
    let mut names = Names::default();
    let containers = world.bastions.iter().map(|bastion| bastion.container).max().map_or(0, |most| most + 1);
    let mut estates: Vec<PlayedEstate> = (0..containers).map(|_| PlayedEstate::default()).collect();
    for (place, blob) in world.recordings.iter().enumerate().filter(|(_, blob)| blob.created_seen_at <= at) {
        let has_ended = blob.last_write_seen_at <= at;
        let recorded = RecordingEvidence {
            id: None,
            keys: names.shared(names.matching.naming.keys_of_recording(&blob.name)),
            created_at: time(blob.created_at),
            last_modified: time(if has_ended { blob.last_write_at } else { blob.created_at }),
            has_ended,
        };
        let estate = &mut estates[blob.container];
        estate.recordings_in_world.push(place);
        estate.recordings.push(recorded);
    }
    for (place, session) in world.sessions.iter().enumerate().filter(|(_, session)| session.readable_at() <= at) {
        let estate = &mut estates[world.bastions[session.bastion].container];
        estate.sessions.push(evidence(place, session, at, &mut names));
    }
    for (place, failed) in world.failed_logins.iter().enumerate().filter(|(_, one)| one.tried.readable_at <= at) {
        let estate = &mut estates[world.bastions[failed.bastion].container];
        estate.failed_logins.push(failed_login(place, failed, &mut names));
    }
    estates
}

fn evidence(place: usize, session: &LoggedSession, at: Millis, names: &mut Names) -> SessionEvidence {
    let known = |stamp: Option<estate_simulator::worlds::Stamp>| {
        stamp.filter(|stamp| stamp.readable_at <= at).map(|stamp| TimeSpan::at(time(stamp.at)))
    };
    let mut records = records(&session.machine, &session.address, &session.account, &session.person);
    records.user_agent.add(&session.agent);
    records.starts = known(session.begin);
    records.connected = records.starts;
    records.ends = known(session.end);
    let told = Session::assemble(&tunnel("s", place), &records);
    SessionEvidence {
        ended_at: told.usable_end(),
        keys: names.shared(names.matching.naming.keys_of_session(&told.facts)),
        is_native: told.is_native,
        facts: told.facts,
    }
}

fn failed_login(place: usize, failed: &FailedLogin, names: &mut Names) -> SessionEvidence {
    let mut records = records(&failed.machine, &failed.address, &failed.account, &failed.person);
    records.failed = Some(TimeSpan::at(time(failed.tried.at)));
    let told = Session::assemble(&tunnel("f", place), &records);
    SessionEvidence {
        ended_at: Some(time(failed.tried.at)),
        keys: names.shared(names.matching.naming.keys_of_session(&told.facts)),
        is_native: false,
        facts: told.facts,
    }
}

/// Interns equal lists of join keys.
#[derive(Default)]
struct Names {
    matching: MatchingRules,
    known: BTreeSet<Arc<[JoinKey]>>,
}

impl Names {
    fn shared(&mut self, keys: Vec<JoinKey>) -> Arc<[JoinKey]> {
        if let Some(known) = self.known.get(&keys[..]) {
            return Arc::clone(known);
        }
        let keys: Arc<[JoinKey]> = keys.into();
        self.known.insert(Arc::clone(&keys));
        keys
    }
}

fn records(machine: &Machine, address: &str, account: &str, person: &str) -> Records {
    let mut records = Records::default();
    if let Machine::Vm(id) | Machine::ScaleSetInstance(id) = machine {
        records.target_resource_id.add(id);
    }
    records.target_ip.add(address);
    records.user_name.add(account);
    records.user_email.add(person);
    records
}

fn tunnel(kind: &str, place: usize) -> TunnelId {
    TunnelId::parse(&format!("{kind}{place}")).expect("a tunnel id")
}

/// Returns the index of a session from its tunnel id.
pub fn place_of(tunnel: &TunnelId) -> usize {
    tunnel.as_str()[1..].parse().expect("a place")
}

pub fn time(at: Millis) -> Timestamp {
    Timestamp::from_millisecond(at).expect("a time of the world")
}
