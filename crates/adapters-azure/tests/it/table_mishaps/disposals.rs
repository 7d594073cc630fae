//! Expiring recordings under missing calls.

use std::slice::from_ref;
use std::sync::Arc;

use adapters_azure::TableCatalogue;
use adapters_azure::testing::{Mishap, Mishaps, Tally};
use domain::record::blob::ETag;
use domain::record::catalogue::Entry;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Loaded};
use pipeline::testing::sample::{address, expiring, second};

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

/// As with due entries, a crash leaves a surplus row, never a missing one.
#[tokio::test]
async fn a_save_crashing_at_any_call_keeps_the_retention_row_consistent() {
    let (before, after) = unwarned_and_warned();
    for call in 1..=5 {
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

#[tokio::test]
async fn a_dangling_retention_row_is_removed_by_its_reader() {
    let tables = Tables::new().await;
    let (before, after) = unwarned_and_warned();
    let (whole, _) = tables.catalogue(Mishaps::none());
    whole.save(&Loaded::nothing(before.address.clone()), from_ref(&before)).await.unwrap().unwrap();
    // Two rows written, the transaction, then death before the two old rows are removed.
    let (dying, _) = tables.catalogue(Mishaps::one(4, Mishap::Death));
    let loaded = whole.lives(&before.address).await.unwrap();
    dying.save(&loaded, from_ref(&after)).await.unwrap().unwrap();
    let calls = async || {
        let tally = Arc::new(Tally::default());
        let catalogue = TableCatalogue::new(&tables.open(tally.clone()));
        assert_eq!(disposal_ats(&catalogue).await, [after.disposal_at().unwrap()]);
        tally.total()
    };
    assert_eq!(calls().await, 4, "a range, a read of each of two rows, and the removal of one");
    assert_eq!(calls().await, 2, "a range, and a read of the row that is left");
}
