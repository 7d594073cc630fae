//! Section `state`, and its defaults from app settings.

use configuration::state::{HostStorage, StateAccess, StatePlace, StateUrls};
use insta::assert_snapshot;

use crate::{problems, read};

const IN_AZURE: &str = "
version: 1
state:
  account_urls:
    blob: https://st1.blob.core.windows.net
    queue: https://st1.queue.core.windows.net
    table: https://c-1.table.cosmos.azure.com
";

fn urls(text: &str) -> StateUrls {
    read(text).unwrap().state
}

fn account_urls(inner: &str) -> StateUrls {
    urls(&format!("version: 1\nstate: {{ account_urls: {{ {inner} }} }}"))
}

fn host(pairs: &[(&str, &str)]) -> HostStorage {
    let value = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    HostStorage::read(&value).unwrap()
}

fn emulator() -> HostStorage {
    host(&[("AzureWebJobsStorage", "UseDevelopmentStorage=true")])
}

#[test]
fn each_endpoint_belongs_to_its_service() {
    let text = "
version: 1
state:
  account_urls:
    blob: https://st1.table.core.windows.net
    queue: file:///srv/local
    table: https://st1.queue.core.windows.net
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:5: state.account_urls.blob: "https://st1.table.core.windows.net" is the account's table endpoint; write its blob endpoint
    archivist.yaml:6: state.account_urls.queue: "file:///srv/local" is a folder; write https://<account>.queue.core.windows.net
    archivist.yaml:7: state.account_urls.table: "https://st1.queue.core.windows.net" is the account's queue endpoint; write its table endpoint
    "#);
    let text = "
version: 1
state:
  account_urls:
    blob: http://st1.blob.core.windows.net
    queue: 'https://st1.queue.core.windows.net?sig=x'
    table: https://st1.table.core.windows.net/entries
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:5: state.account_urls.blob: "http://st1.blob.core.windows.net" is http to another machine; write https://; http is only for a storage emulator on a loopback address
    archivist.yaml:6: state.account_urls.queue: the text contains a user, a query or a fragment; write the account's URL alone; access comes from the app's identity
    archivist.yaml:7: state.account_urls.table: "https://st1.table.core.windows.net/entries" has a path; write the account's URL alone, which ends after the host
    "#);
    let text = "version: 1\nstate: { account_urls: { blob: '${BAD_URL}', queue: http://127.0.0.1:10001, table: https://c.table.cosmos.azure.com } }";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:2: state.account_urls.blob: "${BAD_URL}" (as set) is not an https URL; write https://<account>.blob.core.windows.net
    archivist.yaml:2: state.account_urls.queue: "http://127.0.0.1:10001" names no storage account; write http://127.0.0.1:10001/<account>, the account in 3 to 24 lower-case letters and digits
    archivist.yaml:2: state.account_urls.table: "https://c.table.cosmos.azure.com" names no storage account; write https://<account>.table.cosmos.azure.com, the account in 3 to 44 lower-case letters, digits and hyphens
    "#);
}

#[test]
fn the_state_section_rejects_unknown_and_missing_keys() {
    assert_snapshot!(problems("version: 1\nstate:\n"), @"archivist.yaml:2: state: is empty; write a mapping (key: value)");
    assert_snapshot!(problems("version: 1\nstate: {}\n"), @r#"archivist.yaml:2: state.account_urls: is missing; add account_urls, as in account_urls: {"blob":"https://starchivist01.blob.core.windows.net","queue":"https://starchivist01.queue.core.windows.net","table":"https://starchivist01.table.core.windows.net"}"#);
    assert_snapshot!(problems("version: 1\nstate: { account_urls: { blobs: 1, table: 1 }, account: st1 }\n"), @"
    archivist.yaml:2: state.account_urls.blobs: is not a known key; did you mean blob? Otherwise remove it
    archivist.yaml:2: state.account_urls.table: is a whole number; write a text in quotes
    archivist.yaml:2: state.account: is not a known key; remove it; the keys here are account_urls
    ");
}

#[test]
fn without_configuration_there_is_no_state_account() {
    assert_eq!(StatePlace::resolve(&StateUrls::default(), &HostStorage::default()), Ok(None));
}

#[test]
fn the_file_overrides_the_app_settings_per_endpoint() {
    let host = host(&[("AzureWebJobsStorage__accountName", "sthost"), ("AZURE_CLIENT_ID", CLIENT)]);
    let file = account_urls("table: https://c-1.table.cosmos.azure.com");
    let place = StatePlace::resolve(&file, &host).unwrap().unwrap();
    assert_eq!(place.blob.to_string(), "https://sthost.blob.core.windows.net/");
    assert_eq!(place.queue.to_string(), "https://sthost.queue.core.windows.net/");
    assert!(place.table.is_cosmos() && !place.blob.is_cosmos());
    assert_eq!(place.access, StateAccess::Identity { client_id: Some(CLIENT.to_owned()) });
}

const CLIENT: &str = "11111111-2222-3333-4444-555555555555";

#[test]
fn the_emulators_key_goes_to_this_machine_only() {
    let place = StatePlace::resolve(&StateUrls::default(), &emulator()).unwrap().unwrap();
    assert!(matches!(place.access, StateAccess::EmulatorKey(key) if key.account.as_str() == "devstoreaccount1"));
    let place = StatePlace::resolve(&urls(IN_AZURE), &emulator()).unwrap().unwrap();
    assert_eq!(place.access, StateAccess::Identity { client_id: None });
}

#[test]
fn an_emulator_that_speaks_https_takes_tokens_too() {
    let file = account_urls(
        "blob: https://127.0.0.1:10000/acc1, queue: https://127.0.0.1:10001/acc1, table: https://127.0.0.1:10002/acc1",
    );
    let place = StatePlace::resolve(&file, &HostStorage::default()).unwrap().unwrap();
    assert_eq!(place.access, StateAccess::Identity { client_id: None });
}

#[test]
fn all_conflicts_of_the_state_account_are_reported() {
    let told = |inner, host| StatePlace::resolve(&account_urls(inner), &host).unwrap_err().join("\n");
    assert_snapshot!(told("queue: https://st1.queue.core.windows.net", HostStorage::default()), @"
    state.account_urls.blob: is missing; add it, or set AzureWebJobsStorage__blobServiceUri
    state.account_urls.table: is missing; add it, or set AzureWebJobsStorage__tableServiceUri
    ");
    assert_snapshot!(told("blob: https://127.0.0.1:10000/acc1, queue: https://127.0.0.1:10000/acc1/", HostStorage::default()), @"
    state.account_urls.table: is missing; add it, or set AzureWebJobsStorage__tableServiceUri
    state.account_urls.queue: is the same as blob; write the queue endpoint, each has its own
    ");
    assert_snapshot!(told("table: https://st1.table.core.windows.net", emulator()), @"
    state.account_urls: blob and queue on this machine, table elsewhere; write all of the emulator or all of Azure
    ");
    assert_snapshot!(
        told("blob: http://127.0.0.1:10000/acc1, queue: http://127.0.0.1:10001/acc1, table: http://127.0.0.1:10002/acc1", HostStorage::default()),
        @"state.account_urls.blob: is the URL of a storage emulator whose key is not known; set AzureWebJobsStorage to UseDevelopmentStorage=true, or to the emulator's connection string"
    );
}
