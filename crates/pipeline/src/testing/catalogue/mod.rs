//! Conformance suite of [`Catalogue`](crate::ports::Catalogue).

mod disposals;
mod due;
mod headings;
mod listing;
mod names;
mod near;
mod saving;
mod words;

pub use disposals::*;
pub use due::*;
pub use headings::*;
pub use listing::*;
pub use names::*;
pub use near::*;
pub use saving::*;
pub use words::*;

use domain::address::BlobAddress;
use domain::record::catalogue::Entry;

use crate::ports::{Catalogue, Version};

/// Generates one test per case. `$make` returns an empty catalogue and a guard kept alive by the test:
/// `catalogue_conformance!(make)` with `async fn make() -> (impl Catalogue, impl Sized)`.
#[macro_export]
macro_rules! catalogue_conformance {
    ($make:path) => {
        $crate::conformance_tests! { catalogue, $make;
            an_unsaved_name_has_no_lives,
            a_saved_entry_is_loaded,
            an_entry_is_found_with_all_lives_of_its_name,
            an_unknown_id_finds_nothing,
            saving_again_replaces_the_entry,
            a_save_of_an_outdated_version_fails,
            one_of_many_concurrent_saves_wins,
            a_save_that_loses_a_race_stores_no_entry,
            several_entries_of_a_name_are_saved_at_once,
            a_very_old_version_loses,
            forty_lives_are_ordered_by_id,
            the_largest_entry_is_kept_whole,
            similar_names_are_kept_apart,
            the_same_name_in_another_container_is_another_name,
            names_that_share_a_key_are_kept_apart,
            hostile_names_are_kept_apart,
            the_longest_name_is_kept,
            entries_are_listed_newest_first,
            a_catalogue_page_starts_after_the_previous_one,
            a_listing_has_no_gap_or_duplicate_while_entries_are_added,
            a_listing_begins_at_the_requested_id,
            a_listing_with_crossed_bounds_is_empty,
            entries_are_listed_by_name_in_pages,
            a_range_of_names_ends_at_its_last_name,
            a_state_lists_only_its_present_entries,
            a_state_is_listed_page_by_page,
            an_entry_is_listed_only_under_its_present_headings,
            a_heading_is_listed_page_by_page,
            headings_of_different_kinds_are_separate,
            hostile_headings_are_kept_apart,
            a_heading_is_found_by_the_beginning_of_each_word,
            an_uncertain_session_adds_no_words,
            a_changed_match_adds_the_words_of_its_new_names,
            headings_of_a_word_are_limited,
            hostile_words_are_found,
            an_entry_is_near_under_each_of_its_keys,
            both_ends_of_a_time_of_creation_are_near,
            entries_of_another_bastion_are_not_near,
            an_updated_entry_is_found_only_near_its_new_key,
            near_entries_are_ordered_by_id_and_limited,
            hostile_keys_are_kept_apart,
            due_entries_are_ordered_by_time_and_id,
            no_entry_is_due_early,
            due_entries_are_paged_within_one_instant,
            an_entry_without_pending_work_is_never_due,
            the_due_time_follows_the_last_save,
            the_earliest_of_several_reasons_makes_an_entry_due,
            disposals_are_listed_by_time_and_id_in_pages,
            no_recording_is_listed_for_disposal_early,
            a_disposal_follows_the_last_save,
            disposals_and_dues_do_not_mix,
        }
    };
}

/// Saves entries of one name over its current version.
async fn save(catalogue: &impl Catalogue, address: &BlobAddress, changed: &[Entry]) -> Version {
    let before = catalogue.lives(address).await.unwrap();
    catalogue.save(&before, changed).await.unwrap().expect("no concurrent save")
}

/// Saves one entry over the current version of its name.
async fn save_one(catalogue: &impl Catalogue, entry: &Entry) -> Version {
    save(catalogue, &entry.address, std::slice::from_ref(entry)).await
}
