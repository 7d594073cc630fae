//! Builds an archivist from configuration and ports.

use configuration::Configuration;
use domain::decide::context::Rules;
use domain::record::delivery::Retired;
use pipeline::{Archivist, ArchivistSettings, Ports};

use crate::azure::Azure;
use crate::channels::Show;
use crate::counted::OnDelivered;
use crate::start::CommandError;
use crate::{channels, rules};

/// Inputs of a function set.
pub struct WiringInputs<'a> {
    /// Configuration with app settings filled in.
    pub configuration: &'a Configuration,
    /// Ports, except for the channels of the configuration.
    pub ports: Ports,
    /// True to notify people of started recordings.
    pub announce_started: bool,
    /// Shows the lines of the stub channel.
    pub show: Show,
    /// Counts accepted deliveries, if set.
    pub accepted: Option<OnDelivered>,
    /// Source of tokens. `None` without an identity.
    pub azure: Option<&'a Azure<'a>>,
}

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

impl WiringInputs<'_> {
    /// Builds the function set. Returns all problems of the channels at once.
    pub fn wire(self) -> Result<Wired, CommandError> {
        let observers = channels::DeliveryObservers { show: &self.show, accepted: self.accepted.as_ref() };
        let channels = channels::channels(self.configuration, &observers, self.azure)?;
        let rules = rules::rules(self.configuration, self.announce_started)?;
        for (name, channel) in &channels {
            if let Some(Retired { why, instead }) = channel.retired() {
                tracing::warn!(channel = name, "channel {name}: {why}; {instead}");
            }
        }
        let off =
            channels.iter().filter_map(|(name, channel)| Some((name.clone(), channel.off()?.to_owned()))).collect();
        let settings = ArchivistSettings { rules: rules.clone(), estate: self.configuration.estate(), channels };
        let archivist =
            Archivist::new(self.ports.clone(), settings).with_time_zone(self.configuration.time_zone.clone());
        Ok(Wired { off, archivist, ports: self.ports, rules })
    }
}
