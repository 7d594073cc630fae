//! From the text of the file to the configuration.

use domain::estate::BastionName;
use serde::de::Error as _;

use crate::account_url::{Service, ServiceUrl};
use crate::app_setting::AppSettings;
use crate::configuration::{Bastion, Channel, Configuration, Matching, Recordings};
use crate::document::{
    AccountUrlsDocument, BastionDocument, ChannelDocument, Document, MatchingDocument, OneOrSeveral,
    RecordingsDocument, StateDocument,
};
use crate::findings::Findings;
use crate::problem::Problems;
use crate::state::StateUrls;
use crate::tree::{Content, Kind, Node, Scalar};
use crate::{rules, schema, structure, yaml};

/// Reads the text of a configuration file of version 1.
///
/// `file_name` is for the problems only. `app_setting` gives the value of an app setting, for `${NAME}` and
/// for the keys that end in `_env`.
///
/// # Errors
/// Every problem of the text: syntax, unknown, doubled and missing keys, values that cannot be, app settings
/// that are not set. Of a file of another version, only that.
pub fn read(
    file_name: &str,
    text: &str,
    app_setting: &dyn Fn(&str) -> Option<String>,
) -> Result<Configuration, Problems> {
    let mut findings = Findings::default();
    let configuration = checked(text, AppSettings(app_setting), &mut findings);
    configuration.ok_or_else(|| Problems { file_name: file_name.to_owned(), problems: findings.in_order() })
}

/// The configuration; `None` where there are findings.
fn checked(text: &str, settings: AppSettings<'_>, findings: &mut Findings) -> Option<Configuration> {
    let mut root = yaml::read(text, settings, findings)?;
    if let Some((version, node)) = other_version(&root) {
        let mut only = Findings::default();
        let remedy = "write version: 1, or use the release that knows this version";
        only.add(node.place, "version", format!("{version} is not known to this release"), remedy);
        *findings = only;
        return None;
    }
    structure::check(&mut root, &schema::as_value(), settings, findings);
    rules::check(&root, findings);
    if !findings.is_empty() {
        return None;
    }
    let configuration = serde_json::from_value::<Document>(root.to_json()).and_then(Configuration::try_from);
    configuration.map_err(|error| findings.add(root.place, "", error.to_string(), "correct it")).ok()
}

/// The version, where it is a number other than ours: no other check knows what such a file may hold.
fn other_version(root: &Node) -> Option<(i64, &Node)> {
    let node = root.get("version")?;
    match node.content {
        Content::Scalar(Scalar { kind: Kind::Integer(version), .. }) if version != 1 => Some((version, node)),
        _ => None,
    }
}

impl TryFrom<Document> for Configuration {
    type Error = serde_json::Error;

    fn try_from(document: Document) -> Result<Self, Self::Error> {
        let Document { state, bastions, matching, notifications, .. } = document;
        let channels = notifications.channels.into_iter().map(|(name, channel)| Ok((name, channel.try_into()?)));
        Ok(Self {
            state: state.map(StateUrls::try_from).transpose()?.unwrap_or_default(),
            bastions: bastions.into_iter().map(Bastion::from).collect(),
            matching: matching.into(),
            channels: channels.collect::<Result<_, Self::Error>>()?,
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

impl From<BastionDocument> for Bastion {
    fn from(BastionDocument { name, resource_id, recordings }: BastionDocument) -> Self {
        let recordings = match recordings {
            OneOrSeveral::One(recordings) => vec![recordings],
            OneOrSeveral::Several(recordings) => recordings,
        };
        let recordings = recordings.into_iter().map(Recordings::from).collect();
        Self { name: BastionName::new(&name), resource_id, recordings }
    }
}

impl From<RecordingsDocument> for Recordings {
    fn from(RecordingsDocument { account_url, container, until }: RecordingsDocument) -> Self {
        Self { account_url, container: container.0, until }
    }
}

impl From<MatchingDocument> for Matching {
    fn from(MatchingDocument { settle_after, active_at_most }: MatchingDocument) -> Self {
        let defaults = Self::default();
        Self {
            settle_after: settle_after.unwrap_or(defaults.settle_after),
            active_at_most: active_at_most.unwrap_or(defaults.active_at_most),
        }
    }
}

impl TryFrom<ChannelDocument> for Channel {
    type Error = serde_json::Error;

    fn try_from(channel: ChannelDocument) -> Result<Self, Self::Error> {
        match channel {
            ChannelDocument::Webhook { url, url_env, secret_env: secret } => {
                let url = url.or(url_env).ok_or_else(|| serde_json::Error::missing_field("url"))?;
                Ok(Self::Webhook { url, secret })
            }
            ChannelDocument::Stub {} => Ok(Self::Stub),
        }
    }
}
