//! Conformance cases of distinguishing blob names.

use domain::address::{BlobAddress, LONGEST_BLOB_NAME};
use domain::record::recording_id::name_key;

use super::save_one;
use crate::ports::Catalogue;
use crate::testing::sample::{HOSTILE_NAMES, address, address_in, entry, second};

/// Versions and lives belong to one name.
pub async fn similar_names_are_kept_apart(catalogue: &impl Catalogue) {
    keeps_apart(catalogue, &["vm-user", "vm-user.1", "VM-user", "vm-use", "vm-user "].map(address)).await;
}

/// A name is unique only within its account and container.
pub async fn the_same_name_in_another_container_is_another_name(catalogue: &impl Catalogue) {
    let places =
        [("local", "recordings"), ("local", "recordings2"), ("stbastionrec01", "recordings"), ("local", "rec")];
    let names = ["ordings/vm", "vm"];
    let addresses: Vec<_> = places
        .into_iter()
        .flat_map(|(account, container)| names.map(|name| address_in(account, container, name)))
        .collect();
    keeps_apart(catalogue, &addresses).await;
}

/// The key is 48 bits of a hash; these two names collide.
pub async fn names_that_share_a_key_are_kept_apart(catalogue: &impl Catalogue) {
    let pair = ["vm-14304263", "vm-33887315"].map(address);
    assert_eq!(name_key(&pair[0]), name_key(&pair[1]), "the names were searched for this");
    keeps_apart(catalogue, &pair).await;
}

/// Names are data, compared byte by byte.
pub async fn hostile_names_are_kept_apart(catalogue: &impl Catalogue) {
    keeps_apart(catalogue, &HOSTILE_NAMES.map(address)).await;
}

/// 1,024 characters of four bytes each.
pub async fn the_longest_name_is_kept(catalogue: &impl Catalogue) {
    let longest = "\u{1f511}".repeat(LONGEST_BLOB_NAME);
    let shorter = "\u{1f511}".repeat(LONGEST_BLOB_NAME - 1);
    keeps_apart(catalogue, &[address(&longest), address(&shorter)]).await;
}

async fn keeps_apart(catalogue: &impl Catalogue, addresses: &[BlobAddress]) {
    let mut entries = Vec::new();
    for (n, address) in (0..).zip(addresses) {
        let entry = entry(address, second(n));
        save_one(catalogue, &entry).await;
        entries.push(entry);
    }
    for entry in entries {
        let loaded = catalogue.lives(&entry.address).await.unwrap();
        assert_eq!(catalogue.lives_of(entry.id).await.unwrap().as_ref(), Some(&loaded), "{}", entry.address);
        assert_eq!(loaded.lives.entries, [entry], "a name has its own lives only");
    }
}
