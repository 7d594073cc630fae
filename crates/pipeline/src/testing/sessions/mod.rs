//! Conformance suite of [`Sessions`].

mod due;
mod listing;
mod names;
mod near;
mod saving;

pub use due::*;
pub use listing::*;
pub use names::*;
pub use near::*;
pub use saving::*;

use domain::session::{SessionEntry, SessionId};

use crate::ports::{SessionChange, Sessions};

/// Generates one test per case. `$make` returns an empty store and a guard kept alive by the test:
/// `sessions_conformance!(make)` with `async fn make() -> (impl Sessions, impl Sized)`.
#[macro_export]
macro_rules! sessions_conformance {
    ($make:path) => {
        $crate::conformance_tests! { sessions, $make;
            a_session_never_saved_is_new,
            sessions_come_in_the_order_asked_for,
            an_id_asked_for_twice_is_answered_once,
            a_session_is_kept_whole,
            a_session_saved_again_is_replaced,
            a_session_save_of_an_outdated_revision_fails,
            a_session_that_lost_its_race_stops_no_other,
            one_of_many_concurrent_session_saves_wins,
            an_old_revision_loses_however_old,
            hundreds_of_sessions_are_saved_at_once,
            nothing_to_load_or_save_is_no_error,
            one_tunnel_through_two_bastions_is_two_sessions,
            hostile_ids_are_kept_apart,
            a_session_is_near_under_each_of_its_keys,
            both_ends_of_a_span_are_near,
            keys_that_begin_alike_do_not_meet,
            bastions_do_not_meet,
            a_failed_login_is_near_by_whose_it_was,
            an_updated_session_is_found_only_near_its_new_key,
            near_sessions_are_ordered_by_id_and_limited,
            no_keys_and_crossed_spans_find_nothing,
            sessions_are_listed_newest_first,
            sessions_are_listed_page_by_page,
            sessions_of_one_bastion_are_listed,
            unrecorded_sessions_are_listed_until_a_recording_is_found,
            a_list_of_sessions_begins_at_the_time_asked_for,
            due_sessions_come_in_the_order_of_time_and_id,
            due_sessions_come_page_by_page,
            a_session_is_due_when_its_last_save_says,
        }
    };
}

async fn load(sessions: &impl Sessions, id: &SessionId) -> SessionEntry {
    let mut loaded = sessions.load(std::slice::from_ref(id)).await.unwrap();
    assert_eq!(loaded.len(), 1, "one id, one answer");
    loaded.remove(0)
}

/// Returns the next save of a session, over its current revision.
async fn change(sessions: &impl Sessions, entry: &SessionEntry) -> SessionChange {
    let before = load(sessions, &entry.id).await;
    let after = SessionEntry { revision: before.revision + 1, ..entry.clone() };
    SessionChange { before, after }
}

/// Saves a session over its current revision; returns the saved session.
async fn save(sessions: &impl Sessions, entry: &SessionEntry) -> SessionEntry {
    let change = change(sessions, entry).await;
    assert_eq!(sessions.save(std::slice::from_ref(&change)).await.unwrap(), [true], "nobody else saves");
    change.after
}
