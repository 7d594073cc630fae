//! Conformance cases of distinguishing sessions.

use domain::record::estate::BastionName;
use domain::record::session::{SessionId, TunnelId};

use super::{load, save};
use crate::ports::Sessions;
use crate::testing::sample::{HOSTILE_NAMES, ended, second, session_id};

/// A tunnel id is unique only within its bastion.
pub async fn one_tunnel_through_two_bastions_is_two_sessions(sessions: &impl Sessions) {
    keeps_apart(sessions, &[session_id("bas-1", "t1"), session_id("bas-2", "t1"), session_id("bas-1", "t2")]).await;
}

/// Ids are data, compared character by character.
pub async fn hostile_ids_are_kept_apart(sessions: &impl Sessions) {
    let tunnels = HOSTILE_NAMES.into_iter().chain(["a/b", "b", "b c", "c"]).filter_map(TunnelId::parse);
    let mut ids: Vec<SessionId> = tunnels.map(|tunnel| session_id("bas", tunnel.as_str())).collect();
    ids.extend(HOSTILE_NAMES.map(|name| session_id(name, "t1")));
    ids.extend([session_id("bas/a", "b"), session_id("bas b", "c"), session_id("BAS", "b")]);
    ids.push(session_id("bas", &"\u{1f511}".repeat(32)));
    ids.push(SessionId { bastion: BastionName::new(&"b".repeat(200)), tunnel: TunnelId::parse("t1").unwrap() });
    ids.sort();
    ids.dedup();
    keeps_apart(sessions, &ids).await;
}

async fn keeps_apart(sessions: &impl Sessions, ids: &[SessionId]) {
    let mut saved = Vec::new();
    for (id, n) in ids.iter().zip(0..) {
        saved.push(save(sessions, &ended(id.clone(), "vm", "user", second(n))).await);
    }
    assert_eq!(sessions.load(ids).await.unwrap(), saved);
    for entry in saved {
        assert_eq!(load(sessions, &entry.id).await, entry, "{}", entry.id);
    }
}
