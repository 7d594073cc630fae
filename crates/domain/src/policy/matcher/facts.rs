//! Facts that a condition can test.

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::named;
use crate::record::notification::{Event, Severity};
use crate::record::tags::TagSet;

/// Text facts, which are compared with patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum TextFact {
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
    /// State of the match: the name of a [`Match`](crate::record::join::Match).
    Match,
    /// Outcome of the review: `none`, `ok` or `finding`.
    #[strum(serialize = "review.outcome")]
    ReviewOutcome,
}

named!(TextFact: ALL, name, parse);

/// Known facts about a recording, or about an event that concerns one. `None` means unknown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// See [`TextFact::Person`].
    pub person: Option<&'a str>,
    /// See [`TextFact::Account`].
    pub account: Option<&'a str>,
    /// Name of the machine; see [`TextFact::Machine`]. If only its address is known, `target_ip` is matched instead.
    pub machine: Option<&'a str>,
    /// See [`TextFact::ResourceGroup`].
    pub resource_group: Option<&'a str>,
    /// See [`TextFact::Subscription`].
    pub subscription: Option<&'a str>,
    /// See [`TextFact::Bastion`].
    pub bastion: Option<&'a str>,
    /// See [`TextFact::Container`].
    pub container: Option<&'a str>,
    /// See [`TextFact::Name`].
    pub name: Option<&'a str>,
    /// See [`TextFact::Protocol`].
    pub protocol: Option<&'a str>,
    /// See [`TextFact::Match`].
    pub verdict: Option<&'a str>,
    /// True if the match is still pending and may become any other. Its name then answers only a rule that lists it.
    /// False for routes, because a message tells the state at its time.
    pub is_verdict_open: bool,
    /// See [`TextFact::ReviewOutcome`].
    pub review_outcome: Option<&'a str>,
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
    /// True if a legal hold covers the recording. Known to routes and review rules only.
    pub held: Option<bool>,
    /// True if the viewer of a recording is the person of its session. Known to routes only.
    pub own_session: Option<bool>,
    /// True if the session is the first use of the account on the machine by the person. Known to review rules only.
    pub first_use: Option<bool>,
    /// True if logins to the machine failed just before the session. Known to review rules only.
    pub after_failed_logins: Option<bool>,
}

impl<'a> Facts<'a> {
    /// Returns the text fact `which`.
    pub fn text(&self, which: TextFact) -> Option<&'a str> {
        match which {
            TextFact::Person => self.person,
            TextFact::Account => self.account,
            TextFact::Machine => self.machine,
            TextFact::ResourceGroup => self.resource_group,
            TextFact::Subscription => self.subscription,
            TextFact::Bastion => self.bastion,
            TextFact::Container => self.container,
            TextFact::Name => self.name,
            TextFact::Protocol => self.protocol,
            TextFact::Match => self.verdict,
            TextFact::ReviewOutcome => self.review_outcome,
        }
    }
}
