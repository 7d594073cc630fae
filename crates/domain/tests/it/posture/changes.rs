//! Tests the relevance and severity of changes.

use domain::address::AccountName;
use domain::decide::posture::{Question as Q, *};
use domain::record::notification::Severity::{Critical, Info, Warning};

use crate::posture::world::*;

fn change(resource: &str, act: ResourceOperation, operation: &str) -> ResourceChange {
    ResourceChange {
        id: "e1".to_owned(),
        resource: ResourceId::parse(resource).unwrap(),
        act,
        operation: operation.to_owned(),
        at: now(),
        by: None,
        from: None,
        correlation: None,
    }
}

fn concern(resource: &str, act: ResourceOperation, operation: &str) -> Option<Concern> {
    Concern::from_change(&change(resource, act, operation), &watched().expected)
}

fn below(resource: &str, rest: &str) -> String {
    format!("{resource}{rest}")
}

#[test]
fn a_relevant_resource_change_is_distinguished_from_others() {
    use ResourceOperation::{Action, Delete, Write};
    let audit = ACCOUNT.replace("stbastionrec01", "staudit01");
    for (resource, act, operation, expected) in [
        (HUB.to_uppercase(), Write, "Microsoft.Network/bastionHosts/write", Some(Concern::Bastion)),
        (HUB.to_owned(), Delete, "", Some(Concern::Bastion)),
        (
            HUB.to_owned(),
            Action,
            "Microsoft.Network/bastionHosts/setSessionRecordingSasUrl/action",
            Some(Concern::Signature),
        ),
        (HUB.to_owned(), Action, "Microsoft.Network/bastionHosts/getActiveSessions/action", None),
        (below(HUB, "2"), Write, "", None),
        (below(HUB, "/providers/microsoft.insights/diagnosticSettings/d"), Delete, "", Some(Concern::Diagnostics)),
        (below(HUB, "/providers/Microsoft.Authorization/locks/l"), Write, "", None),
        (ACCOUNT.to_owned(), Write, "", Some(Concern::Account)),
        (ACCOUNT.to_owned(), Action, "Microsoft.Storage/storageAccounts/regenerateKey/action", Some(Concern::Keys)),
        (ACCOUNT.to_owned(), Action, "Microsoft.Storage/storageAccounts/listKeys/action", None),
        (below(ACCOUNT, "/blobServices/default"), Write, "", Some(Concern::BlobService)),
        (
            below(ACCOUNT, "/blobServices/default/providers/Microsoft.Insights/diagnosticSettings/d"),
            Delete,
            "",
            Some(Concern::AccessLog),
        ),
        (below(ACCOUNT, "/queueServices/default/providers/Microsoft.Insights/diagnosticSettings/d"), Delete, "", None),
        (below(ACCOUNT, "/blobServices/default/containers/recordings"), Write, "", Some(Concern::Container)),
        (below(ACCOUNT, "/blobServices/default/containers/others"), Delete, "", None),
        (below(ACCOUNT, "/managementPolicies/default"), Write, "", Some(Concern::Lifecycle)),
        (below(ACCOUNT, "/privateEndpointConnections/p"), Write, "", Some(Concern::Account)),
        (below(ACCOUNT, "/providers/Microsoft.EventGrid/eventSubscriptions/e"), Delete, "", Some(Concern::Events)),
        (below(ACCOUNT, "/providers/Microsoft.Authorization/roleAssignments/r"), Delete, "", Some(Concern::Roles)),
        (below(ACCOUNT, "/queueServices/default"), Write, "", None),
        (audit.clone(), Delete, "", Some(Concern::Diagnostics)),
        (audit, Action, "Microsoft.Storage/storageAccounts/regenerateKey/action", None),
        (ACCOUNT.replace("stbastionrec01", "stother"), Write, "", None),
    ] {
        assert_eq!(concern(&resource, act, operation), expected, "{act:?} {resource} {operation}");
    }
}

fn severity(
    concern: Concern,
    act: ResourceOperation,
    spoil: impl Fn(&mut Watched),
) -> domain::record::notification::Severity {
    let mut one = watched();
    spoil(&mut one);
    let checks: Vec<Check> =
        check_bastion(&one, &[one.clone()], now()).into_iter().filter(|check| concern.asks(check.question)).collect();
    assert!(!checks.is_empty());
    concern.severity(act, one.expected.access, &checks)
}

#[test]
fn a_harmless_change_is_informational() {
    for concern in
        [Concern::Bastion, Concern::Account, Concern::BlobService, Concern::Lifecycle, Concern::Keys, Concern::Roles]
    {
        assert_eq!(severity(concern, ResourceOperation::Write, |_| {}), Info, "{concern:?}");
    }
}

#[test]
fn disabled_recording_is_critical() {
    let off = |one: &mut Watched| one.host = read(Some(BastionFacts { records: false, ..host() }));
    assert_eq!(severity(Concern::Bastion, ResourceOperation::Write, off), Critical);
    assert_eq!(severity(Concern::Bastion, ResourceOperation::Write, |one| one.host = unread()), Warning);
    assert_eq!(severity(Concern::Bastion, ResourceOperation::Delete, |one| one.host = unread()), Critical);
}

#[test]
fn a_new_key_under_a_signature_is_critical() {
    for access in [WriteAccess::SasUntil(at("2027-01-01T00:00:00Z")), WriteAccess::NotStated] {
        assert_eq!(severity(Concern::Keys, ResourceOperation::Action, |one| one.expected.access = access), Critical);
    }
}

#[test]
fn removed_diagnostics_are_critical_unless_another_setting_sends_the_log() {
    let settings = |settings: MaybeKnown<Vec<DiagnosticSetting>>| {
        severity(Concern::Diagnostics, ResourceOperation::Delete, |one| {
            one.audit.as_mut().unwrap().settings = settings.clone();
        })
    };
    assert_eq!(settings(read(vec![])), Critical);
    assert_eq!(settings(unread()), Critical);
    assert_eq!(severity(Concern::Diagnostics, ResourceOperation::Delete, |_| {}), Warning);
}

#[test]
fn a_removed_setting_for_accesses_is_a_warning() {
    for settings in [read(vec![]), unread()] {
        let spoil = |one: &mut Watched| one.access_log = settings.clone();
        assert_eq!(severity(Concern::AccessLog, ResourceOperation::Delete, spoil), Warning);
    }
    let of_accesses = below(ACCOUNT, "/blobServices/default/providers/Microsoft.Insights/diagnosticSettings/d");
    let removed = change(&of_accesses, ResourceOperation::Delete, "");
    let mut expected = watched().expected;
    expected.access_logs = None;
    assert_eq!(Concern::from_change(&removed, &expected), None, "nobody reads the log");
    (expected.audit_logs, expected.access_logs) = (None, AccountName::parse("stlogs01").ok());
    let gone = change(&ACCOUNT.replace("stbastionrec01", "stlogs01"), ResourceOperation::Delete, "");
    assert_eq!(Concern::from_change(&gone, &expected), Some(Concern::AccessLog));
}

#[test]
fn every_bastion_question_belongs_to_a_change() {
    let concerns = [
        Concern::Bastion,
        Concern::Signature,
        Concern::Diagnostics,
        Concern::AccessLog,
        Concern::Account,
        Concern::Keys,
        Concern::BlobService,
        Concern::Container,
        Concern::Lifecycle,
        Concern::Events,
        Concern::Roles,
    ];
    let checks = check_bastion(&watched(), &[watched()], now());
    let unasked: Vec<&str> = checks
        .iter()
        .map(|check| check.question)
        // The habits learned from recordings are unaffected by a change.
        .filter(|question| question.group() != Group::Matching)
        .filter(|question| !concerns.iter().any(|concern| concern.asks(*question)))
        .map(Q::name)
        .collect();
    assert_eq!(unasked, [""; 0]);
}
