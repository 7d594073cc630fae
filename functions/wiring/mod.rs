//! The one composition root: settings and configuration become ports filled with adapters.

mod accounts;
mod azure;
mod channels;
mod keep;
mod recordings;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::channels::address_guard::Loopback;
use configuration::Configuration;
use domain::catalogue::Rules;
use pipeline::ports::{BlobStore, Clock};
use pipeline::{Archivist, Ports, Settings as ArchivistSettings};

pub use azure::Azure;
pub use keep::{Keep, State, catalogue_at, open};
pub use recordings::recordings;

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
    /// Where our own things are.
    pub keep: Keep,
    /// The recordings.
    pub blobs: Arc<dyn BlobStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whether receivers may be on this machine.
    pub loopback: Loopback,
    /// Whether people hear of starts.
    pub announce_started: bool,
    /// What the stub channel shows its lines with.
    pub show: Show,
}

/// Shows one line to whoever watches.
pub type Show = Arc<dyn Fn(&str) + Send + Sync>;

/// A set of functions.
pub struct Wired {
    /// The use cases.
    pub archivist: Archivist,
    /// The ports they work on.
    pub ports: Ports,
}

impl Plan<'_> {
    /// Puts it together. Says all that is wrong with the channels at once.
    pub fn wire(self) -> Result<Wired, StartError> {
        let channels = channels::channels(self.configuration, self.loopback, &self.show)?;
        let Keep { catalogue, notifications, queue, quarantine } = self.keep;
        let ports = Ports { catalogue, blobs: self.blobs, queue, notifications, quarantine, clock: self.clock };
        let matching = self.configuration.matching;
        let rules = Rules {
            settle_after: matching.settle_after,
            active_at_most: matching.active_at_most,
            announce_started: self.announce_started,
        };
        let settings = ArchivistSettings { rules, estate: self.configuration.estate(), channels };
        Ok(Wired { archivist: Archivist::new(ports.clone(), settings), ports })
    }
}

/// Where every command finds a catalogue that is in a file: as set, or where `archivist local` keeps it.
pub fn catalogue_path(set: Option<&Catalogue>) -> PathBuf {
    let set = set.and_then(Catalogue::file).map(Path::to_owned);
    set.unwrap_or_else(|| Path::new(LOCAL_FOLDER).join(OWN_FOLDER).join(CATALOGUE_FILE))
}
