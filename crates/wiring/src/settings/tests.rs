//! Settings, read from a map.

use std::path::Path;

use configuration::state::{StateAccess, StatePlace};

use super::{AppSettingNames, CatalogueSetting};

const CLIENT: &str = "11111111-2222-3333-4444-555555555555";

fn read(pairs: &[(&str, &str)]) -> (AppSettingNames, Vec<String>) {
    AppSettingNames::read(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn valid(pairs: &[(&str, &str)]) -> AppSettingNames {
    let (settings, problems) = read(pairs);
    assert_eq!(problems, Vec::<String>::new());
    settings
}

fn state(settings: &AppSettingNames) -> Option<StatePlace> {
    StatePlace::resolve(&configuration::state::StateUrls::default(), &settings.storage).unwrap()
}

#[test]
fn every_setting_is_optional() {
    let settings = valid(&[]);
    assert_eq!((settings.config.as_ref(), settings.catalogue.as_ref()), (None, None));
    assert_eq!((settings.port, settings.log.as_ref(), settings.managed_identity), (None, None, false));
    assert_eq!(state(&settings), None);
}

#[test]
fn an_empty_setting_counts_as_not_set() {
    let names = ["ARCHIVIST_CATALOGUE", "FUNCTIONS_CUSTOMHANDLER_PORT", "AzureWebJobsStorage", "IDENTITY_ENDPOINT"];
    let settings = valid(&names.map(|name| (name, "")));
    assert_eq!((settings.catalogue.as_ref(), settings.managed_identity, settings.names_port()), (None, false, false));
}

#[test]
fn all_setting_problems_are_reported_with_a_remedy() {
    let (settings, problems) = read(&[
        ("ARCHIVIST_CATALOGUE", "postgres:x"),
        ("AzureWebJobsStorage", "AccountName=st1;AccountKey=hidden"),
        ("AzureWebJobsStorage__credential", "secret"),
        ("FUNCTIONS_CUSTOMHANDLER_PORT", "70000"),
    ]);
    insta::assert_snapshot!(problems.join("\n"), @r#"
    ARCHIVIST_CATALOGUE: "postgres:x" is not a catalogue; write table or sqlite:PATH
    AzureWebJobsStorage__credential: the value is not known; write managedidentity
    AzureWebJobsStorage: the value is not the connection string of a storage emulator on a loopback address; remove it, and set AzureWebJobsStorage__accountName and AzureWebJobsStorage__credential=managedidentity
    FUNCTIONS_CUSTOMHANDLER_PORT: "70000" is not a port; write a number from 1 to 65535
    "#);
    assert!(settings.catalogue.is_none() && settings.port.is_none() && settings.names_port());
}

#[test]
fn nothing_is_collected_unless_a_collector_is_set() {
    assert_eq!(valid(&[("WEBSITE_SITE_NAME", "func"), ("OTEL_SERVICE_NAME", "x")]).collector, None);
    let set = ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://otel.example:4318/");
    let of = |pairs: &[_]| valid(pairs).collector.unwrap();
    assert_eq!(of(&[set]).endpoint.url, "https://otel.example:4318");
    let named = of(&[set, ("WEBSITE_SITE_NAME", "func"), ("OTEL_SERVICE_NAME", "x")]);
    assert_eq!((named.service.as_deref(), named.app.as_deref()), (Some("x"), Some("func")));
}

#[test]
fn the_catalogue_is_in_the_table_service_or_in_a_file() {
    let of = |text| CatalogueSetting::parse(text);
    assert_eq!(of("table"), Some(CatalogueSetting::Table));
    assert_eq!(of("sqlite:a/b.sqlite").unwrap().file(), Some(Path::new("a/b.sqlite")));
    for text in ["", "sqlite", "sqlite:", "Table", "table:x"] {
        assert_eq!(of(text), None, "{text}");
    }
}

#[test]
fn the_default_catalogue_is_in_the_state_account() {
    let emulator = ("AzureWebJobsStorage", "UseDevelopmentStorage=true");
    for (settings, in_table) in [
        (valid(&[]), false),
        (valid(&[emulator]), true),
        (valid(&[emulator, ("ARCHIVIST_CATALOGUE", "sqlite:c.sqlite")]), false),
        (valid(&[emulator, ("ARCHIVIST_CATALOGUE", "table")]), true),
    ] {
        assert_eq!(settings.keeps_catalogue_in_table(state(&settings).as_ref()), in_table, "{settings:?}");
    }
}

#[test]
fn the_default_state_account_is_the_account_of_the_host() {
    let settings = valid(&[
        ("AzureWebJobsStorage__accountName", "stfunctions01"),
        ("AzureWebJobsStorage__credential", "managedidentity"),
        ("AzureWebJobsStorage__clientId", CLIENT),
        ("IDENTITY_ENDPOINT", "http://127.0.0.1:42356/msi/token"),
    ]);
    let place = state(&settings).unwrap();
    assert_eq!(place.queue.to_string(), "https://stfunctions01.queue.core.windows.net/");
    assert_eq!(place.access, StateAccess::Identity { client_id: Some(CLIENT.to_owned()) });
    assert!(settings.managed_identity);
}
