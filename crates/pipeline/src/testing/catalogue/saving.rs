//! Conformance cases of saving and loading the lives of a name.

use domain::record::recording_id::RecordingId;
use futures_util::future::join_all;

use super::{save, save_one};
use crate::ports::{Catalogue, Loaded, Version};
use crate::testing::sample::{address, entry, entry_due, large_entry, second};

/// A missing name is no error.
pub async fn an_unsaved_name_has_no_lives(catalogue: &impl Catalogue) {
    let loaded = catalogue.lives(&address("vm-user")).await.unwrap();
    assert_eq!(loaded.lives.address, address("vm-user"));
    assert_eq!((loaded.lives.entries, loaded.version), (vec![], Version(0)));
}

/// Loading returns the saved entries, under the version returned by `save`.
pub async fn a_saved_entry_is_loaded(catalogue: &impl Catalogue) {
    let entry = entry(&address("vm-user"), second(0));
    let version = save_one(catalogue, &entry).await;
    let loaded = catalogue.lives(&entry.address).await.unwrap();
    assert_eq!((loaded.lives.entries, loaded.version), (vec![entry], version));
    assert!(version > Version(0), "a saved name has a version of its own");
}

/// An id is enough to load all lives of its name.
pub async fn an_entry_is_found_with_all_lives_of_its_name(catalogue: &impl Catalogue) {
    let lives = [0, 10, 20].map(|n| entry(&address("vm-user"), second(n)));
    save(catalogue, &lives[0].address, &lives).await;
    save_one(catalogue, &entry(&address("vm-other"), second(5))).await;
    for life in &lives {
        let found = catalogue.lives_of(life.id).await.unwrap().expect("the id is known");
        assert_eq!(found, catalogue.lives(&life.address).await.unwrap(), "both ways lead to the same lives");
        assert_eq!(found.lives.entries, lives);
    }
}

/// An unknown id is not found in an empty catalogue, nor next to another life of its name.
pub async fn an_unknown_id_finds_nothing(catalogue: &impl Catalogue) {
    let id = RecordingId::derive(&address("vm-user"), second(0), b"never saved");
    assert_eq!(catalogue.lives_of(id).await.unwrap(), None);
    save_one(catalogue, &entry(&address("vm-user"), second(0))).await;
    assert_eq!(catalogue.lives_of(id).await.unwrap(), None);
}

/// No duplicate is stored.
pub async fn saving_again_replaces_the_entry(catalogue: &impl Catalogue) {
    let mut entry = entry(&address("vm-user"), second(0));
    let first = save_one(catalogue, &entry).await;
    entry.revision = 2;
    let second = save_one(catalogue, &entry).await;
    assert!(second > first, "every save raises the version");
    assert_eq!(catalogue.lives(&entry.address).await.unwrap().lives.entries, [entry]);
}

/// The loser gets `None` and changes nothing.
pub async fn a_save_of_an_outdated_version_fails(catalogue: &impl Catalogue) {
    let mut entry = entry(&address("vm-user"), second(0));
    save_one(catalogue, &entry).await;
    let before = catalogue.lives(&entry.address).await.unwrap();
    entry.revision = 2;
    let winner = catalogue.save(&before, std::slice::from_ref(&entry)).await.unwrap();
    let mut late = entry_due(&entry.address, second(0), second(99));
    late.revision = 3;
    let loser = catalogue.save(&before, &[late]).await.unwrap();
    assert!(winner.is_some() && loser.is_none(), "the first saver wins: {winner:?}, {loser:?}");
    assert_eq!(catalogue.lives(&entry.address).await.unwrap().lives.entries, [entry]);
    assert_eq!(catalogue.due(second(1000), None, 10).await.unwrap(), [], "the loser left no trace");
}

/// Holds for overlapping saves and for a new name.
pub async fn one_of_many_concurrent_saves_wins(catalogue: &impl Catalogue) {
    let address = address("vm-user");
    let rivals: Vec<_> = (0..16).map(|n| entry(&address, second(n))).collect();
    for round in 0..3 {
        let before = catalogue.lives(&address).await.unwrap();
        let saves = rivals.iter().map(|rival| catalogue.save(&before, std::slice::from_ref(rival)));
        let won = join_all(saves).await.into_iter().filter(|saved| matches!(saved, Ok(Some(_)))).count();
        assert_eq!(won, 1, "round {round}: of all savers of one version one wins");
    }
}

/// A save is all or nothing.
pub async fn a_save_that_loses_a_race_stores_no_entry(catalogue: &impl Catalogue) {
    let first = entry(&address("vm-user"), second(0));
    save_one(catalogue, &first).await;
    let mut changed = [first.clone(), entry_due(&first.address, second(10), second(20))];
    changed[0].revision = 2;
    assert_eq!(catalogue.save(&Loaded::nothing(first.address.clone()), &changed).await.unwrap(), None);
    assert_eq!(catalogue.lives(&first.address).await.unwrap().lives.entries, std::slice::from_ref(&first));
    assert_eq!(catalogue.lives_of(changed[1].id).await.unwrap(), None);
    assert_eq!(catalogue.due(second(1000), None, 10).await.unwrap(), []);
}

/// A change of one life and a new life are saved together.
pub async fn several_entries_of_a_name_are_saved_at_once(catalogue: &impl Catalogue) {
    let first = entry(&address("vm-user"), second(0));
    save_one(catalogue, &first).await;
    let mut changed = [first, entry(&address("vm-user"), second(10))];
    changed[0].revision = 2;
    let version = save(catalogue, &address("vm-user"), &changed).await;
    let loaded = catalogue.lives(&address("vm-user")).await.unwrap();
    assert_eq!((loaded.lives.entries.as_slice(), loaded.version), (changed.as_slice(), version));
}

/// Every outdated version loses, however old.
pub async fn a_very_old_version_loses(catalogue: &impl Catalogue) {
    let mut entry = entry(&address("vm-user"), second(0));
    let mut earlier = Vec::new();
    for revision in 1..6 {
        earlier.push(catalogue.lives(&entry.address).await.unwrap());
        entry.revision = revision;
        save_one(catalogue, &entry).await;
    }
    entry.revision = 6;
    for before in earlier {
        let saved = catalogue.save(&before, std::slice::from_ref(&entry)).await.unwrap();
        assert_eq!(saved, None, "{:?} is not the newest", before.version);
    }
}

/// A name that is reused often still loads in one call.
pub async fn forty_lives_are_ordered_by_id(catalogue: &impl Catalogue) {
    let address = address("vm-user");
    let mut lives: Vec<_> = (0..40).map(|n| entry(&address, second(n * 3600))).collect();
    for life in lives.iter().rev() {
        save_one(catalogue, life).await;
    }
    lives.sort_by_key(|life| life.id);
    assert_eq!(catalogue.lives(&address).await.unwrap().lives.entries, lives);
}

/// Every field is preserved, fractions of seconds included.
pub async fn the_largest_entry_is_kept_whole(catalogue: &impl Catalogue) {
    let entry = large_entry(&address("vm-user"), second(0));
    save_one(catalogue, &entry).await;
    assert_eq!(catalogue.lives(&entry.address).await.unwrap().lives.entries, [entry]);
}
