//! Conformance cases of [`Catalogue::near`].

use std::collections::BTreeSet;

use domain::record::catalogue::{Entry, Life};
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::session::TimeSpan;
use jiff::{SignedDuration, Timestamp};

use super::save_one;
use crate::ports::Catalogue;
use crate::testing::sample::{HOSTILE_NAMES, address, entry, second};

/// The entry is returned once, even if several keys match.
pub async fn an_entry_is_near_under_each_of_its_keys(catalogue: &impl Catalogue) {
    let entry = keyed("vm-user.1", 0, &["vm-user.1", "VM-user"]);
    save_one(catalogue, &entry).await;
    for keys in [&["vm-user.1"][..], &["vm-user"], &["vm-user.1", "other", "vm-USER"]] {
        assert_eq!(near(catalogue, keys, always()).await, std::slice::from_ref(&entry), "{keys:?}");
    }
    assert_eq!(near(catalogue, &["vm"], always()).await, []);
    assert_eq!(near(catalogue, &[], always()).await, []);
}

/// Bounds are inclusive, to the nanosecond. A span that ends before its start contains nothing.
pub async fn both_ends_of_a_time_of_creation_are_near(catalogue: &impl Catalogue) {
    let entry = keyed("vm-user", 10, &["vm-user"]);
    save_one(catalogue, &entry).await;
    let step = SignedDuration::from_nanos(1);
    let (before, after) = (second(10).checked_sub(step).unwrap(), second(10).checked_add(step).unwrap());
    for (first, last, is_near) in [
        (second(10), second(10), true),
        (second(0), second(10), true),
        (second(10), second(20), true),
        (second(0), before, false),
        (after, second(20), false),
        (second(20), second(0), false),
    ] {
        let found = near(catalogue, &["vm-user"], TimeSpan { first, last }).await;
        assert_eq!(found, if is_near { vec![entry.clone()] } else { vec![] }, "{first} to {last}");
    }
}

/// Equal keys of another bastion do not match.
pub async fn entries_of_another_bastion_are_not_near(catalogue: &impl Catalogue) {
    let mut saved = Vec::new();
    for (n, bastion) in ["bas", "bas-hub-0", "BAS-HUB-01"].into_iter().enumerate() {
        let entry = keyed(&format!("vm-{n}"), 0, &["vm-user"]);
        let entry = Entry { bastion: BastionName::new(bastion), ..entry };
        save_one(catalogue, &entry).await;
        saved.push(entry);
    }
    assert_eq!(near(catalogue, &["vm-user"], always()).await, []);
    for entry in saved {
        let found = catalogue.near(&entry.bastion, &[JoinKey::fold("vm-user")], always(), 10).await.unwrap();
        assert_eq!(found, [entry]);
    }
}

/// A later save moves the entry in the index and leaves nothing at its old place.
pub async fn an_updated_entry_is_found_only_near_its_new_key(catalogue: &impl Catalogue) {
    let mut entry = keyed("vm-user", 0, &[]);
    save_one(catalogue, &entry).await;
    let (early, late) = (entry.life.clone(), keyed("vm-user", 7200, &[]).life);
    let places = [("vm-user", &early, 0), ("vm-user", &late, 7200), ("other", &late, 7200), ("vm-user", &early, 0)];
    for (key, life, at) in places {
        entry.keys = vec![JoinKey::fold(key)];
        entry.life = life.clone();
        entry.revision += 1;
        save_one(catalogue, &entry).await;
        for (other_key, _, other_at) in places {
            let is_here = (other_key, other_at) == (key, at);
            let expected = if is_here { vec![entry.clone()] } else { vec![] };
            let found = near(catalogue, &[other_key], TimeSpan::at(second(other_at))).await;
            assert_eq!(found, expected, "{other_key} at {other_at}, while it is {key} at {at}");
        }
    }
    entry.life = Life::default();
    save_one(catalogue, &entry).await;
    assert_eq!(near(catalogue, &["vm-user"], always()).await, [], "without a time of creation it is near nothing");
    assert_eq!(catalogue.lives(&entry.address).await.unwrap().lives.entries, [entry]);
}

/// The limit counts entries, not keys.
pub async fn near_entries_are_ordered_by_id_and_limited(catalogue: &impl Catalogue) {
    let mut saved = Vec::new();
    for n in [3, 1, 4, 0, 2] {
        let own = format!("vm-{}", n % 2);
        let entry = keyed(&format!("vm-{n}"), n, &[own.as_str(), "both"]);
        save_one(catalogue, &entry).await;
        saved.push(entry);
    }
    saved.sort_by_key(|entry| entry.id);
    let keys = ["vm-1", "both", "vm-0"].map(JoinKey::fold);
    for limit in [0, 1, 3, 5, 9] {
        let found = catalogue.near(&BastionName::new("bas-hub-01"), &keys, always(), limit).await.unwrap();
        assert_eq!(found, saved[..limit.min(5)], "at most {limit}");
    }
}

/// Keys are compared as a whole, whatever they contain.
pub async fn hostile_keys_are_kept_apart(catalogue: &impl Catalogue) {
    let longest = ["k".repeat(1000), "k".repeat(999)];
    let mut names: Vec<&str> = HOSTILE_NAMES.into_iter().chain(longest.iter().map(String::as_str)).collect();
    names.extend(["vm-user", "vm-use", "vm-user x", "vm-us%", "vm-u_er", ""]);
    let mut keys = BTreeSet::new();
    // Different spellings of one name fold to one key.
    names.retain(|name| keys.insert(JoinKey::fold(name)));
    let mut saved = Vec::new();
    for (name, n) in names.iter().zip(0..) {
        let entry = keyed(&format!("vm-{n}"), n, &[name]);
        save_one(catalogue, &entry).await;
        saved.push(entry);
    }
    for (name, entry) in names.into_iter().zip(saved) {
        assert_eq!(near(catalogue, &[name], always()).await, [entry], "{name:?}");
    }
}

fn keyed(name: &str, n: i64, keys: &[&str]) -> Entry {
    Entry { keys: keys.iter().map(|key| JoinKey::fold(key)).collect(), ..entry(&address(name), second(n)) }
}

fn always() -> TimeSpan {
    TimeSpan { first: Timestamp::MIN, last: Timestamp::MAX }
}

async fn near(catalogue: &impl Catalogue, keys: &[&str], created: TimeSpan) -> Vec<Entry> {
    let keys: Vec<JoinKey> = keys.iter().map(|key| JoinKey::fold(key)).collect();
    catalogue.near(&BastionName::new("bas-hub-01"), &keys, created, 100).await.unwrap()
}
