//! Model test: reported changes add up to the present blobs under any order of scans, crashes and changes.

use std::collections::BTreeMap;

use adapters_local::folder::{FolderChange, FolderWatch};
use pipeline::testing::sample::second;
use proptest::prelude::{Strategy, any, prop_oneof, proptest};

use super::{Place, blob};

const NAMES: [&str; 3] = ["vm-a", "..", "d//e"];

#[derive(Debug, Clone)]
enum Step {
    Write(usize),
    Remove(usize),
    /// A scan whose first changes are acknowledged, optionally followed by a crash.
    Scan {
        acknowledged: usize,
        crash: bool,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..NAMES.len()).prop_map(Step::Write),
        2 => (0..NAMES.len()).prop_map(Step::Remove),
        3 => (0..4_usize, any::<bool>()).prop_map(|(acknowledged, crash)| Step::Scan { acknowledged, crash }),
    ];
    proptest::collection::vec(step, 1..30)
}

/// Sizes of the blobs, as a listener knows them.
type Known = BTreeMap<String, u64>;

async fn hear(watch: &mut FolderWatch, known: &mut Known, at_most: usize) {
    for change in watch.scan().await.unwrap().into_iter().take(at_most) {
        match &change {
            FolderChange::Written { address, size, first, .. } => {
                let before = known.insert(address.name.as_str().to_owned(), *size);
                assert_eq!(*first, before.is_none(), "reported as new although known, or the reverse");
            }
            FolderChange::Deleted { address, .. } => {
                assert!(known.remove(address.name.as_str()).is_some(), "reported as gone although never known");
            }
        }
        watch.acknowledge(change).await.unwrap();
    }
}

async fn play(steps: Vec<Step>) {
    let place = Place::new();
    let folder = place.open();
    let mut watch = FolderWatch::open(folder.clone()).await.unwrap();
    let (mut there, mut known) = (Known::new(), Known::new());
    for (at, step) in (1..).zip(steps) {
        match step {
            Step::Write(name) => {
                folder.write(&blob(NAMES[name]), at, second(at.cast_signed())).unwrap();
                there.insert(NAMES[name].to_owned(), at);
            }
            Step::Remove(name) => {
                assert_eq!(folder.remove(&blob(NAMES[name])).unwrap(), there.remove(NAMES[name]).is_some());
            }
            Step::Scan { acknowledged, crash } => {
                hear(&mut watch, &mut known, acknowledged).await;
                if crash {
                    watch = FolderWatch::open(place.open()).await.unwrap();
                }
            }
        }
    }
    hear(&mut watch, &mut known, usize::MAX).await;
    assert_eq!(known, there);
    assert_eq!(watch.scan().await.unwrap(), []);
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]
    #[test]
    fn the_reported_changes_add_up_to_the_present_files(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(play(steps));
    }
}
