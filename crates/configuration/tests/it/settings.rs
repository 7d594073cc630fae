//! App settings in the file.

use configuration::ChannelSettings;
use insta::assert_snapshot;

use crate::{problems, read};

#[test]
fn an_app_setting_stands_anywhere_in_a_text() {
    let text = "
version: 1
bastions:
  - { name: a, recordings: { account_url: 'file:///srv/${A}${B}', container: '${A}-recordings' } }
";
    let app_setting = |name: &str| Some(format!("st{}", name.to_lowercase()));
    let configuration = configuration::read("archivist.yaml", text, &app_setting).unwrap();
    assert_eq!(configuration.bastions[0].recordings[0].address().to_string(), "stastb/sta-recordings");
}

#[test]
fn an_app_setting_is_inserted_as_text_without_expansion() {
    let text = "version: 1\nbastions:\n  - { name: '${A}', recordings: { account_url: file:///srv/local, container: '${B}' } }\n";
    let app_setting = |name: &str| Some(if name == "A" { "7" } else { "${A}" }.to_owned());
    let found = configuration::read("archivist.yaml", text, &app_setting).unwrap_err();
    assert_snapshot!(found, @r#"archivist.yaml:3: bastions[0].recordings.container: "${B}" (as set) is not a container's name; write 3 to 63 lower-case letters, digits and single hyphens"#);
}

#[test]
fn every_missing_app_setting_is_named_with_its_line() {
    let text = "
version: 1
bastions:
  - name: ${NAME}-${OTHER}
    recordings: { account_url: '${UNCLOSED', container: '${not a name}' }
notifications:
  channels:
    a: { kind: webhook, url_env: EMPTY, secret_env: ABSENT }
";
    assert_snapshot!(problems(text), @"
    archivist.yaml:4: bastions[0].name: app setting NAME is not set; set it, or correct its name here
    archivist.yaml:4: bastions[0].name: app setting OTHER is not set; set it, or correct its name here
    archivist.yaml:5: bastions[0].recordings.account_url: has ${ without }; write ${NAME}
    archivist.yaml:5: bastions[0].recordings.container: does not name an app setting; write a name of letters, digits and _, as in SIEM_SECRET; the app setting holds the value
    ");
}

#[test]
fn an_invalid_value_is_reported_by_the_name_of_its_setting() {
    let text = "
version: 1
bastions:
  - { name: a, recordings: { account_url: '${BAD_URL}', container: recordings } }
notifications:
  channels:
    a: { kind: webhook, url_env: BAD_URL, secret_env: BAD_SECRET }
    b: { kind: webhook, url: '${BAD_URL}', secret_env: '${BAD_SECRET}' }
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:4: bastions[0].recordings.account_url: "${BAD_URL}" (as set) is not an https URL; write https://<account>.blob.core.windows.net
    archivist.yaml:8: notifications.channels.b.secret_env: does not name an app setting; write a name of letters, digits and _, as in SIEM_SECRET; the app setting holds the value
    "#);
}

#[test]
fn a_webhook_url_comes_from_the_file_or_an_app_setting() {
    let text = "
version: 1
notifications:
  channels:
    a: { kind: webhook, url: http://127.0.0.1:8080/hook, secret_env: SIEM_SECRET }
    b: { kind: webhook, url_env: SOC_URL, secret_env: SOC_SECRET }
";
    let channels = read(text).unwrap().channels;
    let urls: Vec<&str> = channels.values().filter_map(url).collect();
    assert_eq!(urls, ["http://127.0.0.1:8080/hook", "https://soc.example/hook?key=hidden"]);
}

fn url(channel: &ChannelSettings) -> Option<&str> {
    match channel {
        ChannelSettings::Webhook { url, .. } => Some(url.expose()),
        ChannelSettings::Teams { url } | ChannelSettings::Slack { url } => Some(url.expose()),
        ChannelSettings::EventGrid { .. } | ChannelSettings::Stub => None,
    }
}
