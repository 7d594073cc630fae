//! Facts that a condition can test.

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::named;
use crate::notification::{Event, Severity};
use crate::tags::TagSet;

/// Text facts, which are compared with patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Text {
    /// Person of the session.
    Person,
    /// Account on the target machine.
    Account,
    /// Target machine, by name or address.
    Machine,
    /// Resource group of the machine.
    ResourceGroup,
    /// Subscription of the machine.
    Subscription,
    /// Name of the bastion.
    Bastion,
    /// Container of the recording.
    Container,
    /// Name of the recording's blob.
    Name,
    /// `ssh` or `rdp`.
    Protocol,
    /// State of the match: the name of a [`Match`](crate::join::Match).
    Match,
}

named!(Text: ALL, name, parse);

/// Known facts about a recording, or about an event that concerns one. `None` means unknown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// See [`Text::Person`].
    pub person: Option<&'a str>,
    /// See [`Text::Account`].
    pub account: Option<&'a str>,
    /// Name of the machine; see [`Text::Machine`]. If only its address is known, `target_ip` is matched instead.
    pub machine: Option<&'a str>,
    /// See [`Text::ResourceGroup`].
    pub resource_group: Option<&'a str>,
    /// See [`Text::Subscription`].
    pub subscription: Option<&'a str>,
    /// See [`Text::Bastion`].
    pub bastion: Option<&'a str>,
    /// See [`Text::Container`].
    pub container: Option<&'a str>,
    /// See [`Text::Name`].
    pub name: Option<&'a str>,
    /// See [`Text::Protocol`].
    pub protocol: Option<&'a str>,
    /// See [`Text::Match`].
    pub verdict: Option<&'a str>,
    /// All tags of the recording. A missing tag has no value, so no pattern matches it.
    pub tags: Option<&'a TagSet>,
    /// IP address of the client.
    pub client_ip: Option<IpAddr>,
    /// Private IP address of the machine.
    pub target_ip: Option<IpAddr>,
    /// Duration of the recording.
    pub duration: Option<SignedDuration>,
    /// Size of the recording in bytes.
    pub size: Option<u64>,
    /// Start of the session, or else of the recording.
    pub started: Option<Timestamp>,
    /// Kind of event. Known to routes only.
    pub event: Option<Event>,
    /// Severity of the event. Known to routes only.
    pub severity: Option<Severity>,
}

impl<'a> Facts<'a> {
    /// Returns the text fact `which`.
    pub fn text(&self, which: Text) -> Option<&'a str> {
        match which {
            Text::Person => self.person,
            Text::Account => self.account,
            Text::Machine => self.machine,
            Text::ResourceGroup => self.resource_group,
            Text::Subscription => self.subscription,
            Text::Bastion => self.bastion,
            Text::Container => self.container,
            Text::Name => self.name,
            Text::Protocol => self.protocol,
            Text::Match => self.verdict,
        }
    }
}
