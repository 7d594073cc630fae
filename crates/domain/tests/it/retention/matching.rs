//! Tests patterns and networks.

use core::net::{IpAddr, Ipv4Addr};

use domain::policy::matcher::{Condition, ConditionResult, Facts, Network, Pattern, Test, TextFact};
use proptest::prelude::*;

use crate::retention::naive;

proptest! {
    #[test]
    fn a_pattern_agrees_with_a_naive_matcher(pattern in "[abAé ßK*?]{0,6}", text in "[abAÉßSk*?]{0,8}") {
        prop_assert_eq!(Pattern::any_case(&pattern).fits(&text), naive::fits(&pattern, &text, true));
        prop_assert_eq!(Pattern::exact_case(&pattern).fits(&text), naive::fits(&pattern, &text, false));
    }

    #[test]
    fn a_network_holds_the_addresses_that_begin_with_the_same_bits(network: u32, length in 0..=32_u32, address: u32, flip in 0..32_u32) {
        let near = network ^ (1 << flip);
        let parsed = Network::parse(&format!("{}/{length}", Ipv4Addr::from(network))).unwrap();
        let mapped = Network::parse(&format!("::ffff:{}/{}", Ipv4Addr::from(network), 96 + length)).unwrap();
        for address in [address, near, network] {
            let same_bits = length == 0 || network >> (32 - length) == address >> (32 - length);
            let address = Ipv4Addr::from(address);
            prop_assert_eq!(parsed.holds(IpAddr::V4(address)), same_bits);
            prop_assert_eq!(parsed.holds(IpAddr::V6(address.to_ipv6_mapped())), same_bits);
            prop_assert_eq!(mapped.holds(IpAddr::V4(address)), same_bits);
        }
    }
}

#[test]
fn case_does_not_count_beyond_ascii_either() {
    assert!(Pattern::any_case("MÜLLER*").fits("müller@contoso.example"));
    assert!(Pattern::any_case("ΣΊΣΥΦΟΣ").fits("σίσυφοσ"));
    assert!(!Pattern::exact_case("MÜLLER*").fits("müller@contoso.example"));
    // One character never matches two.
    assert!(!Pattern::any_case("STRASSE").fits("straße"));
}

#[test]
fn a_machine_known_only_by_address_is_undecided() {
    let asked = |pattern: &str, name: Option<&str>, address: Option<&str>| {
        let test = Condition::Is(Test::Text(TextFact::Machine, vec![Pattern::any_case(pattern)]));
        let target_ip = address.map(|address| address.parse().unwrap());
        test.asked(&Facts { machine: name, target_ip, ..Facts::default() })
    };
    let (yes, no, unknown) = (ConditionResult::True, ConditionResult::False, ConditionResult::Unknown);
    for (pattern, name, address, answer) in [
        ("vm-*", None, Some("10.0.0.4"), unknown),
        ("vm-*", Some("vm-1"), None, yes),
        ("vm-*", Some("db-1"), None, no),
        ("10.0.0.4", None, Some("10.0.0.4"), yes),
        ("10.0.0.4", Some("vm-1"), Some("10.0.0.4"), yes),
        ("10.0.0.4", None, Some("10.0.0.5"), no),
        ("10.0.*", Some("vm-1"), Some("10.1.0.4"), no),
        ("10.0.*", Some("vm-1"), None, unknown),
        ("*", None, Some("10.0.0.4"), yes),
        ("vm-1", None, None, unknown),
    ] {
        assert_eq!(asked(pattern, name, address), answer, "{pattern} of {name:?} {address:?}");
    }
}

#[test]
fn a_question_mark_matches_one_character_of_any_length() {
    assert!(Pattern::any_case("m?ller").fits("müller") && Pattern::any_case("?").fits("\u{1f600}"));
    assert!(!Pattern::any_case("m?ller").fits("mller") && !Pattern::any_case("?").fits("e\u{301}"));
}

#[test]
fn a_pattern_means_the_whole_text() {
    let fits = |pattern: &str, text: &str| Pattern::any_case(pattern).fits(text);
    assert!(fits("", "") && !fits("", "a") && fits("*", "") && fits("*", "a b") && fits("**", "a"));
    assert!(!fits("vm", "vm-1") && !fits("1", "vm-1") && fits("vm*", "vm") && fits("*ab", "aab") && !fits("?*", ""));
    assert!(fits("[a]", "[A]") && !fits("[a]", "a") && fits(".", ".") && !fits(".", "a") && fits("\\*", "\\b"));
}

#[test]
fn a_hostile_pattern_costs_little() {
    let pattern = format!("{}b", "a*".repeat(40));
    assert!(!Pattern::any_case(&pattern).fits(&"a".repeat(20_000)));
}

#[test]
fn an_address_is_the_network_of_itself() {
    let holds = |network: &str, address: &str| Network::parse(network).unwrap().holds(address.parse().unwrap());
    assert!(holds("10.1.2.3", "10.1.2.3") && !holds("10.1.2.3", "10.1.2.4"));
    assert!(holds("::ffff:10.1.2.3", "10.1.2.3") && holds("2001:db8::/32", "2001:db8:1::1"));
    assert!(!holds("2001:db8::/32", "10.1.2.3") && !holds("0.0.0.0/0", "2001:db8::1"));
    // Host bits are ignored.
    assert!(holds("10.1.2.3/8", "10.200.0.1"));
    assert_eq!(Network::parse("10.1.2.3/8").unwrap(), Network::parse("10.0.0.0/8").unwrap());
}

#[test]
fn an_invalid_address_is_no_network() {
    for text in [
        "", "10.0.0", "10.0.0.0/33", "10.0.0.256", "10.0.0.0/", "vm-1", "10.0.0.0-10.0.0.9", " 10.0.0.1",
        "fe80::1%eth0",
    ] {
        assert_eq!(Network::parse(text), None, "{text}");
    }
}

#[test]
fn a_network_covers_those_within() {
    let covers = |wide: &str, narrow: &str| Network::parse(wide).unwrap().covers(Network::parse(narrow).unwrap());
    assert!(
        covers("10.0.0.0/8", "10.1.0.0/16") && covers("10.0.0.0/8", "10.0.0.0/8") && covers("10.0.0.0/8", "10.1.1.1")
    );
    assert!(!covers("10.1.0.0/16", "10.0.0.0/8") && !covers("10.0.0.0/8", "11.0.0.0/16"));
}
