//! The commands that people run, with the rights of people.

use std::sync::Arc;

use adapters_azure::testing::Mishaps;
use adapters_azure::{AzureConfiguration, AzurePosture};
use azurite::{Account, Azurite};
use domain::address::{BlobName, ContainerName};
use domain::decide::posture::{ResourceId, SharedAccess};
use domain::record::hold::{Actor, Hold, HoldScope};
use pipeline::confirm::PersonAnswer;
use pipeline::ledger::Verify;
use pipeline::ports::{ConfigurationRead, ConfigurationSource, LifecyclePolicies, Posture, QueueName};
use pipeline::query::{Query, list};
use pipeline::testing::sample;
use pipeline::{Archivist, ReconcileScope};

use super::calls::RecordedCalls;
use super::grants::{Grants, Who};
use super::guard::Guard;
use super::scopes::{BASTION, RECORDINGS};
use super::setup::{RightsSetup, recordings_account};
use super::unprocessed;
use crate::emulated;
use crate::emulated::expiring;
use crate::promises::run::Run;
use crate::promises::services::{LogLines, Services};
use crate::promises::storage::container;
use crate::promises::visits::{AzureVisit, logs};
use crate::promises::world::{ACTIVE_AT_MOST, AzureWorld, SETTLE_AFTER, logging};

/// Runs every command that calls Azure.
pub async fn run(grants: &Arc<Grants>, calls: &Arc<RecordedCalls>) {
    let person = Guard::new(Who::Operator, grants, calls);
    tokio::join!(decide(&person), backfill(&person), configure(&person), inspect(&person), watch(&person));
}

fn counsel() -> Actor {
    Actor { name: "counsel".to_owned(), is_verified: true }
}

/// `hold`, `retention`, `policy` and `recordings confirm`.
async fn decide(person: &Guard) {
    let world = expiring::ExpiringWorld::new(Azurite::shared().unwrap()).await;
    let archivist = world.archivist(Some(person.clone().before(world.account())));
    let now = archivist.ports().clock.now();
    let planned = archivist.retention_plans.plan(now).await.unwrap();
    archivist.approval.approve(&planned.delete.digest, &counsel()).await.unwrap().unwrap();
    archivist.retention.run_retention(&|| true).await.unwrap();
    assert!(world.is_there().await, "a person deletes nothing");

    let scope = HoldScope { recording: Some(world.recording()), ..HoldScope::default() };
    archivist.hold_coverage.coverage(&scope).await.unwrap();
    let hold = Hold::new("case 1", "a letter of the court", scope, counsel(), now);
    assert_eq!(archivist.hold_placing.place_hold(&hold).await.unwrap().not_carried, []);
    assert_eq!(world.tags().await.0[domain::record::tags::HOLD], "case 1");
    assert_eq!(archivist.hold_release.release_holds("case 1", &counsel()).await.unwrap().len(), 1);
    archivist.class_assignment.give_class(world.recording(), Some("brief"), &counsel()).await.unwrap().unwrap();
    let said = PersonAnswer::NoneOfThem;
    archivist.confirmation.confirm(world.recording(), &said, "not recorded", &counsel()).await.unwrap().unwrap();
    archivist.policy_change.reapply(Some(&counsel()), &mut |_, _| {}).await.unwrap();
    let (ports, from_start) = (archivist.ports(), true);
    let recordings = Some((&*ports.blobs, &*ports.checkpoints));
    Verify { ledger: &*ports.ledger, recordings, from_start, head: None }.run(&mut |_| {}).await.unwrap();
}

/// `backfill`, `recordings`, `sessions`, `gaps`, `notify` and `replay`.
async fn backfill(person: &Guard) {
    let account = emulated::account();
    let (world, archivist) = installed(person, &account).await;
    let visit = AzureVisit::new("a", world.now(), SETTLE_AFTER);
    world.storage.begin_log().await;
    world.storage.grow_log(&(visit.begun() + &visit.over())).await;
    world.storage.write("vm-user", 9, world.now()).await;
    world.pass_time(ACTIVE_AT_MOST);
    let estate = logging();
    archivist.log_search.find_logs_since(&estate.bastions[0], &logs(), None).await.unwrap();
    assert_eq!(archivist.tailing.tail(&|| true).await.unwrap().read.records, 2);
    let listed = archivist.reconciliation.reconcile_all(&ReconcileScope::default(), &|| true).await.unwrap();
    assert_eq!(listed.failed, 0);
    archivist.due_work.catch_up(&|| true).await.unwrap();
    let found = list(&*archivist.ports().catalogue, &Query::default()).await.unwrap();
    assert_eq!(found.items.len(), 1);
    assert!(world.storage.tags().await["vm-user"].contains_key("bsr-state"));
    archivist.channel_states.enable_channel("siem").await.unwrap();
    unprocessed::replay(&archivist, person, &account).await;
}

/// The archivist of a person, and the world of the app.
async fn installed(person: &Guard, account: &Account) -> (AzureWorld, Archivist) {
    let lines = LogLines::new(account);
    let world = AzureWorld::new(&lines, account, account, &Run::UNDISTURBED, logging()).await;
    let of_person = lines.through(&person.clone().before(account)).retrying.to(account);
    let services = Services::new(account, &of_person.with_policy(world.storage.dates.clone()));
    // Every command creates what is missing.
    services.tables.create().await.unwrap();
    services.queues.create().await.unwrap();
    services.quarantine.create().await.unwrap();
    services.ledger.create_container().await.unwrap();
    assert_eq!(services.queues.depth(QueueName::Hashes).await.unwrap(), 0);
    let archivist = world.archivist_on(&services, &Arc::new(Mishaps::none()));
    (world, archivist)
}

/// `config push` and `config diff`.
async fn configure(person: &Guard) {
    let account = emulated::account();
    let access = emulated::access(&account).with_policy(person.clone().before(&account));
    let folder = ContainerName::parse("configuration").unwrap();
    let (endpoint, name) = (emulated::endpoint(&account.blob_url), BlobName::parse("archivist.yaml").unwrap());
    let source = AzureConfiguration::new(&access, &endpoint, &folder, &name).unwrap();
    let tag = source.replace(None, "version: 1").await.unwrap().unwrap();
    assert!(matches!(source.read(None).await.unwrap(), ConfigurationRead::Text(_)));
    assert!(source.replace(Some(&tag), "version: 1\n").await.unwrap().is_some());
}

/// `doctor`, also with a signature that refers to a stored access policy, and without the management API.
async fn inspect(person: &Guard) {
    let setup = RightsSetup::new(person).await;
    setup.archivist.posture.inspect().await;
    let sas = "https://stbastionrec01.blob.core.windows.net/recordings?sv=2022-11-02&sr=c&si=bastion&sig=x";
    setup.archivist.posture.inspect_sas(&SharedAccess::parse(sas).unwrap(), None).await.unwrap();
    let account = emulated::account();
    let access = emulated::access(&account).with_policy(person.clone().of_account(RECORDINGS).before(&account));
    let posture = AzurePosture::default();
    let posture = posture.with_account(&access, &emulated::endpoint(&account.blob_url), recordings_account()).unwrap();
    assert!(posture.service(&recordings_account(), None).await.unwrap().read().is_some());
}

/// `policy lifecycle`, `sessions list --live` and `sessions disconnect`.
async fn watch(person: &Guard) {
    let RightsSetup { archivist, management } = RightsSetup::new(person).await;
    let bastion = ResourceId::parse(BASTION).unwrap();
    let account = LifecyclePolicies::account(&management, &container().account, &bastion).await.unwrap();
    let account = account.read().unwrap().clone().unwrap();
    assert!(management.read(&account).await.unwrap().read().is_some());
    assert!(management.write(&account, "{}").await.unwrap().read().is_none(), "the rules belong to the owner");
    let live = archivist.live.live_sessions(&management, None).await.unwrap();
    assert!(live[0].sessions.read().is_none(), "{live:?}");
    let name = &logging().bastions[0].name;
    let ended = archivist.live.disconnect(&management, name, "1", "counsel").await.unwrap();
    assert!(ended.read().is_none(), "{ended:?}");
    let notification =
        sample::notification(&sample::entry(&sample::address("x"), sample::second(0)), sample::second(0));
    archivist.channels_shown.try_channel("siem", &notification).await.unwrap().unwrap();
}
