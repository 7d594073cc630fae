//! Finds entries by name and under headings despite leftover rows.

use std::slice::from_ref;
use std::sync::Arc;

use adapters_azure::TableCatalogue;
use adapters_azure::testing::{Mishap, Mishaps, Tally};
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::session::TimeSpan;
use pipeline::ports::{Catalogue, Heading, ListRequest, Loaded};
use pipeline::testing::sample::{address, entry_due, facts, matched, second};

use crate::table_mishaps::entries::SAVE;
use crate::table_mishaps::tables::Tables;

/// An entry that may be named after these names, created at a second, with this revision.
fn named(names: &[&str], created: i64, revision: u64) -> Entry {
    let mut entry = entry_due(&address("vm-user"), second(created), second(900));
    entry.keys = names.iter().map(|name| JoinKey::fold(name)).collect();
    entry.revision = revision;
    entry
}

async fn near(catalogue: &TableCatalogue, name: &str, limit: usize) -> Vec<Entry> {
    let within = TimeSpan { first: second(0), last: second(60) };
    catalogue.near(&BastionName::new("bas-hub-01"), &[JoinKey::fold(name)], within, limit).await.unwrap()
}

#[tokio::test]
async fn rows_of_a_crashed_save_are_ignored_until_the_next_save() {
    let entry = named(&["vm-user"], 10, 1);
    let tables = Tables::new().await;
    let (whole, _) = tables.catalogue(Mishaps::none());
    let nothing = Loaded::nothing(entry.address.clone());
    let (dying, mishaps) = tables.catalogue(Mishaps::one(SAVE, Mishap::Death));
    dying.save(&nothing, from_ref(&entry)).await.unwrap_err();
    assert!(mishaps.is_dead(), "all rows are in one call");
    assert_eq!(near(&whole, "vm-user", 10).await, []);
    let everything = ListRequest { under: None, below: None, from: None, limit: 10 };
    assert_eq!(whole.list(&everything).await.unwrap(), []);
    whole.save(&nothing, from_ref(&entry)).await.unwrap().unwrap();
    assert_eq!(near(&whole, "vm-user", 10).await, from_ref(&entry));
    assert_eq!(whole.list(&everything).await.unwrap(), from_ref(&entry));
}

/// A save removes the rows of earlier names and headings.
#[tokio::test]
async fn an_entry_is_found_only_by_its_present_headings() {
    let tables = Tables::new().await;
    let (catalogue, _) = tables.catalogue(Mishaps::none());
    let (mut was, mut is) = (named(&["vm-user", "vm"], 10, 1), named(&["vm-user"], 10, 2));
    let mut facts = facts("t1", second(10));
    was.match_state.verdict = matched(facts.clone());
    facts.user_email = Some("other@contoso.example".into());
    is.match_state.verdict = matched(facts);
    catalogue.save(&Loaded::nothing(was.address.clone()), from_ref(&was)).await.unwrap().unwrap();
    let before = catalogue.lives(&was.address).await.unwrap();
    catalogue.save(&before, from_ref(&is)).await.unwrap().unwrap();
    assert_eq!(near(&catalogue, "vm", 10).await, []);
    assert_eq!(near(&catalogue, "vm-user", 10).await, from_ref(&is));
    for (person, expected) in [("person@contoso.example", &[][..]), ("OTHER@contoso.example", from_ref(&is))] {
        let request = ListRequest { under: Some(Heading::person(person)), below: None, from: None, limit: 10 };
        assert_eq!(catalogue.list(&request).await.unwrap(), expected, "{person}");
    }
}

#[tokio::test]
async fn a_listing_by_verdict_or_state_skips_past_entries() {
    let tables = Tables::new().await;
    let (whole, _) = tables.catalogue(Mishaps::none());
    let mut entry = named(&[], 10, 1);
    whole.save(&Loaded::nothing(entry.address.clone()), from_ref(&entry)).await.unwrap().unwrap();
    let before = whole.lives(&entry.address).await.unwrap();
    (entry.revision, entry.state, entry.match_state.verdict) =
        (2, RecordingState::Settled, matched(facts("t1", second(10))));
    whole.save(&before, from_ref(&entry)).await.unwrap().unwrap();
    let tally = Arc::new(Tally::default());
    let catalogue = TableCatalogue::new(&tables.open(tally.clone()));
    for heading in [Heading::State(RecordingState::Active), Heading::Match("pending".to_owned())] {
        let request = ListRequest { under: Some(heading), below: None, from: None, limit: 10 };
        assert_eq!(catalogue.list(&request).await.unwrap(), []);
    }
    assert_eq!(tally.total(), 2, "an empty range for each");
}
