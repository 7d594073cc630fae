//! Converts the checked document to the configuration, with defaults filled in.

use std::collections::BTreeMap;

use domain::address::ContainerName;
use domain::address_guard::Loopback;
use domain::cloud::ExtraSuffixes;
use domain::policy::join::Tolerances;
use domain::policy::person::Privacy;
use domain::policy::review::PriorSessionTimes;
use domain::record::estate::BastionName;
use jiff::tz::TimeZone;
use serde::de::Error as _;

use crate::account_url::{AccountService, AccountUrl, ServiceUrl};
use crate::configuration::{
    AUDIT_LOGS, AccessLogSettings, AuditLogs, BastionSettings, BurstSettings, ChannelSettings, Configuration,
    LedgerSettings, MatchingSettings, RecordingContainer, SOURCE,
};
use crate::document::{
    AccessLogsDocument, AccountUrlsDocument, AuditLogsDocument, BastionDocument, ChannelDocument, Document,
    FailedLoginsDocument, LedgerDocument, MatchingDocument, OneOrSeveral, PrivacyDocument, RecordingsDocument,
    StateDocument,
};
use crate::secret::Secret;
use crate::state::StateUrls;
use crate::topic_url::TopicUrl;
use crate::{retention, review, routing, texts};

/// Converts a checked document. `extra` are the host suffixes that it was checked with.
///
/// # Errors
/// Returns an error for a problem that no check found.
pub fn configuration(document: Document, extra: &ExtraSuffixes) -> Result<Configuration, serde_json::Error> {
    let Document { state, time_zone, bastions, matching, retention, review, ledger, notifications, privacy, .. } =
        document;
    let zone = time_zone.as_deref().map_or(Ok(TimeZone::UTC), texts::time_zone);
    let zone = zone.map_err(|fault| serde_json::Error::custom(fault.what))?;
    let matching = MatchingSettings::from(matching);
    let tolerances = Tolerances { start: matching.start_tolerance, end: matching.end_tolerance };
    let retention = retention.map(|retention| retention::meaning(&retention, &zone, tolerances)).transpose()?;
    let (retention, tiers) = retention.map_or((None, Vec::new()), |it| (Some(it.policy), it.tiers));
    let prior_times =
        PriorSessionTimes { failed_within: matching.failed_logins.within, log_delay: matching.confirm_after };
    let reviews = review::meaning(&review, &zone, tolerances, prior_times)?;
    let routing = routing::meaning(&notifications, &zone)?;
    let channels = notifications.channels.into_iter().map(|(name, it)| Ok((name, channel(it, extra)?)));
    Ok(Configuration {
        state: state.map(|state| state_urls(state, extra)).transpose()?.unwrap_or_default(),
        bastions: bastions.into_iter().map(|it| bastion(it, extra)).collect::<Result<_, _>>()?,
        time_zone: zone,
        matching,
        retention,
        tiers,
        reviews,
        ledger: ledger.into(),
        channels: channels.collect::<Result<_, serde_json::Error>>()?,
        off: BTreeMap::new(),
        loopback: Loopback::Refused,
        routing,
        page_url: notifications.page_url,
        allowed_hosts: notifications.allowed_hosts.into_iter().map(|host| host.0.to_ascii_lowercase()).collect(),
        source: notifications.source.unwrap_or_else(|| SOURCE.to_owned()),
        privacy: privacy.into(),
    })
}

fn state_urls(
    StateDocument { account_urls }: StateDocument,
    extra: &ExtraSuffixes,
) -> Result<StateUrls, serde_json::Error> {
    let AccountUrlsDocument { blob, queue, table } = account_urls;
    let url = |service, text: Option<String>| {
        let url = text.map(|text| ServiceUrl::parse(service, &text, extra)).transpose();
        url.map_err(serde_json::Error::custom)
    };
    Ok(StateUrls {
        blob: url(AccountService::Blob, blob)?,
        queue: url(AccountService::Queue, queue)?,
        table: url(AccountService::Table, table)?,
    })
}

fn bastion(document: BastionDocument, extra: &ExtraSuffixes) -> Result<BastionSettings, serde_json::Error> {
    let BastionDocument { name, resource_id, recordings, audit_logs, access_logs, recording_access } = document;
    let recordings = match recordings {
        OneOrSeveral::One(recordings) => vec![recordings],
        OneOrSeveral::Several(recordings) => recordings,
    };
    let recordings = recordings.into_iter().map(|RecordingsDocument { account_url, container, until }| {
        Ok(RecordingContainer { account_url: account(&account_url, extra)?, container: container.0, until })
    });
    let access_expires = recording_access.as_ref().and_then(|access| access.sas_expires);
    Ok(BastionSettings {
        name: BastionName::new(&name),
        resource_id,
        recordings: recordings.collect::<Result<_, serde_json::Error>>()?,
        audit_logs: audit_logs.map(|document| audit_log(document, extra)).transpose()?,
        access_logs: access_logs.map(|document| access_log(document, extra)).transpose()?,
        access_expires,
        writes_with_identity: recording_access.is_some_and(|access| access.managed_identity == Some(true)),
    })
}

fn audit_log(
    AuditLogsDocument { account_url, container }: AuditLogsDocument,
    extra: &ExtraSuffixes,
) -> Result<AuditLogs, serde_json::Error> {
    let container = container.map_or_else(|| ContainerName::parse(AUDIT_LOGS), |container| Ok(container.0));
    let container = container.map_err(serde_json::Error::custom)?;
    Ok(AuditLogs { account_url: account(&account_url, extra)?, container })
}

fn access_log(
    AccessLogsDocument { account_url, archivist_ids, bastion_ids }: AccessLogsDocument,
    extra: &ExtraSuffixes,
) -> Result<AccessLogSettings, serde_json::Error> {
    Ok(AccessLogSettings { account_url: account(&account_url, extra)?, archivist_ids, bastion_ids })
}

fn account(text: &str, extra: &ExtraSuffixes) -> Result<AccountUrl, serde_json::Error> {
    AccountUrl::parse(text, extra).map_err(serde_json::Error::custom)
}

impl From<MatchingDocument> for MatchingSettings {
    fn from(document: MatchingDocument) -> Self {
        let defaults = Self::default();
        Self {
            name_template: document.name_template.unwrap_or(defaults.name_template),
            name_pattern: document.name_pattern,
            settle_after: document.settle_after.unwrap_or(defaults.settle_after),
            active_at_most: document.active_at_most.unwrap_or(defaults.active_at_most),
            start_tolerance: document.start_tolerance.unwrap_or(defaults.start_tolerance),
            end_tolerance: document.end_tolerance.unwrap_or(defaults.end_tolerance),
            lead: document.lead.unwrap_or(defaults.lead),
            confirm_after: document.confirm_after.unwrap_or(defaults.confirm_after),
            session_without_recording_after: document
                .session_without_recording_after
                .unwrap_or(defaults.session_without_recording_after),
            recording_without_session_after: document
                .recording_without_session_after
                .unwrap_or(defaults.recording_without_session_after),
            failed_logins: document.failed_logins.into(),
            suffix_warning_at: document.suffix_warning_at.unwrap_or(defaults.suffix_warning_at),
        }
    }
}

impl From<FailedLoginsDocument> for BurstSettings {
    fn from(FailedLoginsDocument { count, within }: FailedLoginsDocument) -> Self {
        let defaults = Self::default();
        Self { count: count.unwrap_or(defaults.count), within: within.unwrap_or(defaults.within) }
    }
}

impl From<LedgerDocument> for LedgerSettings {
    fn from(LedgerDocument { hash_recordings }: LedgerDocument) -> Self {
        Self { hash_recordings: hash_recordings.unwrap_or(Self::default().hash_recordings) }
    }
}

fn channel(channel: ChannelDocument, extra: &ExtraSuffixes) -> Result<ChannelSettings, serde_json::Error> {
    let one = |url: Option<Secret>, url_env| url.or(url_env).ok_or_else(|| serde_json::Error::missing_field("url"));
    Ok(match channel {
        ChannelDocument::Teams { url, url_env, .. } => ChannelSettings::Teams { url: one(url, url_env)? },
        ChannelDocument::Slack { url, url_env, .. } => ChannelSettings::Slack { url: one(url, url_env)? },
        ChannelDocument::Webhook { url, url_env, secret_env: secret, .. } => {
            ChannelSettings::Webhook { url: one(url, url_env)?, secret }
        }
        ChannelDocument::EventGrid { endpoint, .. } => {
            let endpoint = TopicUrl::parse(&endpoint, extra).map_err(serde_json::Error::custom)?;
            ChannelSettings::EventGrid { endpoint }
        }
        ChannelDocument::Stub {} => ChannelSettings::Stub,
    })
}

impl From<PrivacyDocument> for Privacy {
    fn from(PrivacyDocument { person_in_tags, person_in_notifications }: PrivacyDocument) -> Self {
        let defaults = Self::default();
        Self {
            in_tags: person_in_tags.map_or(defaults.in_tags, |shown| shown.0),
            in_notifications: person_in_notifications.map_or(defaults.in_notifications, |shown| shown.0),
        }
    }
}
