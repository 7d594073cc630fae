//! Conformance cases of [`Sessions::due`].

use domain::record::effect::{Effect, Pending};
use domain::record::session::SessionEntry;
use jiff::SignedDuration;

use super::save;
use crate::ports::{SessionPlace, Sessions};
use crate::testing::sample::{second, session_id, unknown};

/// `until` is inclusive, to the nanosecond.
pub async fn due_sessions_are_ordered_by_time_and_id(sessions: &impl Sessions) {
    let due = fill(sessions).await;
    assert_eq!(sessions.due(second(100), None, 100).await.unwrap(), due);
    let early = second(10).checked_sub(SignedDuration::from_nanos(1)).unwrap();
    assert_eq!(sessions.due(early, None, 100).await.unwrap(), due[..1]);
    assert_eq!(sessions.due(second(10), None, 100).await.unwrap(), due[..5]);
}

/// The cursor combines time and id.
pub async fn due_sessions_are_paged(sessions: &impl Sessions) {
    let due = fill(sessions).await;
    for limit in [1, 2, 4, 100] {
        let mut seen: Vec<SessionPlace> = Vec::new();
        loop {
            let page = sessions.due(second(100), seen.last(), limit).await.unwrap();
            assert!(page.len() <= limit);
            if page.is_empty() {
                break;
            }
            seen.extend(page);
        }
        assert_eq!(seen, due, "pages of {limit}");
    }
    assert_eq!(sessions.due(second(100), None, 0).await.unwrap(), []);
}

/// The earliest reason counts. A session with nothing left to do is never due.
pub async fn the_due_time_of_a_session_follows_its_last_save(sessions: &impl Sessions) {
    let id = session_id("bas", "t1");
    let pending = Pending { effect: Effect::Rejoin, attempts: 0, since: second(0), retry_at: second(20) };
    for (pending, wake_at, at) in [
        (vec![], Some(30), Some(30)),
        (vec![pending.clone()], Some(30), Some(20)),
        (vec![pending], None, Some(20)),
        (vec![], Some(10), Some(10)),
        (vec![], None, None),
    ] {
        let entry = SessionEntry { pending, wake_at: wake_at.map(second), ..unknown(id.clone()) };
        save(sessions, &entry).await;
        let expected: Vec<_> = at.map(|at| SessionPlace { at: second(at), id: id.clone() }).into_iter().collect();
        assert_eq!(sessions.due(second(100), None, 10).await.unwrap(), expected);
    }
}

/// Saves sessions of two bastions, most due at the same time; returns them by time and id.
async fn fill(sessions: &impl Sessions) -> Vec<SessionPlace> {
    let mut due = Vec::new();
    for (bastion, tunnel, at) in [
        ("bas-2", "t1", 10),
        ("bas-1", "t2", 10),
        ("bas-1", "t1", 10),
        ("bas-2", "t0", 10),
        ("bas-1", "t9", 5),
        ("bas-1", "t0", 20),
    ] {
        let id = session_id(bastion, tunnel);
        save(sessions, &SessionEntry { wake_at: Some(second(at)), ..unknown(id.clone()) }).await;
        due.push(SessionPlace { at: second(at), id });
    }
    save(sessions, &unknown(session_id("bas-1", "never"))).await;
    due.sort();
    due
}
