//! The functions of the app, with the rights of the app.

use std::sync::Arc;

use adapters_azure::{AzureConfiguration, AzureDeadLetters};
use azurite::Azurite;
use domain::address::{BlobName, ContainerName};
use futures_util::future::join_all;
use jiff::SignedDuration;
use pipeline::ports::{ConfigurationRead, ConfigurationSource, DeadLetters};

use super::calls::RecordedCalls;
use super::grants::{Grants, Who};
use super::guard::Guard;
use super::setup::RightsSetup;
use crate::emulated;
use crate::emulated::expiring;
use crate::promises::cost::counted::Counted;
use crate::promises::cost::life;
use crate::promises::run::Run;
use crate::promises::scenarios::Scenario;
use crate::promises::services::LogLines;
use crate::promises::world::AzureWorld;

/// Runs every function at least once.
pub async fn run(grants: &Arc<Grants>, calls: &Arc<RecordedCalls>) {
    let app = Guard::new(Who::App, grants, calls);
    tokio::join!(
        join_all(Scenario::ALL.map(|scenario| play(&app, scenario))),
        live(&app),
        delete(&app),
        read_own(&app),
        check(&app)
    );
}

async fn play(app: &Guard, scenario: Scenario) {
    let account = emulated::account();
    let lines = LogLines::new(&account).through(&app.clone().before(&account));
    let world = AzureWorld::new(&lines, &account, &account, &Run::UNDISTURBED, scenario.estate()).await;
    scenario.play(&world).await;
    world.settle().await;
}

/// One recording with its session, from the first event to the ledger and the notification, and the timers of the next
/// days.
async fn live(app: &Guard) {
    let account = emulated::account();
    let lines = LogLines::new(&account).through(&app.clone().before(&account));
    let counted = Counted::on(&account, &lines).await;
    life::steps_of(&counted).await;
    for _ in 0..2 {
        counted.world.pass_time(SignedDuration::from_hours(25));
        counted.all_timers().await;
    }
}

async fn delete(app: &Guard) {
    let world = expiring::ExpiringWorld::new(Azurite::shared().unwrap()).await;
    let archivist = world.archivist(Some(app.clone().before(world.account())));
    archivist.retention.run_retention(&|| true).await.unwrap();
    assert!(!world.is_there().await, "the recording was not deleted");
}

/// The pushed configuration and the dead letters.
async fn read_own(app: &Guard) {
    let account = emulated::account();
    let (endpoint, access) = (emulated::endpoint(&account.blob_url), emulated::access(&account));
    let [folder, letters] = ["configuration", "dead-letters"].map(|name| ContainerName::parse(name).unwrap());
    let name = BlobName::parse("archivist.yaml").unwrap();
    let pushed = AzureConfiguration::new(&access, &endpoint, &folder, &name).unwrap();
    pushed.replace(None, "version: 1").await.unwrap();
    let access = access.with_policy(app.clone().before(&account));
    let source = AzureConfiguration::new(&access, &endpoint, &folder, &name).unwrap();
    assert!(matches!(source.read(None).await.unwrap(), ConfigurationRead::Text(_)));
    source.keep("sha256-1", "version: 1").await.unwrap();
    assert!(source.last_good().await.unwrap().is_some());
    let letters = AzureDeadLetters::new(&access, &endpoint, &letters).unwrap();
    assert!(letters.list(None, 10).await.unwrap().is_empty());
}

/// The daily check, and the sessions that the page shows.
async fn check(app: &Guard) {
    let setup = RightsSetup::new(app).await;
    setup.archivist.posture.check_posture().await.unwrap();
    let live = setup.archivist.live.watched_sessions().await.unwrap().unwrap();
    assert!(live[0].sessions.read().is_some(), "{live:?}");
}
