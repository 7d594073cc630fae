//! What a condition may ask about.

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use crate::notification::{Event, Severity};
use crate::tags::TagSet;

/// The facts that are texts, each compared with patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Text {
    /// The person of the session.
    Person,
    /// The account on the target.
    Account,
    /// The machine, by name or address.
    Machine,
    /// The machine's resource group.
    ResourceGroup,
    /// The machine's subscription.
    Subscription,
    /// The bastion.
    Bastion,
    /// The container of the recording.
    Container,
    /// The recording's name.
    Name,
    /// `ssh` or `rdp`.
    Protocol,
    /// What is known of the session: the name of a [`Match`](crate::join::Match).
    Match,
}

impl Text {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Person,
        Self::Account,
        Self::Machine,
        Self::ResourceGroup,
        Self::Subscription,
        Self::Bastion,
        Self::Container,
        Self::Name,
        Self::Protocol,
        Self::Match,
    ];

    /// The name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Account => "account",
            Self::Machine => "machine",
            Self::ResourceGroup => "resource_group",
            Self::Subscription => "subscription",
            Self::Bastion => "bastion",
            Self::Container => "container",
            Self::Name => "name",
            Self::Protocol => "protocol",
            Self::Match => "match",
        }
    }

    /// Reads a [`name`](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|text| text.name() == name)
    }
}

/// What is known of a recording, or of an event about one. Whatever is `None` is not known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// See [`Text::Person`].
    pub person: Option<&'a str>,
    /// See [`Text::Account`].
    pub account: Option<&'a str>,
    /// See [`Text::Machine`]: its name. A machine of which only the address is known is asked by `target_ip`.
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
    /// All tags of the recording; one that is not there has no value, which no pattern fits.
    pub tags: Option<&'a TagSet>,
    /// Where the person came from.
    pub client_ip: Option<IpAddr>,
    /// The machine's private address.
    pub target_ip: Option<IpAddr>,
    /// How long the recording is.
    pub duration: Option<SignedDuration>,
    /// How many bytes it has.
    pub size: Option<u64>,
    /// When the session began, or else the recording.
    pub started: Option<Timestamp>,
    /// What happened. Known to routes only.
    pub event: Option<Event>,
    /// How urgent it is. Known to routes only.
    pub severity: Option<Severity>,
}

impl<'a> Facts<'a> {
    /// The fact that is this text.
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
