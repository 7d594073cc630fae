//! Expiring recordings under missing calls.

use std::slice::from_ref;

use adapters_azure::TableCatalogue;
use adapters_azure::testing::{Mishap, Mishaps};
use domain::record::blob::ETag;
use domain::record::catalogue::Entry;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Loaded};
use pipeline::testing::sample::{address, expiring, second};

use crate::table_mishaps::entries::SAVE;
use crate::table_mishaps::tables::Tables;

/// An entry after its last day, before and after the warning.
fn unwarned_and_warned() -> (Entry, Entry) {
    let warned = Entry { revision: 2, ..expiring(&address("vm-user"), &ETag::new("0x8D1"), second(0)) };
    let mut unwarned = Entry { revision: 1, ..warned.clone() };
    unwarned.custody.disposal = None;
    (unwarned, warned)
}

async fn disposal_ats(catalogue: &TableCatalogue) -> Vec<Timestamp> {
    let found = catalogue.disposals(second(1_000_000), None, 10).await.unwrap();
    found.into_iter().map(|found| found.at).collect()
}

/// As with due entries, a crash leaves neither a surplus row nor a missing one.
#[tokio::test]
async fn a_save_crashing_at_any_call_keeps_the_retention_row_consistent() {
    let (before, after) = unwarned_and_warned();
    for call in 1..=SAVE {
        for death in [Mishap::Death, Mishap::DeathAfter] {
            let tables = Tables::new().await;
            let (whole, _) = tables.catalogue(Mishaps::none());
            whole.save(&Loaded::nothing(before.address.clone()), from_ref(&before)).await.unwrap().unwrap();
            let loaded = whole.lives(&before.address).await.unwrap();
            let (dying, mishaps) = tables.catalogue(Mishaps::one(call, death));
            let saved = dying.save(&loaded, from_ref(&after)).await;
            assert!(mishaps.is_dead(), "a save makes {call} calls");
            let entries = whole.lives(&before.address).await.unwrap().lives.entries;
            let now = if entries == [after.clone()] { &after } else { &before };
            let expected = [now.disposal_at().unwrap()];
            assert_eq!(disposal_ats(&whole).await, expected, "{death:?} in call {call}: {saved:?}");
        }
    }
}
