//! Model test: the folder shows the same blobs as the memory store after any steps.

use adapters_local::folder::FolderBlobs;
use adapters_local::memory::MemoryBlobs;
use domain::record::blob::BlobProperties;
use domain::record::tags::TagSet;
use pipeline::ports::{BlobStore, ListBlobs, TagWrite};
use pipeline::testing::sample::second;
use proptest::prelude::{Strategy, prop_oneof, proptest};

use super::{Place, blob};

const NAMES: [&str; 4] = ["vm-a", "vm-a.1", "..", "d//e"];

#[derive(Debug, Clone)]
enum Step {
    Write { name: usize, size: u64 },
    Delete { name: usize },
    Tag { name: usize, value: u8 },
    TagEarlier { name: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let name = 0..NAMES.len();
    let step = prop_oneof![
        (name.clone(), 0..5_u64).prop_map(|(name, size)| Step::Write { name, size }),
        name.clone().prop_map(|name| Step::Delete { name }),
        (name.clone(), 0..3_u8).prop_map(|(name, value)| Step::Tag { name, value }),
        name.prop_map(|name| Step::TagEarlier { name }),
    ];
    proptest::collection::vec(step, 1..25)
}

/// Properties both stores share: ETags and tiers differ by nature.
type Told = Vec<(String, i64, i64, u64, TagSet)>;

async fn told(store: &dyn BlobStore) -> Told {
    let page = store.list(ListBlobs::first(&blob("x").container(), 100).with_tags()).await.unwrap();
    let blobs = page.map(|page| page.blobs).unwrap_or_default();
    let mut told = Vec::new();
    for listed in blobs {
        let at = blob(listed.name.as_str());
        assert_eq!(store.properties(&at).await.unwrap().as_ref(), Some(&listed.properties));
        assert_eq!(store.tags(&at).await.unwrap().as_ref(), listed.tags.as_ref());
        let BlobProperties { created_at, last_modified, size, .. } = listed.properties;
        let (created, modified) = (created_at.as_second(), last_modified.as_second());
        told.push((listed.name.as_str().to_owned(), created, modified, size, listed.tags.unwrap()));
    }
    told
}

/// Tags the present content, or an earlier one if given.
async fn tag(store: &dyn BlobStore, name: &str, value: u8, earlier: Option<&BlobProperties>) -> TagWrite {
    let now = store.properties(&blob(name)).await.unwrap();
    let Some(aim) = earlier.or(now.as_ref()) else { return TagWrite::ContentGone };
    let tags = TagSet([("value".to_owned(), value.to_string())].into());
    store.replace_tags(&blob(name), &tags, &aim.etag, &TagSet::default()).await.unwrap()
}

async fn play(steps: Vec<Step>) {
    let place = Place::new();
    let (folder, disk, memory) = (place.open(), place.blobs(), MemoryBlobs::default());
    memory.create_container(&blob("x").container());
    let mut earlier: [Option<(BlobProperties, BlobProperties)>; NAMES.len()] = Default::default();
    for (at, step) in (0..).zip(steps) {
        match step {
            Step::Write { name, size } => {
                let both = (properties(&disk, name).await, properties(&memory, name).await);
                earlier[name] = both.0.zip(both.1).or(earlier[name].take());
                folder.write(&blob(NAMES[name]), size, second(at)).unwrap();
                memory.put(&blob(NAMES[name]), size, second(at));
            }
            Step::Delete { name } => {
                assert_eq!(folder.remove(&blob(NAMES[name])).unwrap(), memory.remove(&blob(NAMES[name])));
            }
            Step::Tag { name, value } => {
                assert_eq!(tag(&disk, NAMES[name], value, None).await, tag(&memory, NAMES[name], value, None).await);
            }
            Step::TagEarlier { name } => {
                let Some((on_disk, in_memory)) = &earlier[name] else { continue };
                assert_eq!(tag(&disk, NAMES[name], 9, Some(on_disk)).await, TagWrite::ContentGone);
                assert_eq!(tag(&memory, NAMES[name], 9, Some(in_memory)).await, TagWrite::ContentGone);
            }
        }
        assert_eq!(told(&disk).await, told(&memory).await);
    }
    assert_eq!(told(&FolderBlobs::new(place.open())).await, told(&memory).await, "and after a restart");
}

async fn properties(store: &dyn BlobStore, name: usize) -> Option<BlobProperties> {
    store.properties(&blob(NAMES[name])).await.unwrap()
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]
    #[test]
    fn the_folder_agrees_with_the_memory_store(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(play(steps));
    }
}
