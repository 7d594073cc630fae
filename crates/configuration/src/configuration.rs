//! The configuration as the rest of the product uses it: defaults filled in, app settings taken.

use std::collections::BTreeMap;
use std::path::Path;

use domain::address::{AccountName, AddressError, ContainerAddress, ContainerName};
use domain::estate::{self, BastionName, Estate};
use jiff::SignedDuration;
use jiff::civil::Date;

use crate::account_url::AccountUrl;
use crate::secret::Secret;
use crate::state::StateUrls;

/// Everything that `archivist.yaml` says, or its defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// Where the archivist keeps its own things, as far as the file says so.
    pub state: StateUrls,
    /// The bastions, in the order of the file.
    pub bastions: Vec<Bastion>,
    /// When a recording counts as complete.
    pub matching: Matching,
    /// Where notifications can go, by name.
    pub channels: BTreeMap<String, Channel>,
}

/// A bastion and where it records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bastion {
    /// Its name, unique without regard to case.
    pub name: BastionName,
    /// Its resource id; `None` only where all its recordings are on this machine.
    pub resource_id: Option<String>,
    /// The containers, in the order of the file; never empty.
    pub recordings: Vec<Recordings>,
}

/// A container that a bastion records into, now or earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recordings {
    /// The storage account.
    pub account_url: AccountUrl,
    /// The container.
    pub container: ContainerName,
    /// The last day on which the bastion recorded into it; `None` for the present container.
    pub until: Option<Date>,
}

/// When a recording counts as complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matching {
    /// How long a recording must stay unwritten to settle: 1 second to 24 hours.
    pub settle_after: SignedDuration,
    /// How long after its creation a recording may stay active; longer than `settle_after`, at most 7 days.
    pub active_at_most: SignedDuration,
}

/// Where a notification can go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
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
    /// What holds where no file is given: bastion `local`, container `recordings` of the account `local` that
    /// `folder/local` stands for, a channel `stub`. Both names
    /// being fixed, no folder makes it fail.
    pub fn local(folder: &Path) -> Result<Self, AddressError> {
        let account = AccountName::parse("local")?;
        let recordings = Recordings {
            account_url: AccountUrl::of_folder(account, folder.join("local")),
            container: ContainerName::parse("recordings")?,
            until: None,
        };
        let bastion = Bastion { name: BastionName::new("local"), resource_id: None, recordings: vec![recordings] };
        Ok(Self {
            state: StateUrls::default(),
            bastions: vec![bastion],
            matching: Matching::default(),
            channels: BTreeMap::from([("stub".to_owned(), Channel::Stub)]),
        })
    }

    /// The bastions as the domain knows them: names and containers, without the way there.
    pub fn estate(&self) -> Estate {
        Estate { bastions: self.bastions.iter().map(Bastion::in_estate).collect() }
    }
}

impl Bastion {
    fn in_estate(&self) -> estate::Bastion {
        estate::Bastion {
            name: self.name.clone(),
            resource_id: self.resource_id.clone(),
            recordings: self.recordings.iter().map(Recordings::address).collect(),
        }
    }
}

impl Recordings {
    /// The container's address.
    pub fn address(&self) -> ContainerAddress {
        ContainerAddress { account: self.account_url.account().clone(), container: self.container.clone() }
    }
}

impl Default for Matching {
    fn default() -> Self {
        Self { settle_after: SignedDuration::from_mins(5), active_at_most: SignedDuration::from_hours(12) }
    }
}
