//! From the file as it is written to what it means: defaults filled in, texts as types.

use domain::address::ContainerName;
use domain::estate::BastionName;
use domain::person::Privacy;
use jiff::tz::TimeZone;
use serde::de::Error as _;

use crate::account_url::{Service, ServiceUrl};
use crate::configuration::{
    AUDIT_LOGS, AuditLogs, Bastion, Channel, Configuration, FailedLogins, Ledger, Matching, Recordings, SOURCE,
};
use crate::document::{
    AccountUrlsDocument, AuditLogsDocument, BastionDocument, ChannelDocument, Document, FailedLoginsDocument,
    LedgerDocument, MatchingDocument, OneOrSeveral, PrivacyDocument, RecordingsDocument, StateDocument,
};
use crate::secret::Secret;
use crate::state::StateUrls;
use crate::{retention, routing, texts};

impl TryFrom<Document> for Configuration {
    type Error = serde_json::Error;

    fn try_from(document: Document) -> Result<Self, Self::Error> {
        let Document { state, time_zone, bastions, matching, retention, ledger, notifications, privacy, .. } = document;
        let zone = time_zone.as_deref().map_or(Ok(TimeZone::UTC), texts::time_zone);
        let zone = zone.map_err(|fault| serde_json::Error::custom(fault.what))?;
        let retention = retention.map(|retention| retention::meaning(&retention, &zone)).transpose()?;
        let (retention, tiers) = retention.map_or((None, Vec::new()), |it| (Some(it.policy), it.tiers));
        let routing = routing::meaning(&notifications, &zone)?;
        let channels = notifications.channels.into_iter().map(|(name, channel)| Ok((name, channel.try_into()?)));
        Ok(Self {
            state: state.map(StateUrls::try_from).transpose()?.unwrap_or_default(),
            bastions: bastions.into_iter().map(Bastion::try_from).collect::<Result<_, _>>()?,
            time_zone: zone,
            matching: matching.into(),
            retention,
            tiers,
            ledger: ledger.into(),
            channels: channels.collect::<Result<_, Self::Error>>()?,
            routing,
            page_url: notifications.page_url,
            allowed_hosts: notifications.allowed_hosts.into_iter().map(|host| host.0.to_ascii_lowercase()).collect(),
            source: notifications.source.unwrap_or_else(|| SOURCE.to_owned()),
            privacy: privacy.into(),
        })
    }
}

impl TryFrom<StateDocument> for StateUrls {
    type Error = serde_json::Error;

    fn try_from(StateDocument { account_urls }: StateDocument) -> Result<Self, Self::Error> {
        let AccountUrlsDocument { blob, queue, table } = account_urls;
        let url = |service, text: Option<String>| {
            let url = text.map(|text| ServiceUrl::parse(service, &text)).transpose();
            url.map_err(serde_json::Error::custom)
        };
        Ok(Self {
            blob: url(Service::Blob, blob)?,
            queue: url(Service::Queue, queue)?,
            table: url(Service::Table, table)?,
        })
    }
}

impl TryFrom<BastionDocument> for Bastion {
    type Error = serde_json::Error;

    fn try_from(document: BastionDocument) -> Result<Self, Self::Error> {
        let BastionDocument { name, resource_id, recordings, audit_logs, recording_access } = document;
        let recordings = match recordings {
            OneOrSeveral::One(recordings) => vec![recordings],
            OneOrSeveral::Several(recordings) => recordings,
        };
        let recordings = recordings.into_iter().map(Recordings::from).collect();
        let audit_logs = audit_logs.map(AuditLogs::try_from).transpose()?;
        let access_expires = recording_access.as_ref().and_then(|access| access.sas_expires);
        let writes_with_identity = recording_access.is_some_and(|access| access.managed_identity == Some(true));
        let name = BastionName::new(&name);
        Ok(Self { name, resource_id, recordings, audit_logs, access_expires, writes_with_identity })
    }
}

impl From<RecordingsDocument> for Recordings {
    fn from(RecordingsDocument { account_url, container, until }: RecordingsDocument) -> Self {
        Self { account_url, container: container.0, until }
    }
}

impl TryFrom<AuditLogsDocument> for AuditLogs {
    type Error = serde_json::Error;

    fn try_from(AuditLogsDocument { account_url, container }: AuditLogsDocument) -> Result<Self, Self::Error> {
        let container = container.map_or_else(|| ContainerName::parse(AUDIT_LOGS), |container| Ok(container.0));
        Ok(Self { account_url, container: container.map_err(serde_json::Error::custom)? })
    }
}

impl From<MatchingDocument> for Matching {
    fn from(document: MatchingDocument) -> Self {
        let defaults = Self::default();
        Self {
            name_template: document.name_template.unwrap_or(defaults.name_template),
            name_pattern: document.name_pattern,
            settle_after: document.settle_after.unwrap_or(defaults.settle_after),
            active_at_most: document.active_at_most.unwrap_or(defaults.active_at_most),
            start_tolerance: document.start_tolerance.unwrap_or(defaults.start_tolerance),
            end_tolerance: document.end_tolerance.unwrap_or(defaults.end_tolerance),
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

impl From<FailedLoginsDocument> for FailedLogins {
    fn from(FailedLoginsDocument { count, within }: FailedLoginsDocument) -> Self {
        let defaults = Self::default();
        Self { count: count.unwrap_or(defaults.count), within: within.unwrap_or(defaults.within) }
    }
}

impl From<LedgerDocument> for Ledger {
    fn from(LedgerDocument { hash_recordings }: LedgerDocument) -> Self {
        Self { hash_recordings: hash_recordings.unwrap_or(Self::default().hash_recordings) }
    }
}

impl TryFrom<ChannelDocument> for Channel {
    type Error = serde_json::Error;

    fn try_from(channel: ChannelDocument) -> Result<Self, Self::Error> {
        let one = |url: Option<Secret>, url_env| {
            url.or(url_env).ok_or_else(|| <serde_json::Error as serde::de::Error>::missing_field("url"))
        };
        Ok(match channel {
            ChannelDocument::Teams { url, url_env, .. } => Self::Teams { url: one(url, url_env)? },
            ChannelDocument::Slack { url, url_env, .. } => Self::Slack { url: one(url, url_env)? },
            ChannelDocument::Webhook { url, url_env, secret_env: secret, .. } => {
                Self::Webhook { url: one(url, url_env)?, secret }
            }
            ChannelDocument::EventGrid { endpoint, .. } => Self::EventGrid { endpoint },
            ChannelDocument::Stub {} => Self::Stub,
        })
    }
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
