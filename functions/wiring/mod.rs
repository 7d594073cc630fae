//! The one composition root: settings and configuration become ports filled with adapters.

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

/// Where the catalogue is kept where no setting says so.
pub const LOCAL_FOLDER: &str = "archivist-data";

/// The folder of our own things in a folder that stands for storage accounts.
pub const OWN_FOLDER: &str = ".archivist";

/// The database file in [`OWN_FOLDER`].
pub const CATALOGUE_FILE: &str = "catalogue.sqlite";

/// How a set of functions is put together.
pub struct Plan<'a> {
    /// The configuration, its app settings filled in.
    pub configuration: &'a Configuration,
    /// The ports but for the channels, which the configuration has.
    pub ports: Ports,
    /// Whether people hear of starts.
    pub announce_started: bool,
    /// What the stub channel shows its lines with.
    pub show: Show,
    /// Counts what channels accepted, if somebody wants that.
    pub accepted: Option<Accepted>,
    /// Who asks for tokens. `None` where nobody has an identity.
    pub azure: Option<&'a Azure<'a>>,
}

/// Shows one line to whoever watches.
pub type Show = Arc<dyn Fn(&str) + Send + Sync>;

/// A set of functions.
pub struct Wired {
    /// The use cases.
    pub archivist: Archivist,
    /// The ports they work on.
    pub ports: Ports,
    /// The rules that their decisions follow.
    pub rules: Rules,
    /// Channels that are off, with the reason.
    pub off: Vec<(String, String)>,
}

impl Wired {
    /// Writes to the log which channels are off. For processes that send notifications.
    pub fn log_channels_off(&self) {
        for (name, reason) in &self.off {
            tracing::warn!(channel = name, "channel {name} is off: {reason}");
        }
    }
}

impl Plan<'_> {
    /// Puts it together. Says all that is wrong with the channels at once.
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

/// Where every command finds a catalogue that is in a file: as set, or where `archivist local` keeps it.
pub fn catalogue_path(set: Option<&Catalogue>) -> PathBuf {
    let set = set.and_then(Catalogue::file).map(Path::to_owned);
    set.unwrap_or_else(|| Path::new(LOCAL_FOLDER).join(OWN_FOLDER).join(CATALOGUE_FILE))
}
