//! Conformance suite of [`BlobStore`].
//!
//! The port cannot write content, so a fixture does. Times are whole seconds. ETags and write times chosen by the store
//! are reported by the fixture or only compared.

mod deleting;
mod listing;
mod properties;
mod reading;
mod tags;

pub use deleting::*;
pub use listing::*;
pub use properties::*;
pub use reading::*;
pub use tags::*;

use async_trait::async_trait;
use domain::address::{BlobAddress, ContainerAddress};
use domain::record::blob::BlobProperties;
use domain::record::tags::TagSet;
use jiff::Timestamp;

use super::sample::HOSTILE_NAMES;
use crate::ports::BlobStore;

/// Generates one test per case. `$make` returns a fixture with an empty store and a guard kept alive by the test:
/// `blob_store_conformance!(make)` with `async fn make() -> (impl BlobFixture, impl Sized)`.
#[macro_export]
macro_rules! blob_store_conformance {
    ($make:path) => {
        $crate::conformance_tests! { blob_store, $make;
            a_missing_blob_has_no_properties_and_no_tags,
            properties_reflect_the_last_write,
            a_rewrite_keeps_the_creation_time,
            a_rewrite_changes_the_etag,
            a_rewrite_drops_the_tags,
            a_deleted_blob_is_gone_with_its_tags,
            a_recreated_blob_inherits_no_tags_or_times,
            the_same_name_in_another_container_is_another_blob,
            a_blob_is_read_back_unchanged,
            a_range_read_returns_the_requested_range,
            reading_beyond_the_end_returns_only_the_size,
            ranges_of_any_length_join_to_the_whole,
            a_grown_blob_is_read_further,
            only_the_requested_content_is_read,
            a_missing_blob_has_no_content,
            a_new_blob_has_no_tags,
            a_tag_write_replaces_all_tags,
            tags_change_neither_etag_nor_times,
            foreign_tags_survive_a_merge,
            tags_for_another_content_are_not_written,
            a_tag_write_to_a_deleted_blob_fails,
            tags_are_not_written_over_a_changed_guard,
            a_tag_write_ignores_changes_to_unguarded_and_unread_tags,
            a_blob_carries_ten_tags_of_full_length,
            tags_over_the_storage_limits_are_a_permanent_fault,
            a_blob_is_deleted_by_its_warrant,
            another_content_is_not_deleted,
            a_recreated_blob_is_not_deleted_by_an_old_warrant,
            deleting_a_missing_blob_reports_it_as_gone,
            a_blob_with_other_tags_is_not_deleted,
            hostile_names_are_kept_apart_in_deletion,
            a_container_that_does_not_exist_has_no_listing,
            an_empty_container_has_an_empty_listing,
            a_listing_agrees_with_single_reads,
            a_listing_is_in_the_order_of_names,
            listing_pages_join_without_gap_or_duplicate,
            a_listing_continues_after_a_deleted_marker,
            a_prefix_narrows_the_listing,
            hostile_names_are_kept_apart_in_properties,
            an_impossible_name_is_a_permanent_fault,
            hostile_names_are_kept_apart_in_tags,
            hostile_names_are_listed_verbatim,
        }
    };
}

/// Store under test, with operations that other writers perform on its blobs.
#[async_trait]
pub trait BlobFixture: Send + Sync {
    /// Returns the store under test.
    fn store(&self) -> &dyn BlobStore;

    /// Creates an empty container unless it exists.
    async fn create_container(&self, container: &ContainerAddress);

    /// Writes `size` bytes to a blob in an existing container, at `at` if the store lets the writer choose. Returns the
    /// write time reported by the store.
    async fn put(&self, address: &BlobAddress, size: u64, at: Timestamp) -> Timestamp;

    /// Writes this content to a blob in an existing container, at `at` if the store lets the writer choose.
    async fn write(&self, address: &BlobAddress, content: &[u8], at: Timestamp);

    /// Deletes an existing blob.
    async fn delete(&self, address: &BlobAddress);

    /// Returns true if the store rejects this blob name as invalid.
    fn refuses(&self, _name: &str) -> bool {
        false
    }

    /// Returns true if the store distinguishes a blob of this name from all others.
    fn holds(&self, name: &str) -> bool {
        !self.refuses(name)
    }
}

/// Writes a blob, creating its container if needed, and reads its properties.
async fn put(fixture: &impl BlobFixture, address: &BlobAddress, size: u64, at: Timestamp) -> BlobProperties {
    fixture.create_container(&address.container()).await;
    fixture.put(address, size, at).await;
    properties(fixture, address).await
}

async fn properties(fixture: &impl BlobFixture, address: &BlobAddress) -> BlobProperties {
    fixture.store().properties(address).await.unwrap().expect("the blob is there")
}

async fn tags(fixture: &impl BlobFixture, address: &BlobAddress) -> TagSet {
    fixture.store().tags(address).await.unwrap().expect("the blob is there")
}

/// Returns the hostile names supported by the store.
fn hostile_names(fixture: &impl BlobFixture) -> Vec<&'static str> {
    HOSTILE_NAMES.into_iter().filter(|name| fixture.holds(name)).collect()
}

fn tag_set(pairs: &[(&str, &str)]) -> TagSet {
    TagSet(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
}
