//! Conformance cases of [`Sessions::list`].

use domain::record::estate::BastionName;
use domain::record::session::{Gap, GapCause, SessionEntry};

use super::save;
use crate::ports::{SessionListRequest, SessionPlace, Sessions};
use crate::testing::sample::{ended, second, session_id};

const EVERYTHING: SessionListRequest =
    SessionListRequest { bastion: None, without_recording: false, below: None, from: None, limit: 1000 };

/// Ordered by time, then id, independent of the order of saves. A changed time moves the session.
pub async fn sessions_are_listed_newest_first(sessions: &impl Sessions) {
    let mut saved = fill(sessions).await;
    assert_eq!(sessions.list(&EVERYTHING).await.unwrap(), saved);
    let oldest = saved.pop().unwrap();
    let moved = save(sessions, &ended(oldest.id, "vm", "user", second(1000))).await;
    saved.insert(0, moved);
    assert_eq!(sessions.list(&EVERYTHING).await.unwrap(), saved);
}

/// `below` is the end of the previous page, even among sessions of the same time.
pub async fn sessions_are_listed_in_pages(sessions: &impl Sessions) {
    let saved = fill(sessions).await;
    for limit in [1, 2, 3, 100] {
        assert_eq!(all_pages(sessions, &EVERYTHING, limit).await, saved, "pages of {limit}");
    }
    assert_eq!(sessions.list(&SessionListRequest { limit: 0, ..EVERYTHING }).await.unwrap(), []);
}

/// A page may start after a session of another bastion.
pub async fn sessions_of_one_bastion_are_listed(sessions: &impl Sessions) {
    let saved = fill(sessions).await;
    for name in ["bas-1", "bas-2", "bas", "BAS-1"] {
        let bastion = BastionName::new(name);
        let own: Vec<_> = saved.iter().filter(|entry| entry.id.bastion == bastion).cloned().collect();
        let request = SessionListRequest { bastion: Some(bastion), ..EVERYTHING };
        for limit in [1, 2, 100] {
            assert_eq!(all_pages(sessions, &request, limit).await, own, "{name}: pages of {limit}");
        }
        for other in &saved {
            let below = Some(place(other));
            let listed = sessions.list(&SessionListRequest { below: below.clone(), ..request.clone() }).await.unwrap();
            let expected: Vec<_> = own.iter().filter(|entry| Some(place(entry)) < below).cloned().collect();
            assert_eq!(listed, expected, "{name} below {below:?}");
        }
    }
}

/// A late recording removes the session from the list.
pub async fn unrecorded_sessions_are_listed_until_a_recording_is_found(sessions: &impl Sessions) {
    let mut saved = fill(sessions).await;
    let open = Gap { found_at: second(0), cause: GapCause::Unknown, closed_at: None };
    let closed = Gap { closed_at: Some(second(9)), ..open.clone() };
    for (at, gap) in [(0, &open), (2, &open), (3, &closed), (5, &open), (2, &closed)] {
        saved[at] = save(sessions, &SessionEntry { gap: Some(gap.clone()), ..saved[at].clone() }).await;
        for bastion in [None, Some(BastionName::new("bas-1")), Some(BastionName::new("bas-2"))] {
            let own = |entry: &&SessionEntry| bastion.as_ref().is_none_or(|bastion| *bastion == entry.id.bastion);
            let expected: Vec<_> = saved.iter().filter(own).filter(|entry| entry.has_gap()).cloned().collect();
            let request = SessionListRequest { bastion: bastion.clone(), without_recording: true, ..EVERYTHING };
            assert_eq!(all_pages(sessions, &request, 1).await, expected);
            assert_eq!(sessions.list(&request).await.unwrap(), expected);
        }
    }
    assert_eq!(sessions.list(&EVERYTHING).await.unwrap(), saved, "the others are still there");
}

/// `from` is inclusive.
pub async fn a_session_listing_begins_at_the_requested_time(sessions: &impl Sessions) {
    let saved = fill(sessions).await;
    for n in 0..8 {
        let from = second(n);
        for bastion in [None, Some(BastionName::new("bas-2"))] {
            let own = |entry: &&SessionEntry| bastion.as_ref().is_none_or(|bastion| *bastion == entry.id.bastion);
            let expected: Vec<_> = saved.iter().filter(own).filter(|entry| entry.at() >= from).cloned().collect();
            let request = SessionListRequest { bastion: bastion.clone(), from: Some(from), ..EVERYTHING };
            assert_eq!(sessions.list(&request).await.unwrap(), expected);
            let below = expected.first().map(place);
            let rest = expected.get(1..).unwrap_or_default();
            assert_eq!(sessions.list(&SessionListRequest { below, ..request }).await.unwrap(), rest);
        }
    }
}

/// Saves sessions of two bastions, some with the same time; returns them newest first.
async fn fill(sessions: &impl Sessions) -> Vec<SessionEntry> {
    let mut saved = Vec::new();
    for (bastion, tunnel, n) in [
        ("bas-1", "t2", 3),
        ("bas-2", "t1", 3),
        ("bas-1", "t1", 3),
        ("bas-2", "t9", 5),
        ("bas-1", "t5", 1),
        ("bas-2", "t0", 1),
        ("bas-1", "t7", 6),
    ] {
        saved.push(save(sessions, &ended(session_id(bastion, tunnel), "vm", "user", second(n))).await);
    }
    saved.sort_by_key(|entry| std::cmp::Reverse(place(entry)));
    saved
}

async fn all_pages(sessions: &impl Sessions, request: &SessionListRequest, limit: usize) -> Vec<SessionEntry> {
    let mut request = SessionListRequest { limit, ..request.clone() };
    let mut listed = Vec::new();
    loop {
        let page = sessions.list(&request).await.unwrap();
        assert!(page.len() <= limit, "a page has at most the requested length");
        let Some(last) = page.last() else { return listed };
        request.below = Some(place(last));
        listed.extend(page);
    }
}

fn place(entry: &SessionEntry) -> SessionPlace {
    SessionPlace { at: entry.at(), id: entry.id.clone() }
}
