//! Which addresses may be called.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether receivers on this machine may be called, over plain HTTP too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Loopback {
    /// They may not.
    #[default]
    Refused,
    /// They may, by loopback address or by the name `localhost`: for tests and for a local run.
    Allowed,
}

/// Says for a host and each of its addresses whether it may be called.
#[derive(Debug, Clone)]
pub struct AddressGuard {
    loopback: Loopback,
    allowed_hosts: BTreeSet<String>,
}

impl AddressGuard {
    /// A guard that lets the named hosts have any address, and all others only public ones.
    pub fn new(loopback: Loopback, allowed_hosts: impl IntoIterator<Item = String>) -> Self {
        Self { loopback, allowed_hosts: allowed_hosts.into_iter().map(|host| canonical(&host)).collect() }
    }

    /// Whether this host may be called at this address. `host` is a name, or the address as it stands in a URL.
    pub fn permits(&self, host: &str, address: IpAddr) -> bool {
        let host = canonical(host);
        is_public(address)
            || self.allowed_hosts.contains(&host)
            || (address.to_canonical().is_loopback() && self.permits_plain_http(&host))
    }

    /// Whether this host may be called without TLS.
    pub fn permits_plain_http(&self, host: &str) -> bool {
        self.loopback == Loopback::Allowed && is_this_machine(&canonical(host))
    }
}

/// Whether an address belongs to the public internet: not private, local, reserved, multicast, for documentation,
/// a cloud platform's own, or IPv6 that hides an IPv4 address.
pub fn is_public(address: IpAddr) -> bool {
    // An IPv4-mapped address is called as the IPv4 address in it.
    match address.to_canonical() {
        IpAddr::V4(address) => !NOT_PUBLIC_V4.iter().any(|&(net, bits)| in_v4(address, net, bits)),
        IpAddr::V6(address) => {
            in_v6(address, GLOBAL_UNICAST.0, GLOBAL_UNICAST.1)
                && !NOT_PUBLIC_V6.iter().any(|&(net, bits)| in_v6(address, net, bits))
        }
    }
}

const NOT_PUBLIC_V4: [(Ipv4Addr, u32); 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),          // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),         // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),      // carrier-grade NAT
    (Ipv4Addr::new(127, 0, 0, 0), 8),        // loopback
    (Ipv4Addr::new(168, 63, 129, 16), 32),   // Azure platform
    (Ipv4Addr::new(169, 254, 0, 0), 16),     // link-local, with the metadata service
    (Ipv4Addr::new(172, 16, 0, 0), 12),      // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),       // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),       // documentation
    (Ipv4Addr::new(192, 88, 99, 0), 24),     // 6to4 relays
    (Ipv4Addr::new(192, 168, 0, 0), 16),     // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),      // benchmarking
    (Ipv4Addr::new(198, 51, 100, 0), 24),    // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),     // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),        // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),        // reserved
    (Ipv4Addr::new(255, 255, 255, 255), 32), // broadcast
];

/// All that is ever public in IPv6. Loopback, link-local, unique local, multicast, NAT64, discard-only and segment
/// routing addresses lie outside.
const GLOBAL_UNICAST: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

const NOT_PUBLIC_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments, with Teredo
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

fn in_v4(address: Ipv4Addr, net: Ipv4Addr, bits: u32) -> bool {
    (address.to_bits() ^ net.to_bits()) >> (32 - bits) == 0
}

fn in_v6(address: Ipv6Addr, net: Ipv6Addr, bits: u32) -> bool {
    (address.to_bits() ^ net.to_bits()) >> (128 - bits) == 0
}

/// A host as it is compared: lower case, no brackets, no full stop at the end.
fn canonical(host: &str) -> String {
    host.trim_end_matches('.').trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase()
}

fn is_this_machine(canonical: &str) -> bool {
    canonical == "localhost" || canonical.parse().is_ok_and(|address: IpAddr| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_and_last_address_of_every_special_range_is_not_public() {
        let ranges = include_str!("../tests/fixtures/special_ranges.txt");
        let lines = ranges.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        for line in lines {
            for address in line.split_whitespace().take(2) {
                assert!(!is_public(ip(address)), "{line}");
            }
        }
    }

    #[test]
    fn the_neighbours_of_special_ranges_are_public() {
        let neighbours = [
            "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
            "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0",
            "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
            "223.255.255.255", "2001:200::", "2001:db7:ffff::", "2001:db9::", "2003::", "2606:4700::1111",
            "3ffe:ffff::", "3fff:1000::",
        ];
        for address in neighbours {
            assert!(is_public(ip(address)), "{address}");
        }
    }

    #[test]
    fn a_host_allowed_by_name_may_have_any_address_and_no_other_host_may() {
        let guard = AddressGuard::new(Loopback::Refused, ["Siem.Example".to_owned(), "10.1.2.3".to_owned()]);
        assert!(guard.permits("siem.example", ip("10.0.0.1")));
        assert!(guard.permits("siem.example.", ip("10.0.0.1")));
        assert!(guard.permits("10.1.2.3", ip("10.1.2.3")));
        assert!(!guard.permits("siem.example.net", ip("10.0.0.1")));
        assert!(!guard.permits("10.1.2.4", ip("10.1.2.4")));
        assert!(!guard.permits_plain_http("siem.example"));
    }

    #[test]
    fn this_machine_is_called_only_where_loopback_is_allowed() {
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

    proptest! {
        #[test]
        fn an_ipv4_address_is_judged_the_same_when_mapped_into_ipv6(bits: u32) {
            let address = Ipv4Addr::from_bits(bits);
            prop_assert_eq!(is_public(IpAddr::V4(address)), is_public(IpAddr::V6(address.to_ipv6_mapped())));
        }

        #[test]
        fn no_ipv6_address_outside_global_unicast_is_public(bits: u128) {
            let outside = Ipv6Addr::from_bits(bits | 1 << 127);
            prop_assert!(!is_public(IpAddr::V6(outside)));
        }

        #[test]
        fn no_way_to_hide_an_ipv4_address_in_ipv6_is_public(bits: u32, low: u64) {
            let v4 = u128::from(bits);
            let nat64 = 0x0064_ff9b << 96 | v4;
            let local_nat64 = 0x0064_ff9b_0001 << 80 | v4;
            let six_to_four = 0x2002 << 112 | v4 << 80 | u128::from(low);
            let teredo = 0x2001 << 112 | v4 << 64 | u128::from(low);
            let compatible = v4;
            for hidden in [nat64, local_nat64, six_to_four, teredo, compatible] {
                prop_assert!(!is_public(IpAddr::V6(Ipv6Addr::from_bits(hidden))));
            }
        }
    }
}
