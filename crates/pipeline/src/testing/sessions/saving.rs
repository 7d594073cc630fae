//! Conformance cases of saving and loading sessions.

use domain::record::effect::{Effect, Pending};
use domain::record::notification::Event;
use domain::record::session::{Gap, GapCause, SessionEntry, TunnelId};
use futures_util::future::join_all;

use super::{change, load, save};
use crate::ports::{SessionChange, SessionListRequest, Sessions};
use crate::testing::sample::{ended, second, session_id, unknown};

/// A missing session is no error.
pub async fn an_unsaved_session_is_new(sessions: &impl Sessions) {
    let id = session_id("bas", "t1");
    assert_eq!(load(sessions, &id).await, SessionEntry::new(id));
}

/// Covers new sessions among known ones.
pub async fn sessions_are_loaded_in_the_requested_order(sessions: &impl Sessions) {
    let ids = ["t3", "t1", "t4", "t2"].map(|tunnel| session_id("bas", tunnel));
    let mut expected = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        let new = SessionEntry::new(id.clone());
        expected.push(if at % 2 == 0 { save(sessions, &new).await } else { new });
    }
    assert_eq!(sessions.load(&ids).await.unwrap(), expected);
}

/// Its position is that of the first request.
pub async fn a_repeated_id_is_loaded_once(sessions: &impl Sessions) {
    let [one, two] = ["t1", "t2"].map(|tunnel| session_id("bas", tunnel));
    let saved = save(sessions, &unknown(one.clone())).await;
    let loaded = sessions.load(&[two.clone(), one.clone(), two.clone(), one]).await.unwrap();
    assert_eq!(loaded, [SessionEntry::new(two), saved]);
}

/// Every field is preserved, fractions of seconds included.
pub async fn a_session_is_kept_whole(sessions: &impl Sessions) {
    let at = second(0).saturating_add(jiff::SignedDuration::from_nanos(123_456_789)).unwrap();
    let cause = GapCause::OneOf(["t1", "t2"].map(|tunnel| TunnelId::parse(tunnel).unwrap()).into());
    let entry = SessionEntry {
        gap: Some(Gap { found_at: at, cause, closed_at: Some(second(9)) }),
        announced: [Event::SessionUnrecorded].into(),
        notified_bursts: ["client", "person"].map(str::to_owned).into(),
        pending: vec![Pending { effect: Effect::Rejoin, attempts: 2, since: at, retry_at: second(5) }],
        wake_at: Some(at),
        ..ended(session_id("bas", "t1"), "vm", "j\u{f6}rg \"x\"", at)
    };
    let saved = save(sessions, &entry).await;
    assert_eq!(load(sessions, &entry.id).await, saved);
}

/// No duplicate is stored.
pub async fn a_session_saved_again_is_replaced(sessions: &impl Sessions) {
    let id = session_id("bas", "t1");
    save(sessions, &unknown(id.clone())).await;
    let again = save(sessions, &ended(id.clone(), "vm", "user", second(0))).await;
    assert_eq!(again.revision, 2);
    assert_eq!(load(sessions, &id).await, again);
    let all = SessionListRequest { bastion: None, without_recording: false, below: None, from: None, limit: 10 };
    assert_eq!(sessions.list(&all).await.unwrap(), [again]);
}

/// The loser gets `false` and changes nothing, for a new and a known session.
pub async fn a_session_save_of_an_outdated_revision_fails(sessions: &impl Sessions) {
    let id = session_id("bas", "t1");
    for n in 0..2 {
        let winner = change(sessions, &ended(id.clone(), "vm", "user", second(n))).await;
        let loser = change(sessions, &SessionEntry { wake_at: Some(second(0)), ..unknown(id.clone()) }).await;
        assert_eq!(sessions.save(std::slice::from_ref(&winner)).await.unwrap(), [true]);
        assert_eq!(sessions.save(&[loser]).await.unwrap(), [false]);
        assert_eq!(load(sessions, &id).await, winner.after);
        assert_eq!(sessions.due(second(100), None, 10).await.unwrap(), [], "the loser left no trace");
    }
}

/// Each session is saved separately; results are in the order of the changes.
pub async fn a_session_losing_its_race_does_not_affect_others(sessions: &impl Sessions) {
    let ids = ["t1", "t2", "t3"].map(|tunnel| session_id("bas", tunnel));
    let mut changes = Vec::new();
    for id in &ids {
        changes.push(change(sessions, &ended(id.clone(), "vm", "user", second(0))).await);
    }
    let faster = save(sessions, &unknown(ids[1].clone())).await;
    assert_eq!(sessions.save(&changes).await.unwrap(), [true, false, true]);
    let expected = [changes[0].after.clone(), faster, changes[2].after.clone()];
    assert_eq!(sessions.load(&ids).await.unwrap(), expected);
}

/// Holds for overlapping saves and for a new session.
pub async fn one_of_many_concurrent_session_saves_wins(sessions: &impl Sessions) {
    let id = session_id("bas", "t1");
    for round in 0..3 {
        let mut rivals = Vec::new();
        for n in 0..16 {
            rivals.push([change(sessions, &ended(id.clone(), "vm", "user", second(n))).await]);
        }
        let saves = join_all(rivals.iter().map(|rival| sessions.save(rival))).await;
        let won = saves.into_iter().filter(|saved| matches!(saved.as_deref(), Ok([true]))).count();
        assert_eq!(won, 1, "round {round}: of all savers of one revision one wins");
    }
}

/// Every outdated revision loses, however old.
pub async fn a_very_old_revision_loses(sessions: &impl Sessions) {
    let id = session_id("bas", "t1");
    let mut earlier: Vec<SessionChange> = Vec::new();
    for n in 0..5 {
        let entry = ended(id.clone(), "vm", "user", second(n));
        earlier.push(change(sessions, &entry).await);
        save(sessions, &entry).await;
    }
    let newest = load(sessions, &id).await;
    for change in earlier {
        assert_eq!(sessions.save(std::slice::from_ref(&change)).await.unwrap(), [false]);
    }
    assert_eq!(load(sessions, &id).await, newest);
}

/// Covers the load of reading old logs, with new and known sessions.
pub async fn hundreds_of_sessions_are_saved_at_once(sessions: &impl Sessions) {
    let ids: Vec<_> = (0..300).map(|n| session_id("bas", &format!("t{n}"))).collect();
    for round in 1..=2 {
        let known = sessions.load(&ids).await.unwrap();
        let changes = known.into_iter().zip(0..).map(|(before, n)| {
            let after = SessionEntry { revision: round, ..ended(before.id.clone(), "vm", "user", second(n)) };
            SessionChange { before, after }
        });
        let changes: Vec<_> = changes.collect();
        assert_eq!(sessions.save(&changes).await.unwrap(), vec![true; 300]);
        let saved: Vec<_> = changes.into_iter().map(|change| change.after).collect();
        assert_eq!(sessions.load(&ids).await.unwrap(), saved);
    }
}

/// Empty input gives empty output.
pub async fn empty_loads_and_saves_succeed(sessions: &impl Sessions) {
    assert_eq!(sessions.load(&[]).await.unwrap(), []);
    assert!(sessions.save(&[]).await.unwrap().is_empty());
}
