//! Asserts the form of answers.

use domain::decide::posture::*;
use domain::record::notification::Severity;

pub fn is_good(check: &Check) {
    assert!(check.result == CheckResult::Good && !check.evidence.is_empty() && check.fix.is_none(), "{check:?}");
}

pub fn is_finding(check: &Check, severity: Severity, evidence: &str, fix: &str) {
    assert_eq!(check.result, CheckResult::Finding(severity), "{check:?}");
    assert!(check.evidence.contains(evidence), "{evidence:?} in {:?}", check.evidence);
    assert!(check.fix.as_ref().is_some_and(|mends| mends.contains(fix)), "{fix:?} in {:?}", check.fix);
}

pub fn is_not_checked(check: &Check, because: &str) {
    let CheckResult::NotChecked(why) = &check.result else { panic!("{check:?}") };
    assert!(why.contains(because) && check.fix.is_none(), "{because:?} in {why:?}");
}
