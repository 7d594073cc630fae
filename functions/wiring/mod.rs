//! Composition root: builds ports and adapters from settings and configuration.

mod accepted;
mod accounts;
mod azure;
mod channels;
mod counted;
pub mod keep;
mod rules;
mod storage_accounts;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use configuration::Configuration;
use domain::catalogue::Rules;
use domain::delivery::Retired;
use pipeline::{Archivist, Ports, Settings as ArchivistSettings};

pub use accepted::{NO_BASTION, accepts};
pub use azure::Azure;
pub use counted::Accepted;
pub use keep::open;
pub use storage_accounts::storage_accounts;
pub use watch::{watch, watch_folders};

use crate::settings::Catalogue;
use crate::start::StartError;

/// Default folder of the catalogue.
pub const LOCAL_FOLDER: &str = "archivist-data";

/// Folder of the archivist's own data, inside a folder that replaces storage accounts.
pub const OWN_FOLDER: &str = ".archivist";

/// Database file in [`OWN_FOLDER`].
pub const CATALOGUE_FILE: &str = "catalogue.sqlite";

/// Inputs of a function set.
pub struct Plan<'a> {
    /// Configuration with app settings filled in.
    pub configuration: &'a Configuration,
    /// Ports, except for the channels of the configuration.
    pub ports: Ports,
    /// True to notify people of started recordings.
    pub announce_started: bool,
    /// Shows the lines of the stub channel.
    pub show: Show,
    /// Counts accepted deliveries, if set.
    pub accepted: Option<Accepted>,
    /// Source of tokens. `None` without an identity.
    pub azure: Option<&'a Azure<'a>>,
}

/// Shows one line of output.
pub type Show = Arc<dyn Fn(&str) + Send + Sync>;

/// A built function set.
pub struct Wired {
    /// The archivist.
    pub archivist: Archivist,
    /// Ports of the archivist.
    pub ports: Ports,
    /// Rules of its decisions.
    pub rules: Rules,
    /// Channels that are off, with the reason.
    pub off: Vec<(String, String)>,
}

impl Wired {
    /// Logs the channels that are off. For processes that send notifications.
    pub fn log_channels_off(&self) {
        for (name, reason) in &self.off {
            tracing::warn!(channel = name, "channel {name} is off: {reason}");
        }
    }
}

impl Plan<'_> {
    /// Builds the function set. Returns all problems of the channels at once.
    pub fn wire(self) -> Result<Wired, StartError> {
        let hearers = channels::Hearers { show: &self.show, accepted: self.accepted.as_ref() };
        let channels = channels::channels(self.configuration, &hearers, self.azure)?;
        let rules = rules::rules(self.configuration, self.announce_started)?;
        for (name, channel) in &channels {
            if let Some(Retired { why, instead }) = channel.retired() {
                tracing::warn!(channel = name, "channel {name}: {why}; {instead}");
            }
        }
        let off =
            channels.iter().filter_map(|(name, channel)| Some((name.clone(), channel.off()?.to_owned()))).collect();
        let settings = ArchivistSettings { rules: rules.clone(), estate: self.configuration.estate(), channels };
        Ok(Wired { off, archivist: Archivist::new(self.ports.clone(), settings), ports: self.ports, rules })
    }
}

/// Returns the path of a catalogue file: as set, or that of `archivist local`.
pub fn catalogue_path(set: Option<&Catalogue>) -> PathBuf {
    let set = set.and_then(Catalogue::file).map(Path::to_owned);
    set.unwrap_or_else(|| Path::new(LOCAL_FOLDER).join(OWN_FOLDER).join(CATALOGUE_FILE))
}
