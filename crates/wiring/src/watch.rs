//! Builds the posture checks of a setup.

use std::collections::BTreeMap;
use std::sync::Arc;

use adapters_azure::{AzurePosture, Management};
use configuration::state::StatePlace;
use configuration::{AccountUrl, BastionSettings, Configuration};
use domain::address::AccountName;
use domain::decide::posture::{ExpectedSetup, WriteAccess};
use pipeline::ports::LiveSessions;
use pipeline::posture::Watch;

use crate::azure::Azure;
use crate::settings::AppSettingNames;
use crate::start::CommandError;
use crate::state_store;

/// Posture checks, and the management API if an identity can use it.
pub struct Watching {
    /// Input of the archivist.
    pub watch: Watch,
    /// Management API with live sessions. `None` if everything is on this machine.
    pub management: Option<Management>,
}

/// Builds the expectations of the configuration, and the access to check them.
pub fn watch(
    settings: &AppSettingNames,
    configuration: &Configuration,
    place: Option<&StatePlace>,
    azure: &Azure<'_>,
) -> Result<Watching, CommandError> {
    let mut posture = AzurePosture::default();
    let mut urls: BTreeMap<&AccountName, &AccountUrl> = BTreeMap::new();
    for url in configuration.account_urls() {
        urls.entry(url.account()).or_insert(url);
    }
    for (name, url) in &urls {
        if let Some(endpoint) = url.endpoint() {
            let access = azure.access(name.as_str(), url.is_local())?;
            posture = posture.with_account(&access, endpoint, (*name).clone()).map_err(CommandError::needed)?;
        }
    }
    // Bastions are in the same cloud as the accounts that they write into.
    let cloud = urls.values().find_map(|url| url.cloud());
    let has_id = configuration.bastions.iter().any(|bastion| bastion.resource_id.is_some());
    let management = cloud.filter(|_| has_id).map(|cloud| azure.management(cloud)).transpose()?;
    if let Some(management) = &management {
        posture = posture.with_management(management.clone());
    }
    if let Some(place) = place {
        posture = state_store::watched(posture, place, azure)?;
        posture = posture.with_dead_letters(state_store::dead_letters(settings, Some(place), azure)?);
        if let Some(host) = &settings.storage.urls.queue {
            posture = posture.with_endpoints(host.url().to_string(), place.queue.url().to_string());
        }
    }
    let live = management.clone().map(|management| Arc::new(management) as Arc<dyn LiveSessions>);
    let watch = Watch { posture: Arc::new(posture), expected: all_expected(configuration), live };
    Ok(Watching { watch, management })
}

/// Posture checks if everything is in folders, which offer little to check.
pub fn watch_folders(configuration: &Configuration) -> Watch {
    Watch { posture: Arc::new(AzurePosture::default()), expected: all_expected(configuration), live: None }
}

fn all_expected(configuration: &Configuration) -> Vec<ExpectedSetup> {
    let suffix = u32::from(configuration.matching.suffix_warning_at);
    let policy = configuration.retention.as_ref().filter(|policy| policy.enforce);
    let deleted_by = policy.map(|policy| policy.executor);
    let all = configuration.bastions.iter().filter_map(|bastion| expected(bastion, suffix));
    all.map(|expected| ExpectedSetup { deleted_by, ..expected }).collect()
}

fn expected(bastion: &BastionSettings, suffix_warning_at: u32) -> Option<ExpectedSetup> {
    let present = bastion.recordings.iter().find(|recordings| recordings.until.is_none());
    let recordings = present.or(bastion.recordings.last())?.address();
    let access = match (bastion.access_ends(), bastion.writes_with_identity) {
        (Some(until), _) => WriteAccess::SasUntil(until),
        (None, true) => WriteAccess::Identity,
        (None, false) => WriteAccess::NotStated,
    };
    Some(ExpectedSetup {
        bastion: bastion.name.as_str().to_owned(),
        resource_id: bastion.resource_id.clone(),
        recordings,
        audit_logs: bastion.audit_logs.as_ref().map(configuration::AuditLogs::address),
        access_logs: bastion.access_logs.as_ref().map(|logs| logs.account_url.account().clone()),
        access,
        suffix_warning_at,
        deleted_by: None,
    })
}
