//! Settings that a test controls.

use std::sync::Mutex;

use async_trait::async_trait;
use domain::address::{AccountName, ContainerAddress};
use domain::decide::posture::*;
use jiff::Timestamp;
use pipeline::ports::posture::{Read, Unseen};
use pipeline::ports::{Disconnected, LiveSession, LiveSessions, Posture, QueueName};

/// Settings that the API reports; everything else is not readable.
#[derive(Default)]
pub struct SeenSetup {
    pub host: Mutex<Option<BastionFacts>>,
    pub is_hidden: Mutex<bool>,
    pub settings: Mutex<Vec<DiagnosticSetting>>,
    pub live: Mutex<Vec<LiveSession>>,
}

fn hidden<T>() -> Read<T> {
    Ok(MaybeKnown::unread("our identity may not read it"))
}

fn nobody() -> Unseen {
    Unseen("this program cannot check the setup".to_owned())
}

#[async_trait]
impl Posture for SeenSetup {
    async fn bastion(&self, _: &ResourceId) -> Read<Option<BastionFacts>> {
        if *self.is_hidden.lock().unwrap() {
            hidden()
        } else {
            Ok(MaybeKnown::Read(self.host.lock().unwrap().clone()))
        }
    }

    async fn bastions_beside(&self, id: &ResourceId) -> Read<Vec<BastionFacts>> {
        nobody().bastions_beside(id).await
    }

    async fn diagnostics(&self, _: &ResourceId) -> Read<Vec<DiagnosticSetting>> {
        Ok(MaybeKnown::Read(self.settings.lock().unwrap().clone()))
    }

    async fn account(&self, name: &AccountName, beside: &ResourceId) -> Read<Option<AccountFacts>> {
        nobody().account(name, beside).await
    }

    async fn service(&self, account: &AccountName, id: Option<&ResourceId>) -> Read<ServiceFacts> {
        nobody().service(account, id).await
    }

    async fn container(&self, at: &ContainerAddress) -> Read<Option<ContainerFacts>> {
        nobody().container(at).await
    }

    async fn policies(&self, at: &ContainerAddress) -> Read<Vec<StoredPolicy>> {
        nobody().policies(at).await
    }

    async fn lifecycle(&self, account: &ResourceId) -> Read<Vec<LifecycleRule>> {
        nobody().lifecycle(account).await
    }

    async fn subscriptions(&self, account: &ResourceId) -> Read<Vec<EventSubscription>> {
        nobody().subscriptions(account).await
    }

    async fn roles(&self, account: &ResourceId, at: &ContainerAddress) -> Read<Vec<Role>> {
        nobody().roles(account, at).await
    }

    async fn queue(&self, queue: QueueName) -> Read<(usize, Option<Timestamp>)> {
        nobody().queue(queue).await
    }

    async fn dead_letters(&self, most: usize) -> Read<usize> {
        nobody().dead_letters(most).await
    }

    async fn time(&self) -> Read<Timestamp> {
        nobody().time().await
    }

    async fn endpoints(&self) -> Read<(String, String)> {
        nobody().endpoints().await
    }
}

#[async_trait]
impl LiveSessions for SeenSetup {
    async fn live(&self, _: &ResourceId) -> Read<Vec<LiveSession>> {
        Ok(MaybeKnown::Read(self.live.lock().unwrap().clone()))
    }

    async fn disconnect(&self, _: &ResourceId, ids: &[String]) -> Read<Vec<Disconnected>> {
        let mut live = self.live.lock().unwrap();
        let ended = |id: &String| {
            let before = live.len();
            live.retain(|one| one.id != *id);
            Disconnected { id: id.clone(), is_done: live.len() < before, message: "as asked".to_owned() }
        };
        Ok(MaybeKnown::Read(ids.iter().map(ended).collect()))
    }
}
