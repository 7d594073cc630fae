//! The configuration as the rest of the product uses it: defaults filled in, app settings taken.

mod bastion;
mod ledger;
mod matching;

use std::collections::BTreeMap;
use std::path::Path;

use domain::address::{AccountName, AddressError, ContainerName};
use domain::address_guard::Loopback;
use domain::estate::{BastionName, Estate};
use domain::person::Privacy;
use domain::retention::Policy;
use domain::retention::lifecycle::Tiers;
use domain::route::Routing;
use jiff::tz::TimeZone;

use crate::account_url::AccountUrl;
use crate::secret::Secret;
use crate::state::StateUrls;
use crate::topic_url::TopicUrl;

pub(crate) use bastion::AUDIT_LOGS;
pub use bastion::{AuditLogs, Bastion, Recordings};
pub use ledger::Ledger;
pub use matching::{FailedLogins, Matching};

/// Whom our events are said to be from where nobody says otherwise.
pub(crate) const SOURCE: &str = "/bastion-archivist";

/// Everything that `archivist.yaml` says, or its defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// Where the archivist keeps its own things, as far as the file says so.
    pub state: StateUrls,
    /// The bastions, in the order of the file.
    pub bastions: Vec<Bastion>,
    /// The zone of dates, times of day and days of the week in the file.
    pub time_zone: TimeZone,
    /// How recordings and sessions find each other.
    pub matching: Matching,
    /// How long recordings stay. `None` where nothing ever expires.
    pub retention: Option<Policy>,
    /// When recordings move to cheaper tiers: of the classes of which any do, in their order.
    pub tiers: Vec<Tiers>,
    /// What the ledger tells of recordings.
    pub ledger: Ledger,
    /// Where notifications can go, by name.
    pub channels: BTreeMap<String, Channel>,
    /// The channels that are off, each with the reason: an app setting does not give what it needs. What stands in
    /// [`Self::channels`] for it is never called.
    pub off: BTreeMap<String, String>,
    /// Whether receivers on this machine may be called.
    pub loopback: Loopback,
    /// Which channels hear of what, and how much each is sent.
    pub routing: Routing,
    /// Where people open the archivist's own page: an https URL, or http on a loopback address.
    pub page_url: Option<String>,
    /// Hosts that may have an address that is not public: names in lower case, never addresses.
    pub allowed_hosts: Vec<String>,
    /// The `source` of every CloudEvent: a URI or the path of one.
    pub source: String,
    /// How people are shown outside the catalogue; in tags never in full.
    pub privacy: Privacy,
}

/// Where a notification can go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    /// A workflow of Microsoft Teams.
    Teams {
        /// Where to post: https, or http on a loopback address.
        url: Secret,
    },
    /// An incoming webhook of Slack.
    Slack {
        /// Where to post: https, or http on a loopback address.
        url: Secret,
    },
    /// A custom topic of Event Grid.
    EventGrid {
        /// Its endpoint.
        endpoint: TopicUrl,
    },
    /// A signed webhook.
    Webhook {
        /// Where to post: https, or http on a loopback address.
        url: Secret,
        /// The signing secret in its text form: `whsec_`, which may be missing, and the base64 of 24 to 64 bytes.
        secret: Secret,
    },
    /// Prints instead of sending.
    Stub,
}

impl Configuration {
    /// What holds where no file is given: a bastion `local`, which writes into the account `local` that
    /// `folder/local` stands for, recordings into the container `recordings` and its audit log into the one that
    /// Azure would; a retention class `standard` of a year, not enforced; and a channel `stub`. All names being fixed, no folder makes it fail.
    pub fn local(folder: &Path) -> Result<Self, AddressError> {
        let account_url = AccountUrl::of_folder(AccountName::parse("local")?, folder.join("local"));
        let audit_logs = AuditLogs { account_url: account_url.clone(), container: ContainerName::parse(AUDIT_LOGS)? };
        let recordings = Recordings { account_url, container: ContainerName::parse("recordings")?, until: None };
        let bastion = Bastion {
            name: BastionName::new("local"),
            resource_id: None,
            recordings: vec![recordings],
            audit_logs: Some(audit_logs),
            access_expires: None,
            writes_with_identity: false,
        };
        Ok(Self {
            state: StateUrls::default(),
            bastions: vec![bastion],
            time_zone: TimeZone::UTC,
            matching: Matching::default(),
            // The text of its periods is fixed.
            retention: crate::retention::local().ok(),
            tiers: Vec::new(),
            ledger: Ledger::default(),
            channels: BTreeMap::from([("stub".to_owned(), Channel::Stub)]),
            off: BTreeMap::new(),
            loopback: Loopback::Allowed,
            routing: Routing::default(),
            page_url: None,
            allowed_hosts: Vec::new(),
            source: SOURCE.to_owned(),
            privacy: Privacy::default(),
        })
    }

    /// The bastions as the domain knows them: names and containers, without the way there.
    pub fn estate(&self) -> Estate {
        Estate { bastions: self.bastions.iter().map(Bastion::in_estate).collect() }
    }

    /// The storage accounts that bastions write into, one as often as it is written in the file.
    pub fn account_urls(&self) -> impl Iterator<Item = &AccountUrl> {
        self.bastions.iter().flat_map(Bastion::account_urls)
    }
}
