//! App settings of the host's storage account.

use configuration::state::{ConnectionString, HostStorage, StateAccess};
use insta::{allow_duplicates, assert_snapshot};

fn read(pairs: &[(&str, &str)]) -> Result<HostStorage, String> {
    let value = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    HostStorage::read(&value).map_err(|problems| problems.join("\n"))
}

fn refused(connection: &str) -> String {
    read(&[("AzureWebJobsStorage", connection)]).unwrap_err()
}

/// Connection string of an emulator, with one part replaced.
fn emulator(part: &str, other: &str) -> String {
    let parts = "DefaultEndpointsProtocol=http;AccountName=archivist001;AccountKey=aGlkZGVuCg==;BlobEndpoint=http://127.0.0.1:49152/archivist001;QueueEndpoint=http://127.0.0.1:49153/archivist001;TableEndpoint=http://127.0.0.1:49154/archivist001;";
    assert!(parts.contains(part));
    parts.replace(part, other)
}

#[test]
fn development_storage_is_the_emulator_at_its_own_ports() {
    let ConnectionString { urls, key } = ConnectionString::parse("UseDevelopmentStorage=true").unwrap();
    let urls = [urls.blob, urls.queue, urls.table].map(|url| url.unwrap().to_string());
    assert_eq!(
        urls,
        [
            "http://127.0.0.1:10000/devstoreaccount1",
            "http://127.0.0.1:10001/devstoreaccount1",
            "http://127.0.0.1:10002/devstoreaccount1"
        ]
    );
    assert_eq!(key.account.as_str(), "devstoreaccount1");
}

#[test]
fn an_emulator_may_be_anywhere_on_this_machine() {
    for text in [emulator("AccountKey", "AccountKey"), emulator("AccountKey", "accountkey")] {
        let ConnectionString { urls, key } = ConnectionString::parse(&text).unwrap();
        assert_eq!(urls.queue.unwrap().to_string(), "http://127.0.0.1:49153/archivist001");
        assert_eq!((key.account.as_str(), key.key.expose()), ("archivist001", "aGlkZGVuCg=="));
    }
}

#[test]
fn a_connection_string_that_leads_to_another_machine_is_refused() {
    for text in [
        "DefaultEndpointsProtocol=https;AccountName=st1;AccountKey=aGlkZGVuCg==;EndpointSuffix=core.windows.net",
        "BlobEndpoint=https://st1.blob.core.windows.net;QueueEndpoint=https://st1.queue.core.windows.net;TableEndpoint=https://st1.table.core.windows.net;SharedAccessSignature=sig=hidden",
        "BlobEndpoint=http://127.0.0.1:1/acc1;QueueEndpoint=http://127.0.0.1:2/acc1;TableEndpoint=https://acc1.table.core.windows.net;AccountName=acc1;AccountKey=aGlkZGVuCg==",
    ] {
        allow_duplicates! { assert_snapshot!(refused(text), @"AzureWebJobsStorage: the value is not the connection string of a storage emulator on a loopback address; remove it, and set AzureWebJobsStorage__accountName and AzureWebJobsStorage__credential=managedidentity"); }
    }
}

#[test]
fn an_invalid_connection_string_is_rejected_with_the_reason() {
    assert_snapshot!(refused("hidden"), @"AzureWebJobsStorage: the value is not a connection string; write UseDevelopmentStorage=true, or AccountName, AccountKey, BlobEndpoint, QueueEndpoint and TableEndpoint of the emulator");
    assert_snapshot!(refused("UseDevelopmentStorage=false"), @"AzureWebJobsStorage: the value has UseDevelopmentStorage and other settings; write UseDevelopmentStorage=true, or AccountName, AccountKey, BlobEndpoint, QueueEndpoint and TableEndpoint of the emulator");
    assert_snapshot!(refused("UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://10.0.0.4"), @"AzureWebJobsStorage: the value has UseDevelopmentStorage and other settings; write UseDevelopmentStorage=true, or AccountName, AccountKey, BlobEndpoint, QueueEndpoint and TableEndpoint of the emulator");
    assert_snapshot!(refused(&emulator("QueueEndpoint", "FileEndpoint")), @"AzureWebJobsStorage: the value has no QueueEndpoint; write UseDevelopmentStorage=true, or AccountName, AccountKey, BlobEndpoint, QueueEndpoint and TableEndpoint of the emulator");
    assert_snapshot!(refused(&emulator("AccountName=archivist001", "AccountName=")), @"AzureWebJobsStorage: the value has no AccountName; write UseDevelopmentStorage=true, or AccountName, AccountKey, BlobEndpoint, QueueEndpoint and TableEndpoint of the emulator");
    assert_snapshot!(refused(&emulator("AccountName=archivist001", "AccountName=hidden-1")), @"AzureWebJobsStorage: the value has an invalid AccountName; write UseDevelopmentStorage=true, or AccountName, AccountKey, BlobEndpoint, QueueEndpoint and TableEndpoint of the emulator");
    assert_snapshot!(refused(&emulator("AccountName=archivist001", "AccountName=hidden1")), @"AzureWebJobsStorage: the value has a BlobEndpoint of another account than its AccountName; write UseDevelopmentStorage=true, or AccountName, AccountKey, BlobEndpoint, QueueEndpoint and TableEndpoint of the emulator");
    assert_snapshot!(refused(&emulator("aGlkZGVuCg==", "hidden")), @"AzureWebJobsStorage: the value has an AccountKey that is not base64; write UseDevelopmentStorage=true, or AccountName, AccountKey, BlobEndpoint, QueueEndpoint and TableEndpoint of the emulator");
    assert_snapshot!(refused(&emulator("http://127.0.0.1:49154/archivist001", "http://10.0.0.4:49154/archivist001?hidden")), @"AzureWebJobsStorage: the value has a TableEndpoint that contains a user, a query or a fragment; write UseDevelopmentStorage=true, or AccountName, AccountKey, BlobEndpoint, QueueEndpoint and TableEndpoint of the emulator");
}

#[test]
fn the_host_account_is_set_as_a_whole_or_per_service() {
    let host = read(&[
        ("AzureWebJobsStorage__accountName", "sthost"),
        ("AzureWebJobsStorage__tableServiceUri", "https://sthost.table.core.usgovcloudapi.net"),
        ("AzureWebJobsStorage__credential", "ManagedIdentity"),
    ])
    .unwrap();
    assert_eq!(host.urls.blob.unwrap().to_string(), "https://sthost.blob.core.windows.net/");
    assert_eq!(host.urls.table.unwrap().to_string(), "https://sthost.table.core.usgovcloudapi.net/");
}

#[test]
fn our_own_client_id_overrides_that_of_the_host() {
    let (ours, hosts) = ("11111111-2222-3333-4444-555555555555", "99999999-2222-3333-4444-555555555555");
    let both = read(&[("AZURE_CLIENT_ID", ours), ("AzureWebJobsStorage__clientId", hosts)]).unwrap();
    let one = read(&[("AzureWebJobsStorage__clientId", hosts)]).unwrap();
    for (storage, expected) in [(both, ours), (one, hosts)] {
        assert_eq!(storage.access(false), StateAccess::Identity { client_id: Some(expected.to_owned()) });
    }
}

#[test]
fn all_setting_problems_are_reported_without_their_values() {
    let told = read(&[
        ("AzureWebJobsStorage", "UseDevelopmentStorage=true"),
        ("AzureWebJobsStorage__blobServiceUri", "https://hidden.queue.core.windows.net"),
        ("AzureWebJobsStorage__queueServiceUri", "https://st1.queue.core.windows.net?sig=hidden"),
        ("AzureWebJobsStorage__accountName", "hidden-1"),
        ("AzureWebJobsStorage__credential", "hidden"),
        ("AzureWebJobsStorage__clientId", "/subscriptions/hidden"),
        ("AZURE_CLIENT_ID", "11111111222233334444555555555555"),
    ])
    .unwrap_err();
    assert_snapshot!(told, @"
    AZURE_CLIENT_ID: the value is not a client id; write the identity's client id, as in 00000000-0000-0000-0000-000000000000, not its name or resource id
    AzureWebJobsStorage__clientId: the value is not a client id; write the identity's client id, as in 00000000-0000-0000-0000-000000000000, not its name or resource id
    AzureWebJobsStorage__accountName: the value is not a storage account's name; write 3 to 24 lower-case letters and digits
    AzureWebJobsStorage__blobServiceUri: the value is the account's queue endpoint; write its blob endpoint
    AzureWebJobsStorage__queueServiceUri: the value contains a user, a query or a fragment; write the account's URL alone; access comes from the app's identity
    AzureWebJobsStorage__credential: the value is not known; write managedidentity
    AzureWebJobsStorage: is set together with AzureWebJobsStorage__blobServiceUri; keep one of the two
    ");
    assert!(!told.contains("hidden"), "{told}");
}

#[test]
fn a_key_is_never_shown() {
    for connection in ["UseDevelopmentStorage=true", &emulator("AccountKey", "AccountKey")] {
        let shown = format!("{:?}", read(&[("AzureWebJobsStorage", connection)]).unwrap());
        assert!(shown.contains("[redacted]") && !shown.contains("aGlk") && !shown.contains("Eby8"), "{shown}");
    }
}

#[test]
fn an_emulator_key_is_for_accounts_on_this_machine() {
    let storage = read(&[("AzureWebJobsStorage", "UseDevelopmentStorage=true")]).unwrap();
    assert!(matches!(storage.access(true), StateAccess::EmulatorKey(_)));
    assert_eq!(storage.access(false), StateAccess::Identity { client_id: None });
}
