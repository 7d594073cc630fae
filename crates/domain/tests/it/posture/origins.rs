//! Tests the origin of a CORS rule, with common mistakes.

use domain::decide::posture::{Question as Q, *};
use domain::record::notification::Severity::Warning;

use crate::posture::world::*;

fn with(origins: &[&str]) -> Check {
    let mut one = watched();
    let rule = CorsRule { origins: origins.iter().map(|origin| (*origin).to_owned()).collect(), ..cors() };
    one.service = read(ServiceFacts { cors: vec![rule], is_versioned: read(false), soft_delete_days: None });
    answer(&check_bastion(&one, &[one.clone()], now()), Q::CorsOrigin)
}

#[test]
fn the_exact_origin_and_that_of_all_bastions_are_right() {
    for origin in [ORIGIN, "https://*.bastion.azure.com"] {
        assert_eq!(with(&["https://portal.contoso.example", origin]).result, CheckResult::Good, "{origin}");
    }
}

#[test]
fn each_origin_mistake_is_named() {
    for (origin, said) in [
        ("https://bst-9d89d361.bastion.azure.com/", "slash"),
        ("https://BST-9D89D361.bastion.azure.com", "upper and lower case"),
        ("https://bst-9d89d361.Bastion.Azure.com/", "upper and lower case"),
        ("http://bst-9d89d361.bastion.azure.com", "http://"),
        ("http://*.bastion.azure.com", "http://"),
        ("*", "every page may read"),
        ("https://bst-00000000.bastion.azure.com", "no rule is for https://bst-9d89d361"),
        ("https://bst-9d89d361.bastion.azure.com.evil.example", "no rule"),
        ("", "no rule"),
    ] {
        let check = with(&[origin]);
        assert_eq!(check.result, CheckResult::Finding(Warning), "{origin}");
        assert!(check.evidence.contains(said), "{origin}: {}", check.evidence);
        assert!(check.fix.unwrap().contains(&format!("--origins {ORIGIN} ")), "{origin}");
    }
    assert!(with(&[]).is_finding());
}

#[test]
fn the_best_fitting_rule_is_judged() {
    let mut one = watched();
    let slash = CorsRule { origins: vec![format!("{ORIGIN}/")], methods: vec![], ..cors() };
    one.service = read(ServiceFacts { cors: vec![slash, cors()], is_versioned: read(false), soft_delete_days: None });
    let checks = check_bastion(&one, &[one.clone()], now());
    for question in [Q::CorsOrigin, Q::CorsMethod] {
        assert_eq!(answer(&checks, question).result, CheckResult::Good);
    }
}

#[test]
fn without_the_bastion_its_origin_is_not_known() {
    let mut one = watched();
    one.host = unread();
    let checks = check_bastion(&one, &[one.clone()], now());
    for question in [Q::CorsOrigin, Q::CorsMethod, Q::CorsHeaders, Q::CorsMaxAge] {
        assert_eq!(answer(&checks, question).result, CheckResult::NotChecked(FORBIDDEN.to_owned()));
    }
}
