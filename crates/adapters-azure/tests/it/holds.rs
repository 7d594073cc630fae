//! Holds placed during a retention run, against the emulator: just before any request of the run, so also between an
//! adapter's check and its next request.

use std::sync::Arc;

use azurite::{Azurite, Options};
use domain::record::tags::HOLD;
use futures_util::{FutureExt, StreamExt, stream};

use crate::emulated::before::Before;
use crate::emulated::expiring::ExpiringWorld;

/// Concurrent worlds.
const AT_ONCE: usize = 4;
/// Distance between the requests before which a hold is placed: trying all requests would take most of a minute. The
/// other test covers the gap between the last read of the tags and the deletion.
const STEP: usize = 2;

fn emulator() -> Azurite {
    Azurite::start_with(&Options { accounts: 200, ..Options::default() }).unwrap()
}

/// Places a hold before this request of a run. Returns the world, and true if placing reported that the recording
/// carries the hold.
async fn meet(emulator: &Azurite, request: usize) -> (ExpiringWorld, bool) {
    let world = ExpiringWorld::new(emulator).await;
    let (placing, told) = world.placing();
    let before = Arc::new(Before::number(request, placing));
    world.archivist(Some(before.clone())).retention.run_retention(&|| true).await.unwrap();
    before.or_after().await;
    let is_carried = told.lock().unwrap().unwrap();
    (world, is_carried)
}

#[tokio::test]
async fn a_hold_placed_before_any_request_of_a_run_wins() {
    let emulator = &emulator();
    let undisturbed = ExpiringWorld::new(emulator).await;
    let counting = Arc::new(Before::number(usize::MAX, async {}.boxed()));
    undisturbed.archivist(Some(counting.clone())).retention.run_retention(&|| true).await.unwrap();
    assert!(!undisturbed.is_there().await, "undisturbed, it goes");
    let requests = (1..=counting.seen()).step_by(STEP);
    let held = stream::iter(requests.clone()).map(|request| async move {
        let (world, is_carried) = meet(emulator, request).await;
        assert_eq!(world.is_there().await, is_carried, "before request {request}");
        if is_carried {
            world.archivist(None).retention.run_retention(&|| true).await.unwrap();
            world.archivist(None).due_work.sweep(&|| true).await.unwrap();
            assert!(world.is_there().await, "before request {request}, later");
            assert_eq!(world.tags().await.0[HOLD], "case 1", "before request {request}");
        }
        usize::from(is_carried)
    });
    let won: usize = held.buffer_unordered(AT_ONCE).fold(0, async |sum, won| sum + won).await;
    assert!((5..requests.count()).contains(&won), "{won} holds came in time: too few or too many to prove anything");
}

#[tokio::test]
async fn a_slow_tag_writer_does_not_undo_a_hold_during_deletion() {
    let emulator = emulator();
    for request in 1.. {
        let world = ExpiringWorld::new(&emulator).await;
        let (placing, told) = world.placing();
        let before = Arc::new(Before::number(request, placing));
        let writer = world.archivist(Some(before.clone()));
        let (blobs, catalogue) = (world.clone(), world.clone());
        let writes = async move {
            blobs.take_away("bsr-start").await;
            catalogue.have_tags_written().await;
            writer.due_work.sweep(&|| true).await.unwrap();
        };
        // The warrant exists, and only the request for the deletion is left.
        let deleting = Arc::new(Before::deletion(writes.boxed()));
        world.archivist(Some(deleting)).retention.run_retention(&|| true).await.unwrap();
        let is_told = *told.lock().unwrap();
        let Some(is_carried) = is_told else {
            assert!(request > 10, "the writer makes only {request} requests");
            return;
        };
        assert!(world.is_there().await || !is_carried, "before request {request} of the writer");
        if is_carried {
            assert_eq!(world.tags().await.0[HOLD], "case 1", "before request {request} of the writer");
        }
    }
}
