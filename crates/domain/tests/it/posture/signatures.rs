//! Tests a signature entered by a person: its permissions, and its secrecy in every output.

use domain::decide::posture::{Question as Q, *};
use domain::record::notification::Severity::{Critical, Warning};
use proptest::prelude::*;

use crate::posture::world::*;

const BASE: &str = "https://stbastionrec01.blob.core.windows.net/recordings?";
const FINE: &str =
    "sp=rcwl&st=2026-01-01T00:00:00Z&se=2027-06-30T08%3A00%3A00Z&spr=https&sv=2022-11-02&sr=c&sig=abc%2Bdef%3D";

fn parsed(query: &str) -> SharedAccess {
    SharedAccess::parse(&format!("{BASE}{query}")).unwrap()
}

fn checks(query: &str, change: impl Fn(&mut Watched)) -> Vec<Check> {
    let mut one = watched();
    change(&mut one);
    check_sas(&parsed(query), &one, now())
}

fn of(query: &str, question: Q) -> Check {
    answer(&checks(query, |_| {}), question)
}

fn without(part: &str) -> String {
    FINE.split('&').filter(|pair| !pair.starts_with(part)).collect::<Vec<_>>().join("&")
}

fn with(part: &str, value: &str) -> String {
    format!("{}&{part}={value}", without(&format!("{part}=")))
}

#[test]
fn a_signature_as_the_bastion_needs_it_has_no_finding() {
    for check in checks(FINE, |_| {}) {
        assert_eq!(check.result, CheckResult::Good, "{check:?}");
    }
}

#[test]
fn a_missing_permission_is_named() {
    for (permissions, missing) in
        [("rcw", "list"), ("rl", "create, write"), ("cwl", "read"), ("", "read, create, write, list")]
    {
        let check = of(&with("sp", permissions), Q::SasPermissions);
        assert_eq!(check.result, CheckResult::Finding(Critical));
        assert!(check.evidence.ends_with(missing), "{}", check.evidence);
    }
    assert_eq!(of(&with("sp", "racwdl"), Q::SasPermissions).result, CheckResult::Finding(Warning));
    assert_eq!(of(&with("sp", "racwl"), Q::SasPermissions).result, CheckResult::Good);
}

#[test]
fn a_signature_must_require_https() {
    for query in [without("spr="), with("spr", "https,http")] {
        assert_eq!(of(&query, Q::SasHttps).result, CheckResult::Finding(Warning));
    }
}

#[test]
fn a_signature_must_start_a_quarter_of_an_hour_ago() {
    for (start, is_good) in [
        ("2026-03-02T08:45:00Z", true),
        ("2026-03-02T08:46:00Z", false),
        ("2026-04-01", false),
        ("2026-01-01T00:00Z", true),
    ] {
        assert_eq!(of(&with("st", start), Q::SasStart).result == CheckResult::Good, is_good, "{start}");
    }
    assert_eq!(of(&without("st="), Q::SasStart).result, CheckResult::Good);
}

#[test]
fn the_expiry_of_a_signature_is_counted_down() {
    for (end, result) in [
        ("2026-03-02T09:00:00Z", CheckResult::Finding(Critical)),
        ("2026-03-05T09:00:00Z", CheckResult::Finding(Critical)),
        ("2026-03-20", CheckResult::Finding(Warning)),
        ("2026-06-20", CheckResult::Good),
    ] {
        assert_eq!(of(&with("se", end), Q::SasExpiry).result, result, "{end}");
    }
}

#[test]
fn a_signature_must_cover_the_configured_container() {
    for address in [
        "https://stbastionrec01.blob.core.windows.net/other?",
        "https://stother.blob.core.windows.net/recordings?",
        "https://stbastionrec01.blob.core.windows.net?ss=b&",
    ] {
        let sas = SharedAccess::parse(&format!("{address}{FINE}")).unwrap();
        let check = answer(&check_sas(&sas, &watched(), now()), Q::SasContainer);
        assert_eq!(check.result, CheckResult::Finding(Critical), "{address}");
    }
}

#[test]
fn a_key_newer_than_the_signature_start_invalidates_it() {
    let rotated = |keys: &[(&str, &str)]| {
        let keys: Vec<_> = keys.iter().map(|(key, made)| ((*key).to_owned(), at(made))).collect();
        let account = AccountFacts { keys, ..account("stbastionrec01") };
        answer(&checks(FINE, |one| one.account = read(Some(account.clone()))), Q::AccessKeys)
    };
    let (old, new) = ("2025-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    assert_eq!(rotated(&[("key1", old), ("key2", old)]).result, CheckResult::Good);
    let one = rotated(&[("key1", new), ("key2", old)]);
    assert_eq!(one.result, CheckResult::Finding(Warning));
    assert!(one.evidence.starts_with("key1 is newer"), "{}", one.evidence);
    assert_eq!(rotated(&[("key1", new), ("key2", new)]).result, CheckResult::Finding(Critical));
    assert!(matches!(rotated(&[]).result, CheckResult::NotChecked(_)));
    let hidden = answer(&checks(FINE, |one| one.account = unread()), Q::AccessKeys);
    assert_eq!(hidden.result, CheckResult::NotChecked(FORBIDDEN.to_owned()));
    assert!(matches!(of(&without("st="), Q::AccessKeys).result, CheckResult::NotChecked(_)));
    assert_eq!(of(&with("skoid", "x"), Q::AccessKeys).result, CheckResult::Finding(Warning));
}

#[test]
fn a_stored_policy_defines_end_and_permissions_of_its_signature() {
    let query = "si=bastion&spr=https&sr=c&sig=abc";
    let policy = |id: &str| StoredPolicy {
        id: id.to_owned(),
        start: Some(at("2026-01-01T00:00:00Z")),
        expiry: Some(at("2026-03-04T00:00:00Z")),
        permissions: Some("rcwl".to_owned()),
    };
    let known = checks(query, |one| one.policies = read(vec![policy("bastion")]));
    assert_eq!(answer(&known, Q::SasPermissions).result, CheckResult::Good);
    assert_eq!(answer(&known, Q::SasExpiry).result, CheckResult::Finding(Critical));
    for policies in [unread(), read(vec![policy("another")])] {
        let checks = checks(query, |one| one.policies = policies.clone());
        assert!(matches!(answer(&checks, Q::SasExpiry).result, CheckResult::NotChecked(_)));
    }
}

#[test]
fn an_invalid_signature_is_rejected_with_the_reason() {
    for (text, reason) in [
        ("", NotASas::NotAUrl),
        ("stbastionrec01", NotASas::NotAUrl),
        ("https://stbastionrec01.blob.core.windows.net/recordings", NotASas::NotAUrl),
        ("https://stbastionrec01.blob.core.windows.net/recordings?sp=rcwl&sr=c", NotASas::NoSignature),
        ("https://stbastionrec01.blob.core.windows.net/recordings?sr=b&sig=x", NotASas::OtherResource),
        (
            "https://stbastionrec01.blob.core.windows.net/recordings?sr=c&sig=x&se=tomorrow",
            NotASas::NoDate("expiry (se=)"),
        ),
    ] {
        assert_eq!(SharedAccess::parse(text), Err(reason), "{text}");
    }
}

proptest! {
    #[test]
    fn no_finding_shows_a_signature(
        signature in "[A-Za-z0-9]{24,44}",
        identifier in "[a-z]{0,3}[A-Z]{16}",
        permissions in "[racwdl]{0,6}",
        se in prop::sample::select(vec!["2026-03-05T09:00:00Z", "2027-03-05", "", "soon"]),
        broken in prop::option::of("[^&]{0,12}"),
    ) {
        let query = format!("sp={permissions}&st=2026-01-01&se={se}&sr=c&sig={signature}&ses={identifier}");
        let text = match broken {
            Some(broken) => format!("{broken}{query}"),
            None => format!("{BASE}{query}"),
        };
        let mut shown = match SharedAccess::parse(&text) {
            Ok(sas) => format!("{sas:?}{:?}", check_sas(&sas, &watched(), now())),
            Err(error) => format!("{error:?}{error}"),
        };
        shown.push_str(&format!("{:?}", SharedAccess::parse(&text)));
        prop_assert!(!shown.contains(&signature) && !shown.contains(&identifier), "{}", shown);
    }
}
