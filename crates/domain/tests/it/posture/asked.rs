//! Tests each question with a correct, a wrong and an unreadable setup.

use domain::address::ContainerAddress;
use domain::decide::posture::{Question as Q, *};
use domain::policy::join::Tolerances;
use domain::record::notification::Severity::{Critical, Warning};
use domain::record::retention::Executor;

use crate::posture::told::*;
use crate::posture::world::*;

fn of(change: impl Fn(&mut Watched), question: Q) -> Check {
    let mut one = watched();
    change(&mut one);
    answer(&check_bastion(&one, &[one.clone()], now()), question)
}

macro_rules! asked {
    ($($name:ident $question:ident: [$($change:expr => $severity:ident $evidence:literal $fix:literal),* $(,)?] hidden $hide:expr => $because:literal;)+) => {
        $(
            #[test]
            fn $name() {
                is_good(&of(|_| {}, Q::$question));
                $(is_finding(&of($change, Q::$question), $severity, $evidence, $fix);)*
                is_not_checked(&of($hide, Q::$question), $because);
            }
        )+
    };
}

fn service(one: &mut Watched) -> &mut ServiceFacts {
    let MaybeKnown::Read(service) = &mut one.service else { panic!("not read") };
    service
}

fn rule(one: &mut Watched) -> &mut CorsRule {
    &mut service(one).cors[0]
}

fn account_of(one: &mut Watched) -> &mut AccountFacts {
    let MaybeKnown::Read(Some(account)) = &mut one.account else {
        panic!("not read")
    };
    account
}

fn container_of(one: &mut Watched) -> &mut ContainerFacts {
    let MaybeKnown::Read(Some(container)) = &mut one.container else {
        panic!("not read")
    };
    container
}

fn host_of(one: &mut Watched) -> &mut BastionFacts {
    let MaybeKnown::Read(Some(host)) = &mut one.host else { panic!("not read") };
    host
}

fn audit_of(one: &mut Watched) -> &mut AuditFacts {
    one.audit.as_mut().unwrap()
}

fn setting_of(one: &mut Watched) -> &mut DiagnosticSetting {
    let MaybeKnown::Read(settings) = &mut audit_of(one).settings else {
        panic!("not read")
    };
    &mut settings[0]
}

fn events_of(one: &mut Watched) -> &mut EventSubscription {
    let MaybeKnown::Read(events) = &mut one.events else { panic!("not read") };
    &mut events[0]
}

fn deleting(tags: &[(&str, &str)], prefix: &str) -> MaybeKnown<Vec<LifecycleRule>> {
    read(vec![LifecycleRule {
        name: "old".to_owned(),
        is_enabled: true,
        deletes: true,
        prefixes: if prefix.is_empty() { Vec::new() } else { vec![prefix.to_owned()] },
        tags: tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
    }])
}

asked! {
    a_container_must_be_there ContainerExists: [
        |one| one.container = read(None) => Critical "no such container" "az storage container create",
    ] hidden |one| (one.container, one.content) = (unread(), unread()) => "may not read";

    a_container_must_not_be_open_to_anybody ContainerPrivate: [
        |one| container_of(one).public_access = Some("blob".to_owned()) => Critical "requires no sign-in" "--public-access off",
    ] hidden |one| one.container = read(None) => "no such container";

    versioning_must_be_off ContainerVersioning: [
        |one| service(one).is_versioned = read(true) => Warning "does not support" "--enable-versioning false",
    ] hidden |one| service(one).is_versioned = unread() => "may not read";

    a_container_must_not_be_immutable ContainerImmutability: [
        |one| container_of(one).is_immutable = true => Critical "immutability policy" "immutability-policy delete",
        |one| container_of(one).has_legal_hold = true => Critical "legal hold of storage" "archivist hold place",
    ] hidden |one| one.container = unread() => "may not read";

    an_account_must_be_flat ContainerNamespace: [
        |one| account_of(one).is_hierarchical = true => Critical "no tags" "portal",
    ] hidden |one| one.account = unread() => "may not read";

    soft_delete_is_noted ContainerSoftDelete: [] hidden |one| one.service = unread() => "may not read";

    a_container_is_in_the_region_of_its_bastion ContainerRegion: [
        |one| account_of(one).location = "northeurope".to_owned() => Warning "northeurope" "West Europe",
    ] hidden |one| one.host = unread() => "may not read";

    only_recordings_are_in_the_container ContainerContent: [
        |one| one.content = read(ContentFacts { seen: 9, foreign: vec!["notes.txt".to_owned()], foreign_count: 1, ..ContentFacts::default() })
            => Warning "notes.txt" "container of its own",
    ] hidden |one| one.content = unread() => "may not read";

    a_name_near_its_last_suffix_is_found ContainerSuffixes: [
        |one| one.content = read(ContentFacts { seen: 9, suffixes: vec![("vm-ann".to_owned(), 231)], ..ContentFacts::default() })
            => Warning "vm-ann is at .231" "archivist retention plan",
    ] hidden |one| one.content = unread() => "may not read";

    the_player_uses_get CorsMethod: [
        |one| rule(one).methods = vec!["PUT".to_owned()] => Warning "not GET" "--methods GET",
    ] hidden |one| service(one).cors.clear() => "no rule is for the bastion's origin";

    the_player_sends_headers CorsHeaders: [
        |one| rule(one).headers.clear() => Warning "no header" "--allowed-headers '*'",
        |one| rule(one).headers = vec!["x-ms-version".to_owned()] => Warning "x-ms-version" "--allowed-headers '*'",
    ] hidden |one| one.service = unread() => "may not read";

    browsers_remember_the_rule_for_a_day CorsMaxAge: [
        |one| rule(one).max_age = 200 => Warning "200 s" "--max-age 86400",
    ] hidden |one| one.service = unread() => "may not read";

    whoever_plays_a_recording_must_reach_the_account NetworkReach: [
        |one| (account_of(one).lets_all_networks_in, account_of(one).network_rules) = (false, 2)
            => Warning "from 2 networks named in rules" "network-rule add",
        |one| (account_of(one).is_public_network_on, account_of(one).private_endpoints) = (false, 1)
            => Warning "Unable to fetch blobs\"; recordings can be played through 1 private endpoints" "from such a network",
        |one| (account_of(one).is_public_network_on, account_of(one).lets_services_in) = (false, false)
            => Warning "from nowhere; trusted services" "--bypass AzureServices",
    ] hidden |one| one.account = unread() => "may not read";

    an_identity_needs_its_role AccessRole: [
        |one| one.roles = read(vec![]) => Critical "no role" "--assignee-object-id P-1",
        |one| host_of(one).principals.clear() => Critical "no identity" "portal > bastion > Identity",
    ] hidden |one| one.roles = unread() => "may not read";

    only_premium_records BastionSku: [
        |one| host_of(one).sku = "Standard".to_owned() => Critical "Standard" "--sku Premium",
        |one| one.host = read(None) => Critical "no bastion with this resource id" "resource_id",
    ] hidden |one| one.host = unread() => "may not read";

    recording_must_be_on BastionRecording: [
        |one| host_of(one).records = false => Critical "nothing is recorded" "--session-recording true",
    ] hidden |one| one.host = unread() => "may not read";

    a_bastion_records_into_the_configured_container BastionContainer: [
        |one| host_of(one).container_url = Some("https://other.blob.core.windows.net/recordings?sig=x".to_owned())
            => Critical "into https://other.blob.core.windows.net/recordings, but" "archivist.yaml",
    ] hidden |one| host_of(one).container_url = None => "--sas-stdin";

    a_container_is_for_one_bastion BastionShared: [
        |one| one.neighbours = read(vec![BastionFacts { id: HUB.replace("bas-hub-01", "bas-dev"), ..host() }])
            => Warning "bas-dev" "a container of its own",
    ] hidden |one| one.neighbours = unread() => "may not read";

    native_clients_are_not_recorded BastionNativeClient: [
        |one| host_of(one).lets_native_clients_in = true => Warning "never recorded" "--enable-tunneling false",
    ] hidden |one| one.host = unread() => "may not read";

    a_diagnostic_setting_sends_the_log AuditSetting: [
        |one| audit_of(one).settings = read(vec![]) => Critical "no diagnostic setting sends" "diagnostic-settings create",
        |one| setting_of(one).account_id = None => Critical "to storage" "diagnostic-settings create",
        |one| setting_of(one).account_id = Some(ACCOUNT.to_owned()) => Critical "stbastionrec01, but staudit01 is configured" "audit_logs",
        |one| setting_of(one).categories = vec!["AllMetrics".to_owned()] => Critical "no diagnostic setting" "create",
    ] hidden |one| audit_of(one).settings = unread() => "may not read";

    a_log_goes_to_its_own_region AuditRegion: [
        |one| host_of(one).location = "eastus".to_owned() => Warning "the bastion in eastus" "eastus",
    ] hidden |one| audit_of(one).account = read(None) => "not visible";

    the_container_of_the_log_must_be_there AuditContainer: [
        |one| audit_of(one).container_exists = read(false) => Warning "does not exist" "diagnostic-settings create",
    ] hidden |one| audit_of(one).container_exists = unread() => "may not read";

    a_log_that_has_stopped_is_found AuditNewest: [
        |one| audit_of(one).newest_record = read(Some(at("2026-02-27T09:00:00Z"))) => Critical "has stopped" "create",
        |one| (audit_of(one).newest_record, audit_of(one).newest_recording) = (read(None), read(Some(at("2026-02-01T00:00:00Z"))))
            => Critical "newest record none" "create",
    ] hidden |one| (audit_of(one).newest_record, audit_of(one).newest_recording) = (read(None), read(None)) => "neither";

    events_of_recordings_must_come OwnRecordingEvents: [
        |one| one.events = read(vec![]) => Warning "no subscription" "--subject-begins-with /blobServices/default/containers/recordings/",
        |one| events_of(one).types = vec!["Microsoft.Storage.BlobCreated".to_owned()] => Warning "BlobDeleted" "BlobTierChanged",
        |one| events_of(one).begins_with = "/blobServices/default/containers/recordings2/".to_owned() => Warning "no subscription" "--storage-queue-msg-ttl -1 --deadletter-endpoint STATE_ACCOUNT_ID/blobServices/default/containers/dead-letters",
        |one| events_of(one).ends_with = ".mp4".to_owned() => Warning "no subscription" "azd provision --no-state, if the templates made it",
        |one| events_of(one).is_provisioned = false => Warning "brings no" "create",
    ] hidden |one| one.events = unread() => "may not read";

    events_of_audit_logs_must_come OwnAuditEvents: [
        |one| audit_of(one).events = read(vec![]) => Warning "audit-log-events" "az eventgrid",
    ] hidden |one| one.audit = None => "no audit log";

    tags_must_be_read_and_written OwnTags: [
        |one| one.tags = read(TagTrial::Refused("403".to_owned())) => Critical "403" "tags/write",
    ] hidden |one| one.tags = read(TagTrial::NothingThere) => "no recording";

    no_rule_deletes_past_the_guards OwnLifecycle: [
        |one| one.lifecycle = deleting(&[], "") => Critical "old deletes" "archivist policy lifecycle",
        |one| one.lifecycle = deleting(&[("bsr-class", "brief")], "recordings/") => Critical "ignoring holds" "lifecycle",
        |one| one.lifecycle = deleting(&[("bsr-state", "due")], "recordings/vm-") => Critical "ignoring holds" "lifecycle",
    ] hidden |one| one.lifecycle = unread() => "may not read";
}

#[test]
fn groups_of_categories_hold_the_audit_log() {
    for group in ["audit", "allLogs"] {
        let check = of(
            |one| (setting_of(one).categories, setting_of(one).groups) = (vec![], vec![group.to_owned()]),
            Q::AuditSetting,
        );
        is_good(&check);
    }
}

#[test]
fn rules_of_other_containers_cause_no_finding() {
    for rules in [deleting(&[], "logs/"), deleting(&[], "recordings2/"), read(vec![])] {
        is_good(&of(|one| one.lifecycle = rules.clone(), Q::OwnLifecycle));
    }
}

#[test]
fn a_lifecycle_rule_must_exist_exactly_if_the_policy_uses_it() {
    let guarded = [("bsr-state", "due"), ("bsr-hold", "none")];
    let narrowed = [("bsr-state", "due"), ("bsr-hold", "none"), ("team", "red")];
    let of_all = deleting(&guarded, "recordings/");
    let switched_off = || {
        let MaybeKnown::Read(mut rules) = deleting(&guarded, "") else {
            unreachable!()
        };
        rules[0].is_enabled = false;
        read(rules)
    };
    let by = |by: Option<Executor>, rules: &MaybeKnown<Vec<LifecycleRule>>| {
        of(|one| (one.expected.deleted_by, one.lifecycle) = (by, rules.clone()), Q::OwnLifecycle)
    };
    let lifecycle = Some(Executor::Lifecycle);
    for rules in [&of_all, &deleting(&guarded, ""), &deleting(&guarded, "recordings")] {
        is_good(&by(lifecycle, rules));
        for other in [None, Some(Executor::Archivist)] {
            is_finding(&by(other, rules), Warning, "anyone who can write tags can delete", "policy lifecycle");
        }
    }
    let partial = [deleting(&guarded, "recordings/vm-"), deleting(&narrowed, ""), deleting(&guarded, "other/")];
    for rules in [read(vec![]), switched_off()].iter().chain(&partial) {
        is_finding(&by(lifecycle, rules), Warning, "nothing is ever deleted", "policy lifecycle --apply");
    }
    for any in [None, lifecycle, Some(Executor::Archivist)] {
        is_finding(&by(any, &deleting(&[], "")), Critical, "ignoring holds", "archivist policy lifecycle");
    }
    is_not_checked(&by(lifecycle, &unread()), "may not read");
}

#[test]
fn how_a_bastion_writes_must_be_said() {
    is_good(&of(|_| {}, Q::AccessKind));
    let not_said = |one: &mut Watched| one.expected.access = WriteAccess::NotStated;
    is_finding(&of(not_said, Q::AccessKind), Warning, "does not say", "recording_access");
    for question in [Q::AccessExpiry, Q::AccessRole] {
        is_not_checked(&of(not_said, question), "recording_access");
    }
    let here = |one: &mut Watched| (one.expected.access, one.expected.resource_id) = (WriteAccess::NotStated, None);
    is_not_checked(&of(here, Q::AccessKind), "on this machine");
}

#[test]
fn the_end_of_a_signature_is_counted_down() {
    let until = |text: &'static str| move |one: &mut Watched| one.expected.access = WriteAccess::SasUntil(at(text));
    is_good(&of(|_| {}, Q::AccessExpiry));
    is_good(&of(until("2027-03-02T00:00:00Z"), Q::AccessExpiry));
    is_finding(&of(until("2026-03-20T00:00:00Z"), Q::AccessExpiry), Warning, "in 17 days", "--sas-stdin");
    is_finding(&of(until("2026-03-04T00:00:00Z"), Q::AccessExpiry), Critical, "in 1 days", "sas_expires");
    is_finding(&of(until("2026-03-02T00:00:00Z"), Q::AccessExpiry), Critical, "refuses all connections", "portal");
}

#[test]
fn an_account_that_takes_no_keys_kills_a_signature() {
    let by_sas = |one: &mut Watched| one.expected.access = WriteAccess::SasUntil(at("2027-03-02T00:00:00Z"));
    is_good(&of(|_| {}, Q::AccessSharedKey));
    is_good(&of(by_sas, Q::AccessSharedKey));
    let refused = |one: &mut Watched| {
        by_sas(one);
        account_of(one).takes_keys = false;
    };
    is_finding(&of(refused, Q::AccessSharedKey), Critical, "invalid", "--allow-shared-key-access true");
    let hidden = |one: &mut Watched| {
        by_sas(one);
        one.account = unread();
    };
    is_not_checked(&of(hidden, Q::AccessSharedKey), "may not read");
    is_not_checked(&of(by_sas, Q::AccessKeys), "--sas-stdin");
}

#[test]
fn bastions_that_are_configured_for_one_container_are_found() {
    let mut dev = watched();
    dev.expected.bastion = "bas-dev-01".to_owned();
    dev.host = read(None);
    let check = answer(&check_bastion(&watched(), &[watched(), dev], now()), Q::BastionShared);
    is_finding(&check, Warning, "bas-dev-01", "container of its own");
    let silent = BastionFacts { id: HUB.replace("bas-hub-01", "bas-dev"), container_url: None, ..host() };
    is_not_checked(&of(|one| one.neighbours = read(vec![silent.clone()]), Q::BastionShared), "do not show");
}

#[test]
fn an_unconfigured_log_is_not_checked() {
    for question in [Q::AuditSetting, Q::AuditRegion, Q::AuditContainer, Q::AuditNewest] {
        is_not_checked(&of(|one| one.audit = None, question), "names no audit log");
    }
}

#[test]
fn a_correct_bastion_has_no_finding_and_every_question_is_asked() {
    let one = watched();
    let mut checks = check_bastions(std::slice::from_ref(&one), now());
    checks.extend(check_own(&own(), now()));
    for check in &checks {
        is_good(check);
    }
    let is_asked = |question: &&Q| checks.iter().any(|check| check.question == **question);
    let others: Vec<&str> =
        Q::ALL.iter().filter(|question| !is_asked(question)).map(|question| question.name()).collect();
    // The questions about a signature, and those that appear only with a finding.
    let of_a_signature = ["sas.container", "sas.permissions", "sas.https", "sas.start", "sas.expiry"];
    let only_where_something_is_wrong = ["own.configuration", "own.stores", "own.reach"];
    assert_eq!(others, [&of_a_signature[..], &only_where_something_is_wrong].concat());
}

#[test]
fn without_read_access_only_configured_checks_are_answered() {
    let mut one = watched();
    one.expected.access = WriteAccess::SasUntil(at("2027-01-01T00:00:00Z"));
    let Watched { expected, .. } = one;
    let audit = AuditFacts {
        settings: unread(),
        account: unread(),
        container_exists: unread(),
        newest_record: unread(),
        newest_recording: unread(),
        events: unread(),
    };
    let blind = Watched {
        expected,
        host: unread(),
        neighbours: unread(),
        account: unread(),
        service: unread(),
        container: unread(),
        content: unread(),
        policies: unread(),
        roles: unread(),
        lifecycle: unread(),
        events: unread(),
        tags: unread(),
        audit: Some(audit),
        access_log: unread(),
        habits: unread(),
        tolerances: Tolerances::default(),
    };
    let checks = check_bastions(&[blind], now());
    let known: Vec<&str> = checks
        .iter()
        .filter(|check| !matches!(check.result, CheckResult::NotChecked(_)))
        .map(|check| check.question.name())
        .collect();
    assert_eq!(known, ["access.kind", "access.expiry", "access.role"]);
}

#[test]
fn a_check_key_contains_its_subject() {
    let at = ContainerAddress::parse("stother", "recordings").unwrap();
    let here = of(|_| {}, Q::ContainerExists);
    let there = of(|one| one.expected.recordings = at.clone(), Q::ContainerExists);
    assert_ne!(here.key(), there.key());
}
