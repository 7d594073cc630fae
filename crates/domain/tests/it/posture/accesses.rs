//! Tests of the log of accesses.

use domain::decide::posture::{Question as Q, *};
use domain::record::notification::Severity::{Info, Warning};

use crate::posture::told::*;
use crate::posture::world::*;

fn of(change: impl Fn(&mut Watched)) -> Check {
    let mut one = watched();
    change(&mut one);
    answer(&check_bastion(&one, &[one.clone()], now()), Q::AccessLogSetting)
}

fn access_setting_of(one: &mut Watched) -> &mut DiagnosticSetting {
    let MaybeKnown::Read(settings) = &mut one.access_log else {
        panic!("not read")
    };
    &mut settings[0]
}

#[test]
fn accesses_must_be_sent_to_the_configured_account() {
    is_good(&of(|_| {}));
    let none = of(|one| one.access_log = read(vec![]));
    is_finding(
        &none,
        Warning,
        "no diagnostic setting sends the accesses of stbastionrec01",
        "diagnostic-settings create",
    );
    let nowhere = of(|one| access_setting_of(one).account_id = None);
    is_finding(&nowhere, Warning, "to storage", "--name staudit01 --query id");
    let other = Some(ACCOUNT.replace("stbastionrec01", "stother"));
    let elsewhere = of(|one| access_setting_of(one).account_id = other.clone());
    is_finding(&elsewhere, Warning, "to stother, but staudit01 is configured", "access_logs");
    let partly = of(|one| drop(access_setting_of(one).categories.pop()));
    is_finding(&partly, Warning, "sends StorageDelete to staudit01", "StorageDelete");
    is_not_checked(&of(|one| one.access_log = unread()), "may not read");
}

#[test]
fn accesses_of_one_log_can_come_from_several_settings() {
    let divided = |one: &mut Watched| {
        let all = access_setting_of(one).clone();
        let each = all
            .categories
            .iter()
            .map(|category| DiagnosticSetting { categories: vec![category.clone()], ..all.clone() });
        one.access_log = read(each.collect());
    };
    is_good(&of(divided));
    for group in ["audit", "allLogs"] {
        let grouped = |one: &mut Watched| {
            let setting = access_setting_of(one);
            (setting.categories, setting.groups) = (vec![], vec![group.to_owned()]);
        };
        is_good(&of(grouped));
    }
}

#[test]
fn a_bastion_without_access_logs_is_only_informed() {
    let without = |one: &mut Watched| one.expected.access_logs = None;
    let named = of(without);
    is_finding(&named, Info, "setting accesses sends accesses to staudit01", "access_logs of the bastion: staudit01");
    assert!(named.is_finding() && !named.needs_fix());
    for settings in [read(vec![]), unread()] {
        let absent = |one: &mut Watched| (one.expected.access_logs, one.access_log) = (None, settings.clone());
        is_finding(&of(absent), Info, "the log is optional", "--name stbastionrec01 --query id");
    }
    let here = |one: &mut Watched| (one.expected.access_logs, one.expected.resource_id) = (None, None);
    is_not_checked(&of(here), "on this machine");
}
