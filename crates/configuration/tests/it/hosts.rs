//! Hosts allowed to receive a token of the app's identity.

use configuration::{Configuration, EXTRA_SUFFIXES, Problems};
use insta::assert_snapshot;

use crate::problems;

const FOREIGN: &str = "
version: 1
state:
  account_urls:
    blob: https://st1.blob.core.windows.net.evil.example
    queue: https://st1.queue.core.windows.net:8443
    table: https://c-1.table.cosmos.azure.com.evil.example
bastions:
  - name: local
    resource_id: /subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/local
    recordings: { account_url: https://10.0.0.4/st1, container: recordings }
    audit_logs: { account_url: https://staudit.evil.example }
notifications:
  channels:
    topic: { kind: event_grid, endpoint: https://t01.westeurope-1.eventgrid.azure.net.evil.example/api/events }
    here: { kind: event_grid, endpoint: http://127.0.0.1:7000/api/events }
";

#[test]
fn every_host_receiving_a_token_belongs_to_a_known_cloud() {
    assert_snapshot!(problems(FOREIGN));
}

#[test]
fn every_cloud_has_hosts_that_get_tokens() {
    for suffix in ["core.windows.net", "core.chinacloudapi.cn", "core.usgovcloudapi.net"] {
        let text = format!(
            "version: 1\nstate: {{ account_urls: {{ blob: https://st1.blob.{suffix}, queue: https://st1.queue.{suffix}, table: https://st1.table.{suffix} }} }}"
        );
        assert!(crate::read(&text).is_ok(), "{}", problems(&text));
    }
}

const CORP: &str = "version: 1\nstate: { account_urls: { blob: https://st1.blob.corp.example } }";

fn with_suffixes(text: &str, suffixes: &str) -> Result<Configuration, Problems> {
    configuration::read("archivist.yaml", text, &|name| (name == EXTRA_SUFFIXES).then(|| suffixes.to_owned()))
}

#[test]
fn only_an_app_setting_adds_a_suffix() {
    assert!(with_suffixes(CORP, "blob.corp.example").is_ok());
    assert!(with_suffixes(CORP, "").is_err());
    assert!(with_suffixes(CORP, "queue.corp.example").is_err());
    assert!(with_suffixes(CORP, "*.corp.example").is_err(), "a setting that is wrong adds nothing");
    for key in ["extra_suffixes: [blob.corp.example]", "ARCHIVIST_EXTRA_SUFFIXES: blob.corp.example"] {
        assert!(with_suffixes(&format!("{CORP}\n{key}\n"), "").is_err(), "{key}");
    }
}

#[test]
fn an_app_setting_inserted_by_the_file_makes_no_host_known() {
    let text = "version: 1\nstate: { account_urls: { blob: 'https://st1.${HOST}' } }";
    let read = configuration::read("archivist.yaml", text, &|name| match name {
        "HOST" => Some("blob.core.windows.net.evil.example".to_owned()),
        _ => None,
    });
    assert!(read.is_err());
}

#[test]
fn a_file_cannot_reference_a_credential_of_the_app() {
    for name in [
        "IDENTITY_HEADER",
        "identity_header",
        "AzureWebJobsStorage",
        "OTEL_EXPORTER_OTLP_HEADERS",
        "AZURE_CLIENT_SECRET",
        EXTRA_SUFFIXES,
    ] {
        let slack = format!(
            "version: 1\nnotifications: {{ channels: {{ a: {{ kind: slack, url: 'https://evil.example/${{{name}}}' }} }} }}"
        );
        let named = format!("version: 1\nnotifications: {{ channels: {{ a: {{ kind: slack, url_env: {name} }} }} }}");
        for text in [slack, named] {
            let refused = configuration::read("archivist.yaml", &text, &|_| Some("https://hidden.example".to_owned()));
            let told = refused.unwrap_err().to_string();
            assert!(told.contains("is not for the configuration") && !told.contains("hidden"), "{told}");
        }
    }
    let page = "version: 1\nnotifications: { page_url: 'https://${WEBSITE_HOSTNAME}/ui' }";
    assert!(configuration::read("archivist.yaml", page, &|_| Some("app.example".to_owned())).is_ok());
}
