//! Conformance cases of [`Sessions::near`].

use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::session::{BurstKey, IndexKey, Records, SessionEntry, TimeSpan};
use jiff::{SignedDuration, Timestamp};

use super::save;
use crate::ports::Sessions;
use crate::testing::sample::{ended, failed, second, session_id};

/// The session is returned once, even if several keys match.
pub async fn a_session_is_near_under_each_of_its_keys(sessions: &impl Sessions) {
    let mut entry = ended(session_id("bas", "t1"), "vm", "user", second(0));
    entry.keys = ["vm-user", "set_7-user", "10.0.0.4-user"].map(JoinKey::fold).into();
    let entry = save(sessions, &entry).await;
    let keys: Vec<IndexKey> = entry.keys.iter().map(IndexKey::started).collect();
    for key in &keys {
        assert_eq!(near(sessions, std::slice::from_ref(key), always()).await, std::slice::from_ref(&entry));
    }
    let other = [started("vm-other")];
    assert_eq!(near(sessions, &[&keys[..], &other].concat(), always()).await, [entry]);
    assert_eq!(near(sessions, &other, always()).await, []);
}

/// Bounds are inclusive, to the nanosecond.
pub async fn both_ends_of_a_span_are_near(sessions: &impl Sessions) {
    let entry = save(sessions, &ended(session_id("bas", "t1"), "vm", "user", second(10))).await;
    let step = SignedDuration::from_nanos(1);
    let (before, after) = (second(10).checked_sub(step).unwrap(), second(10).checked_add(step).unwrap());
    for (first, last, is_near) in [
        (second(10), second(10), true),
        (second(0), second(10), true),
        (second(10), second(20), true),
        (second(0), before, false),
        (after, second(20), false),
    ] {
        let found = near(sessions, &[started("vm-user")], TimeSpan { first, last }).await;
        assert_eq!(found, if is_near { vec![entry.clone()] } else { vec![] }, "{first} to {last}");
    }
}

/// Keys are compared as a whole.
pub async fn keys_with_a_common_prefix_are_kept_apart(sessions: &impl Sessions) {
    let names = ["vm-user", "vm-use", "vm-user x", "vm-user.1", "vm-user/1", "vm-us%", "vm-u_er", "", "vm-us\u{e9}r"];
    let mut saved = Vec::new();
    for name in names {
        let mut entry = ended(session_id("bas", &format!("t{}", saved.len())), "vm", "user", second(0));
        entry.keys = vec![JoinKey::fold(name)];
        saved.push(save(sessions, &entry).await);
    }
    for (name, entry) in names.into_iter().zip(saved) {
        assert_eq!(near(sessions, &[started(name)], always()).await, [entry], "{name:?}");
    }
}

/// Equal machine and account at another bastion do not match.
pub async fn sessions_of_different_bastions_are_kept_apart(sessions: &impl Sessions) {
    for bastion in ["bas", "bas-2", "BAS"] {
        save(sessions, &ended(session_id(bastion, "t1"), "vm", "user", second(0))).await;
    }
    for bastion in ["bas", "bas-2", "BAS"].map(BastionName::new) {
        let found = sessions.near(&bastion, &[started("vm-user")], always(), 10).await.unwrap();
        assert_eq!(found.iter().map(|entry| &entry.id.bastion).collect::<Vec<_>>(), [&bastion]);
    }
}

/// A failed login is indexed neither as a started nor as an ended session. A session without start is found by its end.
pub async fn a_failed_login_is_found_by_its_target(sessions: &impl Sessions) {
    let failure = save(sessions, &failed(session_id("bas", "t1"), "VM", "user", second(0))).await;
    let mut without_start = ended(session_id("bas", "t2"), "vm", "user", second(0));
    without_start.records = Records { starts: None, connected: None, ..without_start.records };
    let without_start = save(sessions, &without_start).await;
    let name = JoinKey::fold("vm-user");
    let of_target = IndexKey::burst(&BurstKey::Target("vm".to_owned()));
    let of_client = IndexKey::burst(&BurstKey::Client("198.51.100.7".to_owned()));
    for key in [IndexKey::failed(&name), of_target, of_client] {
        let found = near(sessions, std::slice::from_ref(&key), always()).await;
        assert_eq!(found, std::slice::from_ref(&failure), "{key:?}");
    }
    assert_eq!(near(sessions, &[IndexKey::ended(&name)], always()).await, [without_start]);
    assert_eq!(near(sessions, &[IndexKey::started(&name)], always()).await, []);
}

/// Late records move the session in the index and leave nothing at its old place.
pub async fn an_updated_session_is_found_only_near_its_new_key(sessions: &impl Sessions) {
    let id = session_id("bas", "t1");
    let places = [("vm", 0), ("vm", 7200), ("other", 7200), ("vm", 0)];
    for (vm, start) in places {
        let moved = save(sessions, &ended(id.clone(), vm, "user", second(start))).await;
        for (other_vm, other_start) in places {
            let is_here = (other_vm, other_start) == (vm, start);
            let key = started(&format!("{other_vm}-user"));
            let found = near(sessions, &[key], TimeSpan::at(second(other_start))).await;
            let expected = if is_here { vec![moved.clone()] } else { vec![] };
            assert_eq!(found, expected, "{other_vm} at {other_start}, while it is {vm} at {start}");
        }
    }
}

/// The limit counts sessions, not keys.
pub async fn near_sessions_are_ordered_by_id_and_limited(sessions: &impl Sessions) {
    let mut saved = Vec::new();
    for (n, tunnel) in ["t5", "t1", "t4", "t2", "t3"].into_iter().enumerate() {
        let vm = if n % 2 == 0 { "vm-a" } else { "vm-b" };
        let mut entry = ended(session_id("bas", tunnel), vm, "user", second(10 - i64::try_from(n).unwrap()));
        entry.keys.push(JoinKey::fold("both"));
        saved.push(save(sessions, &entry).await);
    }
    saved.sort_by(|one, other| one.id.cmp(&other.id));
    let keys = ["vm-a-user", "both", "vm-b-user"].map(started);
    for limit in [0, 1, 3, 5, 9] {
        let found = sessions.near(&BastionName::new("bas"), &keys, always(), limit).await.unwrap();
        assert_eq!(found, saved[..limit.min(5)], "at most {limit}");
    }
}

/// Neither is an error.
pub async fn empty_keys_and_crossed_spans_match_no_session(sessions: &impl Sessions) {
    save(sessions, &ended(session_id("bas", "t1"), "vm", "user", second(0))).await;
    assert_eq!(near(sessions, &[], always()).await, []);
    let crossed = TimeSpan { first: second(1), last: second(-1) };
    assert_eq!(near(sessions, &[started("vm-user")], crossed).await, []);
}

fn started(name: &str) -> IndexKey {
    IndexKey::started(&JoinKey::fold(name))
}

fn always() -> TimeSpan {
    TimeSpan { first: Timestamp::MIN, last: Timestamp::MAX }
}

async fn near(sessions: &impl Sessions, keys: &[IndexKey], within: TimeSpan) -> Vec<SessionEntry> {
    sessions.near(&BastionName::new("bas"), keys, within, 100).await.unwrap()
}
