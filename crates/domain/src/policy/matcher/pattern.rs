//! Patterns of names, and networks of addresses.

use core::net::{IpAddr, Ipv4Addr};
use std::fmt;

use ipnet::IpNet;
use wildmatch::WildMatch;

use super::plain::AsciiPattern;
use super::truth::ConditionResult;

/// Pattern with `*` for any characters and `?` for any single one.
#[derive(Clone, PartialEq)]
pub struct Pattern {
    whole: WildMatch,
    /// Fast form of an ASCII pattern.
    plain: Option<AsciiPattern>,
    reads_as: ReadsAs,
}

/// Possible meanings of a pattern for machines.
#[derive(Debug, Clone, Copy, PartialEq)]
enum ReadsAs {
    /// A single IPv4 address.
    Address,
    /// IPv4 addresses or names.
    Either,
    /// Names only.
    Names,
}

impl ReadsAs {
    fn from_text(text: &str) -> Self {
        if text.parse::<Ipv4Addr>().is_ok() {
            Self::Address
        } else if text.contains('.') && text.bytes().all(|byte| byte.is_ascii_digit() || b".*?".contains(&byte)) {
            Self::Either
        } else {
            Self::Names
        }
    }
}

/// All parts have total equality; the library's type does not implement `Eq`.
impl Eq for Pattern {}

/// Shows the text of the pattern.
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
    /// Creates a case-insensitive pattern.
    pub fn any_case(text: &str) -> Self {
        Self {
            whole: WildMatch::new_case_insensitive(text),
            plain: AsciiPattern::from_pattern(text, true),
            reads_as: ReadsAs::from_text(text),
        }
    }

    /// Creates a case-sensitive pattern, as used for tags.
    pub fn exact_case(text: &str) -> Self {
        Self {
            whole: WildMatch::new(text),
            plain: AsciiPattern::from_pattern(text, false),
            reads_as: ReadsAs::from_text(text),
        }
    }

    /// True if the pattern matches the whole text.
    pub fn fits(&self, text: &str) -> bool {
        self.fits_one(text, text.is_ascii())
    }

    /// True if any pattern matches the whole text.
    pub fn any_fits(patterns: &[Self], text: &str) -> bool {
        let is_ascii = text.is_ascii();
        patterns.iter().any(|pattern| pattern.fits_one(text, is_ascii))
    }

    /// Tests whether any pattern matches a machine by name or address, each if known. A known address does not decide a
    /// pattern of names, and a known name does not decide a pattern of addresses.
    pub(super) fn any_fits_machine(patterns: &[Self], name: Option<&str>, address: Option<IpAddr>) -> ConditionResult {
        if name.is_some_and(|name| Self::any_fits(patterns, name)) {
            return ConditionResult::True;
        }
        let reads_as = |kind: ReadsAs| move |pattern: &Self| pattern.reads_as == kind;
        let all_names = patterns.iter().all(reads_as(ReadsAs::Names));
        if name.is_some() && all_names {
            return ConditionResult::False;
        }
        match address {
            Some(address) if Self::any_fits(patterns, &address.to_canonical().to_string()) => ConditionResult::True,
            Some(_) if name.is_some() || patterns.iter().all(reads_as(ReadsAs::Address)) => ConditionResult::False,
            _ => ConditionResult::Unknown,
        }
    }

    /// The fast form requires ASCII on both sides, because some other characters have an ASCII counterpart in the other
    /// case.
    fn fits_one(&self, text: &str, is_ascii: bool) -> bool {
        match &self.plain {
            Some(plain) if is_ascii => plain.fits(text.as_bytes()),
            _ => self.whole.matches(text),
        }
    }

    /// True if this pattern provably matches every text that `other` matches; `false` proves nothing.
    pub fn covers(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        let (text, narrower) = (self.text(), other.text());
        // A `*` matches the other pattern's wildcards like any characters; a `?` could match a `*` as if it were one
        // character.
        !(text.contains('?') && narrower.contains(['*', '?'])) && self.fits(&narrower)
    }

    /// Returns the pattern as written, with repeated `*` collapsed into one.
    pub fn text(&self) -> String {
        self.whole.pattern()
    }
}

/// A single address, or all addresses with a common prefix.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Network {
    net: IpNet,
    first: IpAddr,
    last: IpAddr,
}

/// Omits the ends, which follow from the network.
impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Network").field(&self.net).finish()
    }
}

impl Network {
    /// Parses an address or CIDR block. Returns `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let address = || text.parse::<IpAddr>().ok().map(|address| IpNet::from(address.to_canonical()));
        text.parse::<IpNet>().ok().map(canonical).or_else(address).map(Self::from_net)
    }

    fn from_net(net: IpNet) -> Self {
        Self { net, first: net.network(), last: net.broadcast() }
    }

    /// True if `other` lies entirely in this network.
    pub fn covers(self, other: Self) -> bool {
        self.net.contains(&other.net)
    }

    /// True if the network contains the address. An IPv4-mapped IPv6 address equals its IPv4 address.
    pub fn holds(self, address: IpAddr) -> bool {
        Self::any_holds(&[self], address)
    }

    /// True if any of the networks contains the address.
    pub fn any_holds(networks: &[Self], address: IpAddr) -> bool {
        let address = address.to_canonical();
        networks.iter().any(|network| network.first <= address && address <= network.last)
    }

    /// Returns the network in CIDR notation.
    pub fn text(self) -> String {
        self.net.to_string()
    }
}

/// Maps IPv4-mapped IPv6 networks to IPv4 and clears host bits.
fn canonical(net: IpNet) -> IpNet {
    let mapped = match net.network() {
        IpAddr::V6(address) => address.to_ipv4_mapped().zip(net.prefix_len().checked_sub(96)),
        IpAddr::V4(_) => None,
    };
    mapped.and_then(|(address, length)| IpNet::new(address.into(), length).ok()).unwrap_or_else(|| net.trunc())
}
