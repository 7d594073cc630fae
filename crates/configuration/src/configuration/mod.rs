//! Configuration for the rest of the product, with defaults and app settings filled in.

mod bastion;
mod ledger;
mod matching;

use std::collections::BTreeMap;
use std::path::Path;

use domain::address::{AccountName, AddressError, ContainerName};
use domain::address_guard::Loopback;
use domain::policy::person::Privacy;
use domain::policy::retention::Policy;
use domain::policy::retention::lifecycle::Tiers;
use domain::policy::review::ReviewPolicy;
use domain::policy::route::Routing;
use domain::record::estate::{BastionName, Estate};
use jiff::tz::TimeZone;

use crate::account_url::AccountUrl;
use crate::secret::Secret;
use crate::state::StateUrls;
use crate::topic_url::TopicUrl;

pub(crate) use bastion::AUDIT_LOGS;
pub use bastion::{AccessLogSettings, AuditLogs, BastionSettings, RecordingContainer};
pub use ledger::LedgerSettings;
pub use matching::{BurstSettings, MatchingSettings};

/// Default `source` of CloudEvents.
pub(crate) const SOURCE: &str = "/bastion-archivist";

/// Content of `archivist.yaml`, or its defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// Endpoints of the archivist's own storage, as far as the file names them.
    pub state: StateUrls,
    /// Bastions, in the order of the file.
    pub bastions: Vec<BastionSettings>,
    /// Time zone of dates, times of day and weekdays in the file.
    pub time_zone: TimeZone,
    /// Settings of matching.
    pub matching: MatchingSettings,
    /// Retention policy. `None` if nothing ever expires.
    pub retention: Option<Policy>,
    /// Ages at which recordings move to cheaper tiers, for the classes with any, in their order.
    pub tiers: Vec<Tiers>,
    /// Rules that ask for reviews of recordings.
    pub reviews: ReviewPolicy,
    /// Settings of the ledger.
    pub ledger: LedgerSettings,
    /// Notification channels, by name.
    pub channels: BTreeMap<String, ChannelSettings>,
    /// Channels that are off because an app setting is missing or invalid, with the reason. Their entries
    /// in [`Self::channels`] are never called.
    pub off: BTreeMap<String, String>,
    /// Permission to call receivers on this machine.
    pub loopback: Loopback,
    /// Routes of notifications, and rate limits of channels.
    pub routing: Routing,
    /// URL of the archivist's own page: https, or http on a loopback address.
    pub page_url: Option<String>,
    /// Hosts allowed to have a private address: lower-case names, never addresses.
    pub allowed_hosts: Vec<String>,
    /// The `source` of every CloudEvent: a URI or the path of one.
    pub source: String,
    /// Form in which people are shown outside the catalogue; never in full in tags.
    pub privacy: Privacy,
}

/// A destination of notifications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelSettings {
    /// A workflow of Microsoft Teams.
    Teams {
        /// URL to post to: https, or http on a loopback address.
        url: Secret,
    },
    /// An incoming webhook of Slack.
    Slack {
        /// URL to post to: https, or http on a loopback address.
        url: Secret,
    },
    /// A custom topic of Event Grid.
    EventGrid {
        /// Endpoint of the topic.
        endpoint: TopicUrl,
    },
    /// A signed webhook.
    Webhook {
        /// URL to post to: https, or http on a loopback address.
        url: Secret,
        /// Signing secret as text: an optional `whsec_`, then the base64 of 24 to 64 bytes.
        secret: Secret,
    },
    /// Prints notifications instead of sending them.
    Stub,
}

impl Configuration {
    /// Default configuration if there is no file.
    ///
    /// Has a bastion `local` and an account `local`, which is the folder `folder/local`. Recordings are in
    /// the container `recordings`, the audit log in the one used by Azure. The retention class `standard`
    /// is one year, not enforced. The only channel is `stub`. Never fails in practice, because all names
    /// are fixed.
    pub fn local(folder: &Path) -> Result<Self, AddressError> {
        let account_url = AccountUrl::of_folder(AccountName::parse("local")?, folder.join("local"));
        let audit_logs = AuditLogs { account_url: account_url.clone(), container: ContainerName::parse(AUDIT_LOGS)? };
        let recordings = RecordingContainer {
            account_url: account_url.clone(),
            container: ContainerName::parse("recordings")?,
            until: None,
        };
        let bastion = BastionSettings {
            name: BastionName::new("local"),
            resource_id: None,
            recordings: vec![recordings],
            audit_logs: Some(audit_logs),
            access_logs: Some(AccessLogSettings { account_url, archivist_ids: Vec::new(), bastion_ids: Vec::new() }),
            access_expires: None,
            writes_with_identity: false,
        };
        Ok(Self {
            state: StateUrls::default(),
            bastions: vec![bastion],
            time_zone: TimeZone::UTC,
            matching: MatchingSettings::default(),
            // The periods are constants, so this does not fail.
            retention: crate::retention::local().ok(),
            tiers: Vec::new(),
            reviews: ReviewPolicy::default(),
            ledger: LedgerSettings::default(),
            channels: BTreeMap::from([("stub".to_owned(), ChannelSettings::Stub)]),
            off: BTreeMap::new(),
            loopback: Loopback::Allowed,
            routing: Routing::default(),
            page_url: None,
            allowed_hosts: Vec::new(),
            source: SOURCE.to_owned(),
            privacy: Privacy::default(),
        })
    }

    /// Replaces every storage account by the folder of its name in `folder`. Addresses stay the same.
    pub fn move_to_folder(&mut self, folder: &Path) {
        for url in self.bastions.iter_mut().flat_map(BastionSettings::account_urls_mut) {
            let account = url.account().clone();
            let place = folder.join(account.as_str());
            *url = AccountUrl::of_folder(account, place);
        }
    }

    /// Returns the bastions of the domain: names and containers, without URLs.
    pub fn estate(&self) -> Estate {
        Estate { bastions: self.bastions.iter().map(BastionSettings::in_estate).collect() }
    }

    /// Returns the storage accounts that bastions write into, with duplicates as in the file.
    pub fn account_urls(&self) -> impl Iterator<Item = &AccountUrl> {
        self.bastions.iter().flat_map(BastionSettings::account_urls)
    }
}
