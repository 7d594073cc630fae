//! What is watched of a set-up, and who can look at it.

use std::collections::BTreeMap;
use std::sync::Arc;

use adapters_azure::{AzurePosture, Management};
use configuration::state::StatePlace;
use configuration::{AccountUrl, Bastion, Configuration};
use domain::address::AccountName;
use domain::cloud::Cloud;
use domain::posture::{Access, Expected};
use pipeline::ports::LiveSessions;
use pipeline::posture::Watch;

use super::azure::Azure;
use super::keep;
use crate::settings::Settings;
use crate::start::StartError;

/// What is watched, and the management API where an identity can ask it.
pub struct Watching {
    /// What the archivist is given.
    pub watch: Watch,
    /// Who knows of live sessions. `None` where everything is on this machine.
    pub management: Option<Management>,
}

/// What the configuration expects, and as much of it to be seen as there is.
pub fn watch(
    settings: &Settings,
    configuration: &Configuration,
    place: Option<&StatePlace>,
    azure: &Azure<'_>,
) -> Result<Watching, StartError> {
    let mut posture = AzurePosture::default();
    let mut urls: BTreeMap<&AccountName, &AccountUrl> = BTreeMap::new();
    for url in configuration.account_urls() {
        urls.entry(url.account()).or_insert(url);
    }
    for (name, url) in &urls {
        if let Some(endpoint) = url.endpoint() {
            let access = azure.access(name.as_str(), url.is_local())?;
            posture = posture.with_account(&access, endpoint, (*name).clone()).map_err(StartError::needed)?;
        }
    }
    // The bastions are in the cloud of the accounts that they write into.
    let cloud = urls.values().find_map(|url| url.cloud());
    let has_id = configuration.bastions.iter().any(|bastion| bastion.resource_id.is_some());
    let management = cloud.filter(|_| has_id).map(|cloud| management(azure, cloud)).transpose()?;
    if let Some(management) = &management {
        posture = posture.with_management(management.clone());
    }
    if let Some(place) = place {
        posture = keep::watched(posture, place, azure)?;
        posture = posture.with_dead_letters(keep::dead_letters(settings, Some(place), azure)?);
        if let Some(host) = &settings.storage.urls.queue {
            posture = posture.with_endpoints(host.url().to_string(), place.queue.url().to_string());
        }
    }
    let live = management.clone().map(|management| Arc::new(management) as Arc<dyn LiveSessions>);
    let watch = Watch { posture: Arc::new(posture), expected: all_expected(configuration), live };
    Ok(Watching { watch, management })
}

/// What is watched where everything is in folders of this machine, which tell little of themselves.
pub fn watch_folders(configuration: &Configuration) -> Watch {
    Watch { posture: Arc::new(AzurePosture::default()), expected: all_expected(configuration), live: None }
}

fn all_expected(configuration: &Configuration) -> Vec<Expected> {
    let suffix = u32::from(configuration.matching.suffix_warning_at);
    let policy = configuration.retention.as_ref().filter(|policy| policy.enforce);
    let deleted_by = policy.map(|policy| policy.executor);
    let all = configuration.bastions.iter().filter_map(|bastion| expected(bastion, suffix));
    all.map(|expected| Expected { deleted_by, ..expected }).collect()
}

fn management(azure: &Azure<'_>, cloud: Cloud) -> Result<Management, StartError> {
    Management::new(&azure.access("", false)?, cloud).map_err(StartError::needed)
}

fn expected(bastion: &Bastion, suffix_warning_at: u32) -> Option<Expected> {
    let present = bastion.recordings.iter().find(|recordings| recordings.until.is_none());
    let recordings = present.or(bastion.recordings.last())?.address();
    let access = match (bastion.access_ends(), bastion.writes_with_identity) {
        (Some(until), _) => Access::SasUntil(until),
        (None, true) => Access::Identity,
        (None, false) => Access::NotSaid,
    };
    Some(Expected {
        bastion: bastion.name.as_str().to_owned(),
        resource_id: bastion.resource_id.clone(),
        recordings,
        audit_logs: bastion.audit_logs.as_ref().map(configuration::AuditLogs::address),
        access,
        suffix_warning_at,
        deleted_by: None,
    })
}
