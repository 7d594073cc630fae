//! Reads the facts for the posture checks of a bastion, each independently: an unreadable fact hides no other.

use std::sync::Arc;

use domain::address::ContainerAddress;
use domain::decide::context::Rules;
use domain::decide::habits::RecordingHabits;
use domain::decide::posture::{
    AccountFacts, AuditFacts, ContentFacts, ExpectedSetup, MaybeKnown, ResourceId, StoredPolicy, TagTrial, Watched,
    highest_suffixes,
};
use domain::record::estate::{BastionName, Estate};
use futures_util::future::{join, join_all};

use crate::calibration::{BastionHabits, ListRecordingHabits};
use crate::newest::newest_recording;
use crate::ports::posture::Read;
use crate::ports::{BlobStore, Catalogue, Fault, ListBlobs, TagWrite};
use crate::posture::Watch;
use crate::watermark::Watermarks;

/// Maximum number of listed blobs, to bound the cost for large containers.
const LOOKED_AT: usize = 20_000;
/// Blobs per page.
const PAGE: usize = 5_000;
/// Maximum number of listed names of foreign blobs.
const NAMED: usize = 3;
/// Media type of a recording.
const RECORDING: &str = "application/octet-stream";

const NO_ID: &str = "archivist.yaml has no resource id of the bastion, so the management API cannot be asked";

/// Reads the facts for the posture checks.
pub struct ReadPostureFacts {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) watch: Arc<Watch>,
    pub(crate) watermarks: Arc<Watermarks>,
    pub(crate) habits: Arc<ListRecordingHabits>,
}

impl ReadPostureFacts {
    /// Reads the facts of all bastions.
    pub(super) async fn watched(&self) -> Vec<Watched> {
        // Sequential, because each bastion already sends a dozen requests at once.
        let mut watched = Vec::with_capacity(self.watch.expected.len());
        let habits = self.habits().await;
        for expected in &self.watch.expected {
            watched.push(self.watched_one(expected, &habits).await);
        }
        watched
    }

    /// Returns the recording habits of every bastion.
    pub(super) async fn habits(&self) -> MaybeKnown<Vec<BastionHabits>> {
        read(self.habits.recording_habits().await)
    }

    /// Reads the facts of one bastion.
    pub(super) async fn watched_one(
        &self,
        expected: &ExpectedSetup,
        habits: &MaybeKnown<Vec<BastionHabits>>,
    ) -> Watched {
        let (posture, at) = (self.watch.posture.as_ref(), &expected.recordings);
        let id = expected.resource_id.as_deref().and_then(ResourceId::parse);
        let (host, neighbours, account) = match &id {
            None => (MaybeKnown::unread(NO_ID), MaybeKnown::unread(NO_ID), MaybeKnown::unread(NO_ID)),
            Some(id) => {
                let asked = join(posture.bastion(id), posture.bastions_beside(id));
                let ((host, neighbours), account) = join(asked, posture.account(&at.account, id)).await;
                (known(host), known(neighbours), known(account))
            }
        };
        let account_id = id_of(&account);
        let by_id = account_id.read();
        let service = known(posture.service(&at.account, by_id).await);
        let container = posture.container(at).await;
        let (content, is_there) = self.content(expected).await;
        let container = match known(container) {
            MaybeKnown::NotReadable(_) if is_there == Some(false) => MaybeKnown::Read(None),
            known => known,
        };
        let (lifecycle, events, roles) = match &account_id {
            MaybeKnown::Read(id) => {
                let (asked, roles) =
                    join(join(posture.lifecycle(id), posture.subscriptions(id)), posture.roles(id, at)).await;
                (known(asked.0), known(asked.1), known(roles))
            }
            MaybeKnown::NotReadable(why) => (MaybeKnown::unread(why), MaybeKnown::unread(why), MaybeKnown::unread(why)),
        };
        let access_log = match &account_id {
            MaybeKnown::Read(id) => known(posture.diagnostics(&id.blob_service()).await),
            MaybeKnown::NotReadable(why) => MaybeKnown::unread(why),
        };
        let audit = match &expected.audit_logs {
            Some(logs) => Some(self.audit(expected, id.as_ref(), logs).await),
            None => None,
        };
        Watched {
            expected: expected.clone(),
            host,
            neighbours,
            account,
            service,
            container,
            content,
            policies: MaybeKnown::unread("only the check of a signature reads them"),
            roles,
            lifecycle,
            events,
            tags: read(self.try_tags(at).await),
            audit,
            access_log,
            habits: habits.as_ref().and_then(|all| habits_of(all, &expected.bastion)),
            tolerances: self.rules.matching.tolerances(),
        }
    }

    /// Reads the stored access policies of a container. Needs a right that no other check needs.
    pub(super) async fn policies(&self, at: &ContainerAddress) -> MaybeKnown<Vec<StoredPolicy>> {
        known(self.watch.posture.policies(at).await)
    }

    async fn audit(&self, expected: &ExpectedSetup, id: Option<&ResourceId>, logs: &ContainerAddress) -> AuditFacts {
        let (posture, name) = (self.watch.posture.as_ref(), BastionName::new(&expected.bastion));
        let (settings, account) = match id {
            None => (MaybeKnown::unread(NO_ID), MaybeKnown::unread(NO_ID)),
            Some(id) => {
                let (settings, account) = join(posture.diagnostics(id), posture.account(&logs.account, id)).await;
                (known(settings), known(account))
            }
        };
        let events = match id_of(&account) {
            MaybeKnown::Read(id) => known(posture.subscriptions(&id).await),
            MaybeKnown::NotReadable(why) => MaybeKnown::unread(why),
        };
        let exists = self.blobs.list(ListBlobs::first(logs, 1)).await.map(|page| page.is_some());
        let newest_recording = match self.estate.bastion(&name) {
            Some(bastion) => read(newest_recording(&*self.catalogue, bastion).await),
            None => MaybeKnown::unread("the bastion is not in the configuration"),
        };
        let watermark = self.watermarks.watermark(&name).await;
        AuditFacts {
            settings,
            account,
            container_exists: read(exists),
            newest_record: read(watermark.map(|watermark| watermark.and_then(|watermark| watermark.newest_record))),
            newest_recording,
            events,
        }
    }

    /// Inspects the content of a container. The flag says whether the container exists, as far as the listing shows.
    async fn content(&self, expected: &ExpectedSetup) -> (MaybeKnown<ContentFacts>, Option<bool>) {
        let mut facts = ContentFacts::default();
        let (mut names, mut marker) = (Vec::new(), None);
        loop {
            let page =
                match self.blobs.list(ListBlobs::first(&expected.recordings, PAGE).after(marker.as_deref())).await {
                    Ok(Some(page)) => page,
                    Ok(None) => return (MaybeKnown::unread("there is no such container"), Some(false)),
                    Err(fault) => return (MaybeKnown::unread(because(&fault)), None),
                };
            facts.seen += page.blobs.len();
            for blob in page.blobs {
                let name = blob.name.as_str();
                let is_typed = blob.properties.content_type.as_deref().is_none_or(|kind| kind == RECORDING);
                if !is_typed || name.contains('/') {
                    facts.foreign_count += 1;
                    if facts.foreign.len() < NAMED {
                        facts.foreign.push(domain::address::Printable(name).to_string());
                    }
                }
                names.push(name.to_owned());
            }
            marker = page.next;
            if marker.is_none() || facts.seen >= LOOKED_AT {
                break;
            }
        }
        facts.has_more = marker.is_some();
        let highest = highest_suffixes(names.iter().map(String::as_str), expected.suffix_warning_at);
        let shown = |(name, suffix): (String, u32)| (domain::address::Printable(&name).to_string(), suffix);
        facts.suffixes = highest.into_iter().map(shown).collect();
        (MaybeKnown::Read(facts), Some(true))
    }

    /// Reads a recording's tags and writes them back unchanged, to test the permission.
    async fn try_tags(&self, at: &ContainerAddress) -> Result<TagTrial, Fault> {
        let blobs = &self.blobs;
        let Some(page) = blobs.list(ListBlobs::first(at, 1)).await? else {
            return Ok(TagTrial::NothingThere);
        };
        let Some(blob) = page.blobs.into_iter().next() else {
            return Ok(TagTrial::NothingThere);
        };
        let address = at.blob(blob.name);
        let tried: Result<TagTrial, Fault> = async {
            let Some(tags) = blobs.tags(&address).await? else {
                return Ok(TagTrial::NothingThere);
            };
            Ok(match blobs.replace_tags(&address, &tags, &blob.properties.etag, &tags).await? {
                // A conflict with another writer also proves the permission to write.
                TagWrite::Written | TagWrite::TagsMoved | TagWrite::ContentGone => TagTrial::Works,
            })
        }
        .await;
        match tried {
            Err(fault) if fault.kind == crate::ports::FaultKind::Refused => Ok(TagTrial::Refused(fault.to_string())),
            other => other,
        }
    }
}

fn habits_of(all: &[BastionHabits], bastion: &str) -> MaybeKnown<RecordingHabits> {
    match all.iter().find(|one| one.bastion.as_str() == bastion) {
        Some(one) => MaybeKnown::Read(one.habits.clone()),
        None => MaybeKnown::unread("the bastion is not in the configuration"),
    }
}

/// Returns the fact, or the reason it could not be read.
pub(crate) fn known<T>(answer: Read<T>) -> MaybeKnown<T> {
    answer.unwrap_or_else(|fault| MaybeKnown::unread(because(&fault)))
}

/// Returns the reason of a failed read. An outage gives the same reason for every fact it affects.
fn because(fault: &Fault) -> String {
    fault.outage().map_or_else(|| fault.to_string(), ToString::to_string)
}

/// Like [`known`], for a port whose only failure is a fault.
pub(crate) fn read<T>(answer: Result<T, Fault>) -> MaybeKnown<T> {
    known(answer.map(MaybeKnown::Read))
}

fn id_of(account: &MaybeKnown<Option<AccountFacts>>) -> MaybeKnown<ResourceId> {
    let present = account.present("the storage account is not visible in the subscription of the bastion");
    present.and_then(|facts| match ResourceId::parse(&facts.id) {
        Some(id) => MaybeKnown::Read(id),
        None => MaybeKnown::unread("the storage account has no resource id"),
    })
}

/// Runs several reads concurrently and returns their results in order.
pub(super) async fn each<T>(looks: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
    join_all(looks).await
}
