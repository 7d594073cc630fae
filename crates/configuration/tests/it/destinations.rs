//! Allowed destinations of channels, and reasons to turn a channel off.

use configuration::{AppPlace, Configuration};
use domain::address_guard::Loopback;
use insta::assert_snapshot;

use crate::{app_setting, problems, read, warnings};

fn channels(channels: &str) -> String {
    format!("version: 1\nnotifications:\n  allowed_hosts: [siem.corp.example]\n  channels:\n{channels}")
}

fn loopback(text: &str, place: AppPlace, settings: &[(&str, &str)]) -> Loopback {
    let known = |name: &str| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    configuration::check("archivist.yaml", text, place, &known).configuration.unwrap().loopback
}

#[test]
fn a_destination_refused_at_the_start_is_a_problem_of_the_file() {
    let text = channels(
        "    a: { kind: teams, url: 'https://10.0.0.5/hidden' }
    b: { kind: slack, url: 'https://169.254.169.254/hidden' }
    c: { kind: webhook, url: 'https://[::ffff:10.0.0.1]/hidden', secret_env: SIEM_SECRET }
    d: { kind: webhook, url: 'http://siem.corp.example/hidden', secret_env: SIEM_SECRET }
    e: { kind: event_grid, endpoint: 'http://127.0.0.1:4000/api/events' }
    f: { kind: event_grid, endpoint: 'https://127.1/api/events' }
    g: { kind: webhook, url: 'https://siem.corp.example/hook', secret_env: SIEM_SECRET }
",
    );
    let checked = configuration::check("archivist.yaml", &text, AppPlace::Azure, &app_setting);
    assert_snapshot!(checked.configuration.unwrap_err(), @r#"
    archivist.yaml:5: notifications.channels.a.url: the text leads to 10.0.0.5, which is not a public address; write the URL with the host's name; a host with a private address also needs to be in notifications.allowed_hosts
    archivist.yaml:6: notifications.channels.b.url: the text leads to 169.254.169.254, which is not a public address; write the URL with the host's name; a host with a private address also needs to be in notifications.allowed_hosts
    archivist.yaml:7: notifications.channels.c.url: the text leads to ::ffff:10.0.0.1, which is not a public address; write the URL with the host's name; a host with a private address also needs to be in notifications.allowed_hosts
    archivist.yaml:8: notifications.channels.d.url: the text is not an https URL; write https://<host>/<path>; http is only for a loopback address
    archivist.yaml:9: notifications.channels.e.endpoint: "http://127.0.0.1:4000/api/events" is not the endpoint of a topic; copy the topic endpoint from the portal: https://<topic>.<region>-1.eventgrid.azure.net/api/events
    archivist.yaml:10: notifications.channels.f.endpoint: "https://127.1/api/events" is not a host of a known cloud, and gets no token; copy the topic endpoint from the portal: https://<topic>.<region>-1.eventgrid.azure.net/api/events, or its equivalent in another cloud; a suffix of your own must be in the app setting ARCHIVIST_EXTRA_SUFFIXES
    "#);
}

#[test]
fn a_missing_app_setting_only_disables_its_channel() {
    let text = channels(
        "    absent: { kind: webhook, url: 'https://a.example', secret_env: ABSENT }
    empty: { kind: teams, url_env: EMPTY }
    vault: { kind: webhook, url_env: SOC_URL, secret_env: VAULT }
    filled: { kind: slack, url: '${ABSENT}' }
    topic: { kind: event_grid, endpoint: '${VAULT}' }
    bad: { kind: webhook, url_env: BAD_URL, secret_env: BAD_SECRET }
    private: { kind: teams, url_env: PRIVATE_URL }
    good: { kind: webhook, url_env: SOC_URL, secret_env: TWO_SECRETS }
",
    );
    let off = read(&text).unwrap().off;
    let reasons: Vec<String> = off.iter().map(|(name, reason)| format!("{name}: {reason}")).collect();
    assert_snapshot!(reasons.join("\n"), @"
    absent: app setting ABSENT is not set; set it, or correct its name here
    bad: the value of app setting BAD_URL is not an https URL; write https://<host>/<path>; http is only for a loopback address
    empty: app setting EMPTY is empty; give it a value
    filled: app setting ABSENT is not set; set it, or correct its name here
    private: the value of app setting PRIVATE_URL leads to 10.0.0.5, which is not a public address; write the URL with the host's name; a host with a private address also needs to be in notifications.allowed_hosts
    topic: app setting VAULT is an unresolved Key Vault reference; allow the app's identity to read the secret (Key Vault Secrets User), or correct the reference; then let the platform fetch it, see Channel secrets in infra/README.md
    vault: app setting VAULT is an unresolved Key Vault reference; allow the app's identity to read the secret (Key Vault Secrets User), or correct the reference; then let the platform fetch it, see Channel secrets in infra/README.md
    ");
    assert_snapshot!(warnings(&text), @"
    archivist.yaml:5: notifications.channels.absent.secret_env: app setting ABSENT is not set, so the channel is off; set it, or correct its name here
    archivist.yaml:6: notifications.channels.empty.url_env: app setting EMPTY is empty, so the channel is off; give it a value
    archivist.yaml:7: notifications.channels.vault.secret_env: app setting VAULT is an unresolved Key Vault reference, so the channel is off; allow the app's identity to read the secret (Key Vault Secrets User), or correct the reference; then let the platform fetch it, see Channel secrets in infra/README.md
    archivist.yaml:8: notifications.channels.filled.url: app setting ABSENT is not set, so the channel is off; set it, or correct its name here
    archivist.yaml:9: notifications.channels.topic.endpoint: app setting VAULT is an unresolved Key Vault reference, so the channel is off; allow the app's identity to read the secret (Key Vault Secrets User), or correct the reference; then let the platform fetch it, see Channel secrets in infra/README.md
    archivist.yaml:10: notifications.channels.bad.url_env: the value of app setting BAD_URL is not an https URL, so the channel is off; write https://<host>/<path>; http is only for a loopback address
    archivist.yaml:10: notifications.channels.bad.secret_env: the value of app setting BAD_SECRET is not a signing secret, so the channel is off; write whsec_ and the base64 of 24 to 64 random bytes
    archivist.yaml:11: notifications.channels.private.url_env: the value of app setting PRIVATE_URL leads to 10.0.0.5, which is not a public address, so the channel is off; write the URL with the host's name; a host with a private address also needs to be in notifications.allowed_hosts
    ");
}

#[test]
fn outside_channels_an_unresolved_reference_is_a_problem() {
    let text =
        "version: 1\nbastions:\n  - { name: a, recordings: { account_url: '${VAULT}', container: recordings } }\n";
    assert_snapshot!(problems(text), @"archivist.yaml:3: bastions[0].recordings.account_url: app setting VAULT is an unresolved Key Vault reference; allow the app's identity to read the secret (Key Vault Secrets User), or correct the reference; then let the platform fetch it, see Channel secrets in infra/README.md");
    let text = channels(
        "    a: { kind: webhook, url: 'https://a.example', secret_env: SIEM_SECRET, rate_limit: { messages: 1, per: '${ABSENT}' } }\n",
    );
    assert_snapshot!(problems(&text), @"archivist.yaml:5: notifications.channels.a.rate_limit.per: app setting ABSENT is not set; set it, or correct its name here");
}

#[test]
fn loopback_receivers_are_called_only_if_everything_is_local() {
    let here = "version: 1\n";
    let state = "version: 1\nstate: { account_urls: { blob: 'https://st1.blob.core.windows.net' } }\n";
    let emulator = [("AzureWebJobsStorage", "UseDevelopmentStorage=true")];
    assert_eq!(loopback(here, AppPlace::AsSet, &[]), Loopback::Allowed);
    assert_eq!(loopback(here, AppPlace::AsSet, &emulator), Loopback::Allowed);
    assert_eq!(loopback(here, AppPlace::Azure, &emulator), Loopback::Refused);
    assert_eq!(loopback(state, AppPlace::AsSet, &[]), Loopback::Refused);
    for elsewhere in [("AzureWebJobsStorage__accountName", "st1"), ("IDENTITY_ENDPOINT", "http://127.0.0.1:1/msi")] {
        assert_eq!(loopback(here, AppPlace::AsSet, &[elsewhere]), Loopback::Refused, "{elsewhere:?}");
    }
    assert_eq!(Configuration::local("x".as_ref()).unwrap().loopback, Loopback::Allowed);
}
