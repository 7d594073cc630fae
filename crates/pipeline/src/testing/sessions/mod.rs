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

use domain::record::session::{SessionEntry, SessionId};

use crate::ports::{SessionChange, Sessions};

/// Generates one test per case. `$make` returns an empty store and a guard kept alive by the test:
/// `sessions_conformance!(make)` with `async fn make() -> (impl Sessions, impl Sized)`.
#[macro_export]
macro_rules! sessions_conformance {
    ($make:path) => {
        $crate::conformance_tests! { sessions, $make;
            an_unsaved_session_is_new,
            sessions_are_loaded_in_the_requested_order,
            a_repeated_id_is_loaded_once,
            a_session_is_kept_whole,
            a_session_saved_again_is_replaced,
            a_session_save_of_an_outdated_revision_fails,
            a_session_losing_its_race_does_not_affect_others,
            one_of_many_concurrent_session_saves_wins,
            a_very_old_revision_loses,
            hundreds_of_sessions_are_saved_at_once,
            empty_loads_and_saves_succeed,
            one_tunnel_through_two_bastions_is_two_sessions,
            hostile_ids_are_kept_apart,
            a_session_is_near_under_each_of_its_keys,
            both_ends_of_a_span_are_near,
            keys_with_a_common_prefix_are_kept_apart,
            sessions_of_different_bastions_are_kept_apart,
            a_failed_login_is_found_by_its_target,
            an_updated_session_is_found_only_near_its_new_key,
            near_sessions_are_ordered_by_id_and_limited,
            empty_keys_and_crossed_spans_match_no_session,
            sessions_are_listed_newest_first,
            sessions_are_listed_in_pages,
            sessions_of_one_bastion_are_listed,
            unrecorded_sessions_are_listed_until_a_recording_is_found,
            a_session_listing_begins_at_the_requested_time,
            due_sessions_are_ordered_by_time_and_id,
            due_sessions_are_paged,
            the_due_time_of_a_session_follows_its_last_save,
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
    assert_eq!(sessions.save(std::slice::from_ref(&change)).await.unwrap(), [true], "no concurrent save");
    change.after
}
