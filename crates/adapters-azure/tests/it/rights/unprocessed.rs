//! `archivist replay`: input that waits in each of its places.

use adapters_azure::AzureDeadLetters;
use async_trait::async_trait;
use azure_core::http::RequestContent;
use azure_storage_blob::BlobServiceClient;
use azurite::Account;
use domain::address::ContainerName;
use jiff::SignedDuration;
use pipeline::Archivist;
use pipeline::ports::{Fault, QueueName};
use pipeline::replay::{InputSummary, Intake, Letter, Replay, ReplayOutcome, ReplayResult, ReplaySelection};

use super::guard::Guard;
use crate::emulated;

const LETTERS: &str = "dead-letters";

/// Functions that take every input.
struct Everything;

#[async_trait]
impl Intake for Everything {
    fn look(&self, _: &str, _: &[u8]) -> Vec<InputSummary> {
        vec![InputSummary::default()]
    }

    fn letters<'a>(&self, file: &'a [u8]) -> Vec<Letter<'a>> {
        vec![Letter { raw: file, summary: InputSummary::default(), at: None, reason: String::new() }]
    }

    async fn take(&self, _: &str, _: &[u8]) -> Result<ReplayResult, Fault> {
        Ok(ReplayResult::Applied)
    }

    async fn take_letter(&self, _: &[u8]) -> Result<ReplayResult, Fault> {
        Ok(ReplayResult::Applied)
    }
}

/// Puts one input into each place, and replays all of them with the rights of this person.
pub async fn replay(archivist: &Archivist, person: &Guard, account: &Account) {
    let ports = archivist.ports();
    ports.queue.send(QueueName::RecordingEventsPoison, "poison", SignedDuration::ZERO).await.unwrap();
    archivist.quarantined.quarantine(b"quarantined", "x", "recording_landed").await.unwrap();
    let endpoint = emulated::endpoint(&account.blob_url);
    let access = emulated::access(account);
    leave_letter(account).await;
    let access = access.with_policy(person.clone().before(account));
    let letters = AzureDeadLetters::new(&access, &endpoint, &ContainerName::parse(LETTERS).unwrap()).unwrap();

    let wanted = ReplaySelection { since: None, until: None, kind: None, name: None, limit: 100 };
    let mut seen = Vec::new();
    let mut watch = |item: &pipeline::replay::ReplayItem| seen.push(item.outcome.clone());
    let mut replay = Replay::dry(&archivist.replay, &Everything, &wanted, &mut watch).applied();
    replay.poison().await.unwrap();
    replay.quarantine().await.unwrap();
    replay.dead_letters(&letters).await.unwrap();
    replay.given_up().await.unwrap();
    assert!(seen.len() >= 3 && seen.iter().all(|fate| !matches!(fate, ReplayOutcome::Failed(_))), "{seen:?}");
}

/// Writes a dead letter, as Event Grid does.
async fn leave_letter(account: &Account) {
    let mut signed = emulated::endpoint(&account.blob_url);
    signed.set_query(Some(&account.signature()));
    let client = BlobServiceClient::new(signed, None, None).unwrap();
    client.blob_container_client(LETTERS).create(None).await.unwrap();
    client.blob_client(LETTERS, "a.json").upload(RequestContent::from(b"[]".to_vec()), None).await.unwrap();
}
