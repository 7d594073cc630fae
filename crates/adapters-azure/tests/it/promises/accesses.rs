//! Accesses of recordings, read from an append blob that grows.

use azurite::Azurite;
use domain::record::notification::Event;
use jiff::SignedDuration;
use pipeline::ports::{Catalogue, ListRequest};
use pipeline::query::RecordingAccesses;

use crate::promises::host::HostWork;
use crate::promises::run::Run;
use crate::promises::services::LogLines;
use crate::promises::visits::AzureRequest;
use crate::promises::world::{AzureWorld, access_logging};

/// Creates a world with a recording and an empty log of accesses.
async fn recorded() -> AzureWorld {
    let account = Azurite::shared().unwrap().account().unwrap();
    let lines = LogLines::new(&account);
    let world = AzureWorld::new(&lines, &account, &account, &Run::UNDISTURBED, access_logging()).await;
    world.storage.begin_log().await;
    world.storage.begin_access_log().await;
    let written = world.storage.write("vm-user", 9, world.now()).await;
    world.does(HostWork::Event(written)).await;
    world.pass_time(SignedDuration::from_mins(1));
    world
}

async fn accesses(world: &AzureWorld) -> RecordingAccesses {
    let services = &world.healthy;
    let all = ListRequest { under: None, below: None, from: None, limit: 2 };
    let entries = services.catalogue.list(&all).await.unwrap();
    assert_eq!(entries.len(), 1);
    pipeline::query::accesses(&*services.catalogue, &*services.checkpoints, &world.estate, &entries[0], world.now())
        .await
        .unwrap()
}

/// Reader and number of requests of each viewing.
async fn viewings(world: &AzureWorld) -> Vec<(Option<String>, u64)> {
    let told = accesses(world).await;
    assert!(told.is_logged);
    let shown = told
        .accesses
        .into_iter()
        .map(|access| (access.viewing.accessor.person.map(|it| it.to_string()), access.viewing.requests));
    shown.collect()
}

async fn tail(world: &AzureWorld) -> usize {
    let archivist = world.archivist.lock().unwrap().clone();
    let tailed = archivist.tailing.tail(&|| true).await.unwrap();
    assert_eq!((tailed.failed, tailed.unfinished, tailed.read.rejected), (0, false, 0));
    tailed.read.records
}

#[tokio::test]
async fn accesses_of_a_growing_log_are_read_and_announced_once() {
    let world = recorded().await;
    let ada = Some("ada@contoso.example");
    let request = |id: u32, person| AzureRequest {
        id,
        at: world.now() + SignedDuration::from_secs(i64::from(id)),
        person,
        bytes: 9,
    };
    let lines = [request(1, ada), request(2, ada), request(3, None)].map(|request| request.line());
    let text = lines.concat();
    let (first, rest) = text.split_at(lines[0].len() + lines[1].len() / 2);
    world.storage.grow_access_log(first).await;
    assert_eq!(tail(&world).await, 1);
    assert_eq!(viewings(&world).await, [(ada.map(str::to_owned), 1)]);
    world.storage.grow_access_log(rest).await;
    assert_eq!(tail(&world).await, 2, "the cut line is read when it is whole");
    let expected = [(ada.map(str::to_owned), 2), (None, 1)];
    assert_eq!(viewings(&world).await, expected);
    for _ in 0..3 {
        world.pass_time(SignedDuration::from_mins(15));
        assert_eq!(tail(&world).await, 0);
        world.deliver_all().await;
    }
    assert_eq!(viewings(&world).await, expected);
    let accepted = world.receivers[0].accepted();
    let downloads = accepted.iter().filter(|post| post.event == Event::RecordingDownloaded).count();
    assert_eq!((downloads, world.repeats()), (2, 0));
}
