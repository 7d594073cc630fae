//! Decides which receivers may be called, by scheme and address.

mod ranges;

use core::net::IpAddr;
use std::collections::BTreeSet;

use thiserror::Error;

pub use ranges::{is_platforms_own, is_public};

/// Permission to call receivers on this machine, also over plain HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Loopback {
    /// Not permitted.
    #[default]
    Refused,
    /// Permitted by loopback address or by the name `localhost`: for tests and local runs.
    Allowed,
}

/// Reason why a receiver must not be called. Contains nothing of the URL but the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ForbiddenAddress {
    /// The URL does not use `https`.
    #[error("not an https URL")]
    NotHttps,
    /// The host has a forbidden address.
    #[error("address {0} is blocked by configuration: it is not public and not an allowed host, or the platform's own")]
    Blocked(IpAddr),
}

/// Decides for a host and each of its addresses if it may be called.
#[derive(Debug, Clone)]
pub struct AddressGuard {
    loopback: Loopback,
    allowed_hosts: BTreeSet<String>,
}

impl AddressGuard {
    /// Creates a guard. Allowed hosts may have any address except Azure platform addresses; all others only public
    /// addresses.
    pub fn new(loopback: Loopback, allowed_hosts: impl IntoIterator<Item = String>) -> Self {
        Self { loopback, allowed_hosts: allowed_hosts.into_iter().map(|host| canonical(&host)).collect() }
    }

    /// Returns true if the host may be called at this address. `host` is a name, or an address as written in a URL.
    pub fn permits(&self, host: &str, address: IpAddr) -> bool {
        let host = canonical(host);
        is_public(address)
            || (self.allowed_hosts.contains(&host) && !is_platforms_own(address))
            || (address.to_canonical().is_loopback() && self.permits_plain_http(&host))
    }

    /// Checks scheme and host of a URL. The addresses of a name are checked when it is called.
    ///
    /// # Errors
    /// Returns the reason if the URL must not be called.
    pub fn check(&self, scheme: &str, host: &str) -> Result<(), ForbiddenAddress> {
        if scheme != "https" && !(scheme == "http" && self.permits_plain_http(host)) {
            return Err(ForbiddenAddress::NotHttps);
        }
        match canonical(host).parse() {
            Ok(address) if !self.permits(host, address) => Err(ForbiddenAddress::Blocked(address)),
            _ => Ok(()),
        }
    }

    /// Returns true if the host may be called without TLS.
    pub fn permits_plain_http(&self, host: &str) -> bool {
        self.loopback == Loopback::Allowed && is_this_machine(&canonical(host))
    }
}

/// Returns the host in the form used for comparison: lower case, no brackets, no trailing dot.
fn canonical(host: &str) -> String {
    host.trim_end_matches('.').trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase()
}

fn is_this_machine(canonical: &str) -> bool {
    canonical == "localhost" || canonical.parse().is_ok_and(|address: IpAddr| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_host_allowed_by_name_may_resolve_to_any_address() {
        let guard = AddressGuard::new(Loopback::Refused, ["Siem.Example".to_owned(), "10.1.2.3".to_owned()]);
        assert!(guard.permits("siem.example", ip("10.0.0.1")));
        assert!(guard.permits("siem.example.", ip("10.0.0.1")));
        assert!(guard.permits("10.1.2.3", ip("10.1.2.3")));
        assert!(!guard.permits("siem.example.net", ip("10.0.0.1")));
        assert!(!guard.permits("10.1.2.4", ip("10.1.2.4")));
        assert!(!guard.permits_plain_http("siem.example"));
    }

    #[test]
    fn no_allowed_name_reaches_the_platform_addresses() {
        let platforms_own = [
            "169.254.169.254",
            "169.254.129.2",
            "168.63.129.16",
            "::ffff:169.254.169.254",
            "::ffff:168.63.129.16",
            "::169.254.169.254",
            "::ffff:0:169.254.169.254",
            "64:ff9b::169.254.169.254",
            "64:ff9b::168.63.129.16",
            "64:ff9b:1::169.254.169.254",
            "2002:a9fe:a9fe::1",
            "2002:a83f:8110::",
            "fe80::1",
        ];
        for address in platforms_own {
            let guard = AddressGuard::new(Loopback::Allowed, ["siem.example".to_owned(), address.to_owned()]);
            for host in ["siem.example", address, "localhost"] {
                assert!(!guard.permits(host, ip(address)), "{host} at {address}");
            }
        }
        let guard = AddressGuard::new(Loopback::Refused, ["siem.example".to_owned()]);
        for address in ["10.0.0.1", "168.63.129.17", "169.253.0.1", "100.64.0.1", "64:ff9b::10.0.0.1", "fd00::1"] {
            assert!(guard.permits("siem.example", ip(address)), "{address}");
        }
    }

    #[test]
    fn a_loopback_address_is_permitted_only_if_loopback_is_allowed() {
        let refusing = AddressGuard::new(Loopback::Refused, []);
        let allowing = AddressGuard::new(Loopback::Allowed, []);
        for (host, address) in [("127.0.0.1", "127.0.0.1"), ("[::1]", "::1"), ("localhost", "127.0.0.1")] {
            assert!(!refusing.permits(host, ip(address)), "{host}");
            assert!(!refusing.permits_plain_http(host), "{host}");
            assert!(allowing.permits(host, ip(address)), "{host}");
            assert!(allowing.permits_plain_http(host), "{host}");
        }
    }

    #[test]
    fn allowing_loopback_opens_neither_other_private_addresses_nor_other_names() {
        let guard = AddressGuard::new(Loopback::Allowed, []);
        assert!(!guard.permits("localhost", ip("169.254.169.254")));
        assert!(!guard.permits("10.0.0.1", ip("10.0.0.1")));
        assert!(!guard.permits("receiver.example", ip("127.0.0.1")));
        assert!(!guard.permits_plain_http("receiver.example"));
    }
}
