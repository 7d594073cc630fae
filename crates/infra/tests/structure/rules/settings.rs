//! Rule: the template sets every app setting read by the app, except for listed ones, and no unread setting.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use configuration::state::HostStorage;
use regex_lite::Regex;

use crate::repository::Repository;
use crate::value::BicepValue;

const APP: &str = "infra/modules/function-app.bicep";

/// Settings read by other programs than the archivist.
const READ_BY_OTHERS: [(&str, &str); 2] = [
    ("APPLICATIONINSIGHTS_CONNECTION_STRING", "the host: where log lines go"),
    ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "the host: by which identity"),
];

/// Settings read by the archivist but unset in the template, with their default or reason.
const LEFT: [(&str, &str); 14] = [
    ("ARCHIVIST_CATALOGUE", "table, where the host's storage account is known"),
    ("ARCHIVIST_EXTRA_SUFFIXES", "every account that the template names is one of Azure"),
    ("AzureWebJobsStorage", "no connection string: endpoints and an identity"),
    ("AzureWebJobsStorage__accountName", "the endpoints contain it"),
    ("FUNCTIONS_CUSTOMHANDLER_PORT", "set by the host"),
    ("IDENTITY_ENDPOINT", "set by the platform"),
    ("NO_COLOR", "for people at a terminal"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "no traces are sent unless extraSettings has an endpoint"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "as above"),
    ("OTEL_SERVICE_NAME", "the app's name"),
    ("USER", "for people at a terminal"),
    ("USERNAME", "for people at a terminal"),
    ("WEBSITE_AUTH_ENABLED", "set by the platform"),
    ("WEBSITE_SITE_NAME", "set by the platform"),
];

/// Crates of the SDK that log requests and credentials at info.
const QUIET: &str = "  RUST_LOG: 'info,azure_core=warn,azure_identity=warn,typespec_client_core=warn'\n";

/// Settings refused or set by a plan of this kind.
const REFUSED: [&str; 6] = [
    "FUNCTIONS_WORKER_RUNTIME",
    "FUNCTIONS_EXTENSION_VERSION",
    "WEBSITE_RUN_FROM_PACKAGE",
    "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
    "WEBSITE_CONTENTSHARE",
    "AzureWebJobsStorage",
];

/// Compares the settings in the template with those the app reads.
pub fn check(repository: &Repository) -> Vec<String> {
    let set = set(repository);
    let mut findings: Vec<String> = set
        .iter()
        .filter(|name| REFUSED.contains(&name.as_str()))
        .map(|name| format!("{APP}: {name} fails the deployment"))
        .collect();
    let mut read = BTreeSet::new();
    read.extend(read_by_settings(repository));
    read.extend(read_by_host_storage());
    match read_by_configuration(repository, &set) {
        Ok(names) => read.extend(names),
        Err(problems) => findings.push(format!("infra/archivist.yaml, with what the template sets: {problems}")),
    }
    let left: BTreeSet<String> = LEFT.iter().map(|(name, _)| (*name).to_owned()).collect();
    let known: BTreeSet<String> = READ_BY_OTHERS.iter().map(|(name, _)| *name).map(str::to_owned).collect();
    for name in read.iter().filter(|name| !set.contains(*name) && !left.contains(*name)) {
        findings.push(format!("{APP}: the archivist reads {name}: set it, or give the reason why not"));
    }
    findings.extend(
        set.iter()
            .filter(|name| !read.contains(*name) && !known.contains(*name))
            .map(|name| format!("{APP}: no program reads {name}")),
    );
    findings.extend(
        left.iter()
            .filter(|name| !read.contains(*name))
            .map(|name| format!("settings.rs: {name} is left out, and no program reads it")),
    );
    if !repository.file(APP).contains("  EVENT_SOURCE: '/bastion-archivist/${name}'\n") {
        findings.push(format!(
            "{APP}: EVENT_SOURCE does not contain the app's name: two installations would look like one"
        ));
    }
    if !repository.file(APP).contains("  properties: union(extraSettings, hostSettings, ") {
        findings.push(format!("{APP}: a deployment deletes the settings of people, or theirs replace ours"));
    }
    if !repository.file(APP).contains(QUIET) {
        findings.push(format!("{APP}: the SDK logs each request"));
    }
    findings.extend(left.intersection(&set).map(|name| format!("settings.rs: {name} is left out and set")));
    findings.extend(known.difference(&set).map(|name| format!("{APP}: {name} is not set")));
    findings
}

/// Returns the keys of every variable whose name ends with `Settings`.
fn set(repository: &Repository) -> BTreeSet<String> {
    let Some(template) = repository.template(APP) else { return BTreeSet::new() };
    let variables = template
        .declarations
        .iter()
        .filter(|it| it.name.ends_with("Settings") && it.syntax.kind == "variable_declaration");
    let objects = variables.filter_map(|variable| match &variable.value {
        Some(BicepValue::Object(members)) => Some(members.iter().map(|(name, _)| name.clone())),
        _ => None,
    });
    objects.flatten().collect()
}

/// Returns the upper-case names in the code that reads the environment.
fn read_by_settings(repository: &Repository) -> BTreeSet<String> {
    let name = Regex::new(r#""([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)""#).unwrap();
    let place = repository.files.iter().filter(|(path, _)| path.starts_with("crates/wiring/src/settings"));
    let code = place.filter(|(path, _)| !path.ends_with("tests.rs")).map(|(_, text)| text);
    code.flat_map(|text| name.captures_iter(text).map(|found| found[1].to_owned())).collect()
}

/// Returns the settings read for the host's storage account.
fn read_by_host_storage() -> BTreeSet<String> {
    let asked = RefCell::new(BTreeSet::new());
    let _ = HostStorage::read(&|name| {
        asked.borrow_mut().insert(name.to_owned());
        None
    });
    asked.into_inner()
}

/// Returns a typical value of a setting that the template sets from its parameters.
fn sample(name: &str) -> Option<String> {
    let samples = BTreeMap::from([
        ("BASTION_NAME", "bas-hub-01"),
        (
            "BASTION_RESOURCE_ID",
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01",
        ),
        ("RECORDINGS_ACCOUNT_URL", "https://stbastionrec01.blob.core.windows.net/"),
        ("RECORDINGS_CONTAINER", "recordings"),
        ("AUDIT_ACCOUNT_URL", "https://stbastionrec01.blob.core.windows.net/"),
        ("EVENT_SOURCE", "/bastion-archivist/func-archivist-x"),
    ]);
    samples.get(name).map(|value| (*value).to_owned())
}

/// Returns the settings required by archivist.yaml, given those the template sets.
fn read_by_configuration(repository: &Repository, set: &BTreeSet<String>) -> Result<BTreeSet<String>, String> {
    let asked = RefCell::new(BTreeSet::new());
    let app_setting = |name: &str| {
        asked.borrow_mut().insert(name.to_owned());
        sample(name).filter(|_| set.contains(name))
    };
    let text = repository.file("infra/archivist.yaml");
    configuration::read("archivist.yaml", text, &app_setting).map_err(|problems| problems.to_string())?;
    Ok(asked.into_inner())
}

/// Until a secret exists, the platform passes on the reference in place of its value.
#[test]
fn with_unresolved_references_to_secrets_only_their_channels_are_off() {
    let here = Repository::here();
    let set = set(&here);
    let reference = here.file(APP).split("'@Microsoft.KeyVault(").nth(1).map(|rest| rest.split('\'').next().unwrap());
    let reference = format!("@Microsoft.KeyVault({}", reference.unwrap().replace("${", "").replace('}', ""));
    assert!(configuration::is_unresolved(&reference), "{reference}");
    let text = here.file("infra/archivist.yaml");
    let with_channel = text.replace("#   channels:\n#     siem:", "  channels:\n    siem:");
    assert_ne!(with_channel, text);
    let app_setting = |name: &str| match name {
        "SIEM_URL" | "SIEM_SECRET" => Some(reference.clone()),
        name => sample(name).filter(|_| set.contains(name)),
    };
    let read = configuration::read("archivist.yaml", &with_channel, &app_setting).unwrap();
    assert!(read.off.iter().any(|(name, _)| *name == "siem"), "{:?}", read.off);
}

#[test]
fn a_setting_that_is_unset_or_unread_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other));
    assert_eq!(
        found(APP, "  AZURE_CLIENT_ID: identityClientId\n", ""),
        ["infra/modules/function-app.bicep: the archivist reads AZURE_CLIENT_ID: set it, or give the reason why not"]
    );
    assert_eq!(
        found(APP, "  AZURE_CLIENT_ID", "  ARCHIVIST_COLOUR: 'red'\n  AZURE_CLIENT_ID"),
        ["infra/modules/function-app.bicep: no program reads ARCHIVIST_COLOUR"]
    );
    assert_eq!(found(APP, "  AZURE_CLIENT_ID", "  FUNCTIONS_WORKER_RUNTIME: 'custom'\n  AZURE_CLIENT_ID").len(), 2);
    assert_eq!(found(APP, "  AZURE_CLIENT_ID", "  NO_COLOR: '1'\n  AZURE_CLIENT_ID").len(), 1);
    assert_eq!(found(APP, "  APPLICATIONINSIGHTS_CONNECTION_STRING", "  APPINSIGHTS").len(), 2);
    assert_eq!(found(APP, "  ARCHIVIST_PAGE_AUTH", "  ARCHIVIST_PAGES_AUTH").len(), 2);
    assert_eq!(found(APP, "/bastion-archivist/${name}", "/bastion-archivist").len(), 1);
    assert!(!found("infra/archivist.yaml", "${AUDIT_ACCOUNT_URL}", "${AUDIT_URL}").is_empty());
    assert_eq!(found("crates/wiring/src/settings.rs", "text(\"RUST_LOG\")", "text(\"ARCHIVIST_LOG\")").len(), 2);
    assert_eq!(found(APP, "info,azure_core=warn", "info").len(), 1);
    assert_eq!(found(APP, "union(extraSettings, hostSettings, ", "union(hostSettings, ").len(), 1);
    assert_eq!(found(APP, "union(extraSettings, hostSettings, ", "union(hostSettings, extraSettings, ").len(), 1);
}
