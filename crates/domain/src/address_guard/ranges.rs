use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Returns true if an address belongs to the public internet: not private, local, reserved, multicast, for
/// documentation, of a cloud platform, or IPv6 with an embedded IPv4 address.
pub fn is_public(address: IpAddr) -> bool {
    // An IPv4-mapped address is called as its IPv4 address.
    match address.to_canonical() {
        IpAddr::V4(address) => !NOT_PUBLIC_V4.iter().any(|&(net, bits)| in_v4(address, net, bits)),
        IpAddr::V6(address) => {
            in_v6(address, GLOBAL_UNICAST.0, GLOBAL_UNICAST.1)
                && !NOT_PUBLIC_V6.iter().any(|&(net, bits)| in_v6(address, net, bits))
        }
    }
}

/// Returns true if a cloud platform itself answers at the address, and gives tokens to callers on this machine:
/// link-local or Azure platform addresses, also embedded in IPv6. No receiver has such an address, so a name resolving
/// to one is suspicious even if it is allowed.
pub fn is_platforms_own(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => PLATFORM_V4.iter().any(|&(net, bits)| in_v4(address, net, bits)),
        IpAddr::V6(address) => {
            in_v6(address, LINK_LOCAL_V6.0, LINK_LOCAL_V6.1)
                || hidden_v4(address).is_some_and(|address| is_platforms_own(IpAddr::V4(address)))
        }
    }
}

/// Returns the IPv4 address finally reached by packets through a translator or a tunnel.
fn hidden_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let &(.., behind) = HIDES_V4.iter().find(|&&(net, bits, _)| in_v6(address, net, bits))?;
    Some(Ipv4Addr::from_bits((address.to_bits() >> behind) as u32))
}

const PLATFORM_V4: [(Ipv4Addr, u32); 2] = [
    (Ipv4Addr::new(168, 63, 129, 16), 32), // Azure platform
    (Ipv4Addr::new(169, 254, 0, 0), 16),   // link-local, with the metadata service and the identity of apps
];

const LINK_LOCAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10);

/// Prefix, its length, and the number of bits after the embedded IPv4 address.
const HIDES_V4: [(Ipv6Addr, u32, u32); 5] = [
    (Ipv6Addr::UNSPECIFIED, 96, 0),                         // IPv4-compatible
    (Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, 0, 0), 96, 0),    // IPv4-translated
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, 0), // NAT64
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, 0), // local NAT64
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, 80),   // 6to4
];

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

/// Contains every public IPv6 address. Loopback, link-local, unique local, multicast, NAT64, discard-only and segment
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_bounds_of_every_special_range_are_not_public() {
        let ranges = include_str!("../../tests/fixtures/special_ranges.txt");
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

    proptest! {
        #[test]
        fn a_platform_address_is_never_public(bits: u128, v4 in 0xa9fe_0000..=0xa9fe_ffffu32) {
            for address in [IpAddr::V6(Ipv6Addr::from_bits(bits)), IpAddr::V4(Ipv4Addr::from_bits(v4))] {
                prop_assert!(!(is_public(address) && is_platforms_own(address)), "{}", address);
            }
        }

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
            let translated = 0xffff << 48 | v4;
            for hidden in [nat64, local_nat64, six_to_four, teredo, compatible, translated] {
                prop_assert!(!is_public(IpAddr::V6(Ipv6Addr::from_bits(hidden))));
            }
        }
    }
}
