//! Sessions under failed, repeated and missing calls.

use std::slice::from_ref;
use std::sync::Arc;

use adapters_azure::TableSessions;
use adapters_azure::testing::{Mishap, Mishaps, Tally};
use domain::record::session::{IndexKey, SessionEntry, TimeSpan};
use pipeline::ports::{SessionChange, SessionListRequest, SessionPlace, Sessions};
use pipeline::testing::sample::{ended, second, session_id};

use crate::table_mishaps::tables::Tables;

const BASTION: &str = "bas-hub-01";
/// Calls of any save: one transaction.
const SAVE: usize = 1;

const EVERYTHING: SessionListRequest =
    SessionListRequest { bastion: None, without_recording: false, below: None, from: None, limit: 10 };

/// Session `t1` at this revision, due at a second.
fn session(revision: u64, due: i64) -> SessionEntry {
    let entry = ended(session_id(BASTION, "t1"), "vm", "user", second(10));
    SessionEntry { revision, wake_at: Some(second(due)), ..entry }
}

fn first(after: &SessionEntry) -> SessionChange {
    SessionChange { before: SessionEntry::new(after.id.clone()), after: after.clone() }
}

fn place(entry: &SessionEntry) -> SessionPlace {
    SessionPlace { at: entry.due_at().unwrap(), id: entry.id.clone() }
}

async fn load(sessions: &TableSessions, entry: &SessionEntry) -> SessionEntry {
    sessions.load(from_ref(&entry.id)).await.unwrap().remove(0)
}

/// Searches by name, by listing and by due time; asserts that name and listing agree.
async fn found(sessions: &TableSessions, like: &SessionEntry) -> (Vec<SessionEntry>, Vec<SessionPlace>) {
    let keys: Vec<_> = like.keys.iter().map(IndexKey::started).collect();
    let near = sessions.near(&like.id.bastion, &keys, TimeSpan::at(second(10)), 10).await.unwrap();
    assert_eq!(sessions.list(&EVERYTHING).await.unwrap(), near);
    (near, sessions.due(second(1_000_000), None, 10).await.unwrap())
}

#[tokio::test]
async fn a_session_save_with_a_lost_response_is_recognised_as_won() {
    let tables = Tables::new().await;
    let (one, two) = (session(1, 900), session(2, 950));
    let (sessions, mishaps) = tables.sessions(Mishaps::one(SAVE, Mishap::AnswerLost));
    assert_eq!(sessions.save(&[first(&one)]).await.unwrap(), [true]);
    assert_eq!(mishaps.tries(), SAVE + 2, "the repetition, and a check whose row it was");
    let (sessions, _) = tables.sessions(Mishaps::one(SAVE, Mishap::AnswerLost));
    assert_eq!(sessions.save(&[SessionChange { before: one, after: two.clone() }]).await.unwrap(), [true]);
    assert_eq!(load(&sessions, &two).await, two);
}

#[tokio::test]
async fn a_session_save_with_a_lost_response_is_recognised_as_lost() {
    let tables = Tables::new().await;
    let (mine, theirs) = (session(1, 900), session(1, 950));
    tables.sessions(Mishaps::none()).0.save(&[first(&theirs)]).await.unwrap();
    let (sessions, _) = tables.sessions(Mishaps::one(SAVE, Mishap::AnswerLost));
    assert_eq!(sessions.save(&[first(&mine)]).await.unwrap(), [false]);
    assert_eq!(load(&sessions, &mine).await, theirs);
    assert_eq!(found(&sessions, &theirs).await, (vec![theirs.clone()], vec![place(&theirs)]));
}

#[tokio::test]
async fn a_first_session_save_crashing_at_any_call_is_atomic() {
    let after = session(1, 900);
    for call in 1..=SAVE {
        for death in [Mishap::Death, Mishap::DeathAfter] {
            let tables = Tables::new().await;
            let (dying, mishaps) = tables.sessions(Mishaps::one(call, death));
            dying.save(&[first(&after)]).await.unwrap_err();
            assert!(mishaps.is_dead(), "a first save makes {call} calls");
            let (whole, _) = tables.sessions(Mishaps::none());
            let is_saved = load(&whole, &after).await == after;
            assert_eq!(is_saved, (call, death) == (SAVE, Mishap::DeathAfter), "{death:?} in call {call}");
            let expected = if is_saved {
                (vec![after.clone()], vec![place(&after)])
            } else {
                (vec![], vec![])
            };
            assert_eq!(found(&whole, &after).await, expected, "{death:?} in call {call}");
            assert_eq!(whole.save(&[first(&after)]).await.unwrap(), [!is_saved]);
            assert_eq!(found(&whole, &after).await, (vec![after.clone()], vec![place(&after)]));
        }
    }
}

#[tokio::test]
async fn a_session_update_crashing_at_any_call_leaves_a_findable_session() {
    let (before, after) = (session(1, 900), session(2, 950));
    for call in 1..=SAVE {
        for death in [Mishap::Death, Mishap::DeathAfter] {
            let tables = Tables::new().await;
            let (whole, _) = tables.sessions(Mishaps::none());
            whole.save(&[first(&before)]).await.unwrap();
            let (dying, mishaps) = tables.sessions(Mishaps::one(call, death));
            let saved = dying.save(&[SessionChange { before: before.clone(), after: after.clone() }]).await;
            assert!(mishaps.is_dead(), "a save makes {call} calls");
            let now = load(&whole, &before).await;
            assert!(now == before || now == after, "{death:?} in call {call}: {saved:?}");
            assert_eq!(found(&whole, &now).await, (vec![now.clone()], vec![place(&now)]), "{death:?} in call {call}");
        }
    }
}

/// A save removes the rows of the earlier place.
#[tokio::test]
async fn a_session_with_a_late_start_moves_to_its_new_place() {
    let tables = Tables::new().await;
    let (sessions, _) = tables.sessions(Mishaps::none());
    let (was, is) = (session(1, 900), session(2, 950));
    let earlier = ended(is.id.clone(), "vm", "user", second(5));
    let is = SessionEntry { records: earlier.records, ..is };
    sessions.save(&[first(&was)]).await.unwrap();
    assert_eq!(found(&sessions, &was).await.0, from_ref(&was));
    sessions.save(&[SessionChange { before: was.clone(), after: is.clone() }]).await.unwrap();
    assert_eq!(sessions.list(&EVERYTHING).await.unwrap(), from_ref(&is));
    let keys: Vec<_> = is.keys.iter().map(IndexKey::started).collect();
    for (at, expected) in [(5, from_ref(&is)), (10, &[])] {
        let near = sessions.near(&is.id.bastion, &keys, TimeSpan::at(second(at)), 10).await.unwrap();
        assert_eq!(near, expected, "{at}");
    }
}

#[tokio::test]
async fn the_cost_per_session_does_not_grow_with_a_batch() {
    let tables = Tables::new().await;
    let tally = Arc::new(Tally::default());
    let sessions = TableSessions::new(&tables.open(tally.clone()));
    let mut seen = 0;
    let mut since = || {
        let total = tally.total();
        std::mem::replace(&mut seen, total).abs_diff(total)
    };
    let one = session(1, 900);
    sessions.save(&[first(&one)]).await.unwrap();
    assert_eq!(since(), SAVE as u64, "a first save");
    sessions.save(&[SessionChange { before: one, after: session(2, 950) }]).await.unwrap();
    assert_eq!(since(), SAVE as u64, "a save that moves the due time");
    let many = (0..30).map(|n| ended(session_id(BASTION, &format!("many-{n}")), "vm", "user", second(20)));
    let many: Vec<_> = many.map(|entry| first(&SessionEntry { wake_at: Some(second(900)), ..entry })).collect();
    sessions.save(&many).await.unwrap();
    assert_eq!(since(), 3, "a transaction for a dozen sessions");
    let ids: Vec<_> = many.iter().map(|change| change.after.id.clone()).collect();
    sessions.load(&ids).await.unwrap();
    assert_eq!(since(), 30, "loading");
    sessions.due(second(1_000), None, 5).await.unwrap();
    assert_eq!(since(), 1, "a range");
    sessions.list(&SessionListRequest { limit: 5, ..EVERYTHING }).await.unwrap();
    assert_eq!(since(), 1, "a range");
}
