//! Conformance suite of [`Catalogue`](crate::ports::Catalogue).

mod disposals;
mod due;
mod headings;
mod listing;
mod names;
mod near;
mod saving;

pub use disposals::*;
pub use due::*;
pub use headings::*;
pub use listing::*;
pub use names::*;
pub use near::*;
pub use saving::*;

use domain::address::BlobAddress;
use domain::catalogue::Entry;

use crate::ports::{Catalogue, Version};

/// Generates one test per case. `$make` returns an empty catalogue and a guard kept alive by the test:
/// `catalogue_conformance!(make)` with `async fn make() -> (impl Catalogue, impl Sized)`.
#[macro_export]
macro_rules! catalogue_conformance {
    ($make:path) => {
        $crate::conformance_tests! { catalogue, $make;
            a_name_never_saved_has_no_lives,
            a_saved_entry_is_loaded,
            an_entry_is_found_with_all_lives_of_its_name,
            an_unknown_id_finds_nothing,
            saving_again_replaces_the_entry,
            a_save_of_an_outdated_version_fails,
            one_of_many_concurrent_saves_wins,
            a_save_that_loses_a_race_stores_no_entry,
            several_entries_of_a_name_are_saved_at_once,
            an_old_version_loses_however_old,
            forty_lives_come_in_the_order_of_their_ids,
            the_largest_entry_is_kept_whole,
            names_do_not_meet,
            the_same_name_in_another_container_is_another_name,
            names_that_share_a_key_are_kept_apart,
            hostile_names_are_kept_apart,
            the_longest_name_is_kept,
            entries_are_listed_newest_first,
            a_catalogue_page_starts_after_the_previous_one,
            a_listing_has_no_gap_and_no_repeat_while_entries_come,
            a_listing_begins_at_the_id_asked_for,
            a_listing_between_crossed_bounds_is_empty,
            a_state_lists_the_entries_that_are_in_it_now,
            a_state_is_listed_page_by_page,
            an_entry_is_listed_under_the_headings_it_has_now,
            a_heading_is_listed_page_by_page,
            kinds_of_headings_do_not_meet,
            hostile_headings_do_not_meet,
            an_entry_is_near_under_each_of_its_keys,
            both_ends_of_a_time_of_creation_are_near,
            entries_of_another_bastion_are_not_near,
            an_updated_entry_is_found_only_near_its_new_key,
            near_entries_are_ordered_by_id_and_limited,
            hostile_keys_do_not_meet,
            due_entries_come_in_the_order_of_time_and_id,
            nothing_is_due_before_its_time,
            due_entries_come_page_by_page_even_at_one_instant,
            an_entry_with_nothing_to_do_is_never_due,
            an_entry_is_due_when_its_last_save_says,
            the_earliest_of_several_reasons_makes_an_entry_due,
            disposals_come_page_by_page_in_the_order_of_time_and_id,
            nothing_is_disposed_of_before_its_time,
            a_recording_is_up_for_disposal_when_its_last_save_says,
            disposals_and_dues_do_not_mix,
        }
    };
}

/// Saves entries of one name over its current version.
async fn save(catalogue: &impl Catalogue, address: &BlobAddress, changed: &[Entry]) -> Version {
    let before = catalogue.lives(address).await.unwrap();
    catalogue.save(&before, changed).await.unwrap().expect("nobody else saves")
}

/// Saves one entry over the current version of its name.
async fn save_one(catalogue: &impl Catalogue, entry: &Entry) -> Version {
    save(catalogue, &entry.address, std::slice::from_ref(entry)).await
}
