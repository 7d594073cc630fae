//! Patterns of names and networks of addresses.

use core::net::{IpAddr, Ipv4Addr};
use std::fmt;

use ipnet::IpNet;
use wildmatch::WildMatch;

use super::plain::Plain;
use super::truth::Truth;

/// A name with `*` for any characters and `?` for any one.
#[derive(Clone, PartialEq)]
pub struct Pattern {
    whole: WildMatch,
    /// The same, where it is ASCII.
    plain: Option<Plain>,
    reads_as: ReadsAs,
}

/// What a pattern of machines may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
enum ReadsAs {
    /// One IPv4 address.
    Address,
    /// IPv4 addresses, or names.
    Either,
    /// Names.
    Names,
}

impl ReadsAs {
    fn of(text: &str) -> Self {
        if text.parse::<Ipv4Addr>().is_ok() {
            Self::Address
        } else if text.contains('.') && text.bytes().all(|byte| byte.is_ascii_digit() || b".*?".contains(&byte)) {
            Self::Either
        } else {
            Self::Names
        }
    }
}

/// Its parts are characters and a switch, which the library's type does not say of itself.
impl Eq for Pattern {}

/// By its text.
impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Pattern({:?}, {})",
            self.text(),
            if self.whole.is_case_insensitive() { "any case" } else { "exact case" }
        )
    }
}

impl Pattern {
    /// A pattern in which case does not count.
    pub fn any_case(text: &str) -> Self {
        Self { whole: WildMatch::new_case_insensitive(text), plain: Plain::of(text, true), reads_as: ReadsAs::of(text) }
    }

    /// A pattern in which case counts, as it does in tags.
    pub fn exact_case(text: &str) -> Self {
        Self { whole: WildMatch::new(text), plain: Plain::of(text, false), reads_as: ReadsAs::of(text) }
    }

    /// Whether the whole text is meant.
    pub fn fits(&self, text: &str) -> bool {
        self.fits_one(text, text.is_ascii())
    }

    /// Whether any of these means the whole text.
    pub fn any_fits(patterns: &[Self], text: &str) -> bool {
        let is_ascii = text.is_ascii();
        patterns.iter().any(|pattern| pattern.fits_one(text, is_ascii))
    }

    /// Whether any of these means a machine with this name and this address, as far as both are known. An address says
    /// nothing of a name, and the other way round.
    pub(super) fn any_fits_machine(patterns: &[Self], name: Option<&str>, address: Option<IpAddr>) -> Truth {
        if name.is_some_and(|name| Self::any_fits(patterns, name)) {
            return Truth::True;
        }
        let reads_as = |kind: ReadsAs| move |pattern: &Self| pattern.reads_as == kind;
        let all_names = patterns.iter().all(reads_as(ReadsAs::Names));
        if name.is_some() && all_names {
            return Truth::False;
        }
        match address {
            Some(address) if Self::any_fits(patterns, &address.to_canonical().to_string()) => Truth::True,
            Some(_) if name.is_some() || patterns.iter().all(reads_as(ReadsAs::Address)) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// Some characters are ASCII in the other case, so that both have to be.
    fn fits_one(&self, text: &str, is_ascii: bool) -> bool {
        match &self.plain {
            Some(plain) if is_ascii => plain.fits(text.as_bytes()),
            _ => self.whole.matches(text),
        }
    }

    /// Whether it fits every text that another fits, as far as that can be seen; `false` says nothing.
    pub fn covers(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        let (text, narrower) = (self.text(), other.text());
        // A `*` takes the other's wildcards like any characters; a `?` could take a `*` for a single one.
        !(text.contains('?') && narrower.contains(['*', '?'])) && self.fits(&narrower)
    }

    /// The pattern as it was written, but that several `*` in a row are one.
    pub fn text(&self) -> String {
        self.whole.pattern()
    }
}

/// One address, or all that begin with the same bits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Network {
    net: IpNet,
    first: IpAddr,
    last: IpAddr,
}

/// Its ends follow from it.
impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Network").field(&self.net).finish()
    }
}

impl Network {
    /// Reads an address or CIDR. `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let address = || text.parse::<IpAddr>().ok().map(|address| IpNet::from(address.to_canonical()));
        text.parse::<IpNet>().ok().map(canonical).or_else(address).map(Self::of)
    }

    fn of(net: IpNet) -> Self {
        Self { net, first: net.network(), last: net.broadcast() }
    }

    /// Whether every address of another is in it.
    pub fn covers(self, other: Self) -> bool {
        self.net.contains(&other.net)
    }

    /// Whether an address is in it; an IPv4 address written as IPv6 is the same address.
    pub fn holds(self, address: IpAddr) -> bool {
        Self::any_holds(&[self], address)
    }

    /// Whether an address is in any of these.
    pub fn any_holds(networks: &[Self], address: IpAddr) -> bool {
        let address = address.to_canonical();
        networks.iter().any(|network| network.first <= address && address <= network.last)
    }

    /// The network as it is written in full.
    pub fn text(self) -> String {
        self.net.to_string()
    }
}

/// IPv4 addresses written as IPv6 are IPv4 addresses; host bits say nothing.
fn canonical(net: IpNet) -> IpNet {
    let mapped = match net.network() {
        IpAddr::V6(address) => address.to_ipv4_mapped().zip(net.prefix_len().checked_sub(96)),
        IpAddr::V4(_) => None,
    };
    mapped.and_then(|(address, length)| IpNet::new(address.into(), length).ok()).unwrap_or_else(|| net.trunc())
}
