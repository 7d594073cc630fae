//! Reads, after the published examples of `Azure/azure-rest-api-specs`; each test names its example.

use std::sync::Arc;

use adapters_azure::AzurePosture;
use domain::address::{AccountName, ContainerAddress};
use domain::decide::posture::{MaybeKnown, ResourceId, Role};
use pipeline::ports::{FaultKind, Posture};

use crate::management::api::{CannedReply, FakeManagement, HUB, hub};

const ACCOUNT: &str = "/subscriptions/s1/resourceGroups/res9407/providers/Microsoft.Storage/storageAccounts/sto8596";

fn posture(api: &Arc<FakeManagement>) -> AzurePosture {
    AzurePosture::default().with_management(api.client())
}

fn account() -> ResourceId {
    ResourceId::parse(ACCOUNT).unwrap()
}

/// `Microsoft.Network` 2024-01-01, `BastionHostGet.json`, with the properties of session recording added.
#[tokio::test]
async fn a_bastion_is_read() {
    let plain = format!(
        r#"{{"name":"bastionhosttenant","id":"{HUB}","type":"Microsoft.Network/bastionHosts","location":"West US","sku":{{"name":"Standard"}},
        "zones":[],"properties":{{"provisioningState":"Succeeded","dnsName":"bst-9d89d361-100e-4c01-b92d-466548c476dc.bastion.azure.com",
        "scaleUnits":2,"enableTunneling":false,"ipConfigurations":[]}}}}"#
    );
    let api = FakeManagement::answering(&[("GET ", &[CannedReply::body(&plain)])]);
    let told = posture(&api).bastion(&hub()).await.unwrap();
    let host = told.read().unwrap().clone().unwrap();
    assert_eq!((host.sku.as_str(), host.location.as_str(), host.records), ("Standard", "West US", false));
    assert_eq!(host.dns_name, "bst-9d89d361-100e-4c01-b92d-466548c476dc.bastion.azure.com");
    assert_eq!(api.asked(), [format!("GET {HUB}?api-version=2026-01-01")]);

    let recording = plain.replace("\"scaleUnits\":2", r#""enableSessionRecording":true,"sessionRecordingConfiguration":{"identity":{"type":"SystemAssigned"},"blobContainerUri":"https://acct.blob.core.windows.net/container"}"#)
        .replace("\"zones\":[]", r#""identity":{"type":"SystemAssigned, UserAssigned","principalId":"p1","userAssignedIdentities":{"/x":{"principalId":"p2","clientId":"c"}}}"#)
        .replace("\"enableTunneling\":false", "\"enableTunneling\":true");
    let api = FakeManagement::answering(&[("GET ", &[CannedReply::body(&recording)])]);
    let host = posture(&api).bastion(&hub()).await.unwrap().read().unwrap().clone().unwrap();
    assert!(host.records && host.lets_native_clients_in);
    assert_eq!(host.container_url.as_deref(), Some("https://acct.blob.core.windows.net/container"));
    assert_eq!(host.principals, ["p1"], "the identity that it records with");
}

/// Error documents after the published codes of the management API.
#[tokio::test]
async fn an_unknown_api_version_is_replaced_by_an_older_one() {
    let plain =
        format!(r#"{{"id":"{HUB}","sku":{{"name":"Premium"}},"properties":{{"enableSessionRecording":true}}}}"#);
    for (status, code) in
        [(400, "NoRegisteredProviderFound"), (400, "InvalidApiVersionParameter"), (404, "InvalidResourceType")]
    {
        let refusal = CannedReply(status, Vec::new(), format!(r#"{{"error":{{"code":"{code}","message":"…"}}}}"#));
        let api = FakeManagement::answering(&[("GET ", &[refusal.clone(), CannedReply::body(&plain)])]);
        let host = posture(&api).bastion(&hub()).await.unwrap().read().unwrap().clone().unwrap();
        assert!(host.records && host.container_url.is_none());
        assert_eq!(api.asked()[1], format!("GET {HUB}?api-version=2025-05-01"));
        let list = CannedReply::body(&format!(r#"{{"value":[{plain}]}}"#));
        let api = FakeManagement::answering(&[("GET ", &[refusal, list])]);
        assert_eq!(posture(&api).bastions_beside(&hub()).await.unwrap().read().unwrap().len(), 1);
    }
    let missing = CannedReply(404, Vec::new(), r#"{"error":{"code":"ResourceNotFound","message":"…"}}"#.to_owned());
    let api = FakeManagement::answering(&[("GET ", &[missing])]);
    assert_eq!(posture(&api).bastion(&hub()).await.unwrap(), MaybeKnown::Read(None));
    assert_eq!(api.asked().len(), 1, "a missing bastion is asked for once");
}

/// `Microsoft.Network` 2026-01-01, with a user-assigned identity.
#[tokio::test]
async fn the_identity_that_a_bastion_records_with_is_told_from_its_others() {
    let bastion = |writer: &str| {
        format!(
            r#"{{"id":"{HUB}","identity":{{"type":"SystemAssigned, UserAssigned","principalId":"p1","userAssignedIdentities":{{
            "/subscriptions/s1/a":{{"principalId":"p2"}},"/subscriptions/s1/b":{{"principalId":"p3"}}}}}},
            "properties":{{"sessionRecordingConfiguration":{{{writer}"blobContainerUri":"https://a.blob.core.windows.net/c"}}}}}}"#
        )
    };
    for (writer, expected) in [
        (r#""identity":{"type":"UserAssigned","userAssignedIdentityId":"/SUBSCRIPTIONS/s1/b"},"#, &["p3"][..]),
        (r#""identity":{"type":"SystemAssigned"},"#, &["p1"]),
        ("", &["p1", "p2", "p3"]),
    ] {
        let api = FakeManagement::answering(&[("GET ", &[CannedReply::body(&bastion(writer))])]);
        let host = posture(&api).bastion(&hub()).await.unwrap().read().unwrap().clone().unwrap();
        assert_eq!(host.principals, expected, "{writer}");
    }
}

#[tokio::test]
async fn absence_refusal_and_failure_are_distinguished() {
    let asked = async |status| {
        posture(&FakeManagement::answering(&[("GET ", &[CannedReply::status(status)])])).bastion(&hub()).await
    };
    assert_eq!(asked(404).await.unwrap(), MaybeKnown::Read(None));
    for status in [401, 403] {
        assert!(matches!(asked(status).await.unwrap(), MaybeKnown::NotReadable(_)), "{status}");
    }
    for status in [429, 500, 503] {
        assert!(matches!(asked(status).await.unwrap_err().kind, FaultKind::Transient { .. }), "{status}");
    }
    assert_eq!(asked(400).await.unwrap_err().kind, FaultKind::Permanent);
}

/// `Microsoft.Storage` 2023-01-01, `StorageAccountGetProperties.json`, in a list of two pages.
#[tokio::test]
async fn an_account_is_found_in_the_subscription_of_the_bastion() {
    let one = format!(
        r#"{{"id":"{ACCOUNT}","kind":"Storage","location":"eastus2(stage)","name":"sto8596","properties":{{
        "keyCreationTime":{{"key1":"2021-03-18T04:42:22.4322836Z","key2":null}},"isHnsEnabled":true,
        "networkAcls":{{"bypass":"AzureServices","defaultAction":"Deny","ipRules":[{{"value":"203.0.113.7"}}],"virtualNetworkRules":[],"resourceAccessRules":[]}},
        "publicNetworkAccess":"Enabled","allowSharedKeyAccess":false,"privateEndpointConnections":[{{"id":"x"}}]}}}}"#
    );
    let next = "https://management.azure.com/subscriptions/s1/providers/Microsoft.Storage/next?p=2";
    let api = FakeManagement::answering(&[
        (
            "GET /subscriptions/s1/providers/Microsoft.Storage/storageAccounts",
            &[CannedReply::body(&format!(r#"{{"value":[],"nextLink":"{next}"}}"#))],
        ),
        (
            "GET /subscriptions/s1/providers/Microsoft.Storage/next",
            &[CannedReply::body(&format!(r#"{{"value":[{one}]}}"#))],
        ),
    ]);
    let name = AccountName::parse("sto8596").unwrap();
    let facts = posture(&api).account(&name, &hub()).await.unwrap().read().unwrap().clone().unwrap();
    assert!(facts.is_hierarchical && !facts.takes_keys && facts.is_public_network_on && !facts.lets_all_networks_in);
    assert!(facts.lets_services_in);
    assert_eq!((facts.network_rules, facts.private_endpoints), (1, 1));
    assert_eq!(facts.keys, [("key1".to_owned(), "2021-03-18T04:42:22.4322836Z".parse().unwrap())]);
    let other = AccountName::parse("another").unwrap();
    assert_eq!(posture(&api).account(&other, &hub()).await.unwrap(), MaybeKnown::Read(None));
}

/// `Microsoft.Storage` 2023-01-01, `BlobServicesGet.json`.
#[tokio::test]
async fn the_settings_of_a_blob_service_are_read() {
    let body = r#"{"name":"default","properties":{"cors":{"corsRules":[{"allowedOrigins":["http://www.contoso.com","http://www.fabrikam.com"],
        "allowedMethods":["GET","HEAD"],"maxAgeInSeconds":100,"exposedHeaders":["x-ms-meta-*"],"allowedHeaders":["x-ms-meta-abc"]},
        {"allowedOrigins":["*"],"allowedMethods":["GET"],"maxAgeInSeconds":2,"exposedHeaders":["*"],"allowedHeaders":["*"]}]},
        "defaultServiceVersion":"2017-07-29","deleteRetentionPolicy":{"enabled":true,"days":300},"isVersioningEnabled":true}}"#;
    let api = FakeManagement::answering(&[("GET ", &[CannedReply::body(body)])]);
    let name = AccountName::parse("sto8596").unwrap();
    let told = posture(&api).service(&name, Some(&account())).await.unwrap();
    let service = told.read().unwrap();
    assert_eq!((service.is_versioned.clone(), service.soft_delete_days), (MaybeKnown::Read(true), Some(300)));
    assert_eq!(service.cors[0].origins, ["http://www.contoso.com", "http://www.fabrikam.com"]);
    assert_eq!((service.cors[1].max_age, service.cors.len()), (2, 2));
    assert_eq!(api.asked(), [format!("GET {ACCOUNT}/blobServices/default?api-version=2023-01-01")]);
}

/// `Microsoft.Insights` 2021-05-01-preview, `listDiagnosticSettingsCategory.json`.
#[tokio::test]
async fn diagnostic_settings_are_read() {
    let body = r#"{"value":[{"id":"/x","type":"t","name":"mysetting","properties":{
        "storageAccountId":"/subscriptions/df602c9c/resourceGroups/apptest/providers/Microsoft.Storage/storageAccounts/appteststorage1",
        "workspaceId":"","metrics":[],"logs":[{"category":"BastionAuditLogs","enabled":true},{"category":"Other","enabled":false},
        {"category":null,"categoryGroup":"audit","enabled":true}]}},{"name":"bare","properties":{"storageAccountId":"","logs":null}}]}"#;
    let api = FakeManagement::answering(&[("GET ", &[CannedReply::body(body)])]);
    let told = posture(&api).diagnostics(&hub()).await.unwrap();
    let [one, bare] = told.read().unwrap().as_slice() else { panic!("{told:?}") };
    assert_eq!(
        (one.categories.as_slice(), one.groups.as_slice()),
        (&["BastionAuditLogs".to_owned()][..], &["audit".to_owned()][..])
    );
    assert!(one.account_id.as_deref().unwrap().ends_with("appteststorage1"));
    assert_eq!(bare.account_id, None);
}

/// `Microsoft.EventGrid` 2022-06-15, `SystemTopics_ListBySubscription.json` and
/// `SystemTopicEventSubscriptions_Get.json`.
#[tokio::test]
async fn subscriptions_of_the_system_topic_and_of_the_account_are_read() {
    let topic =
        "/subscriptions/s1/resourceGroups/examplerg/providers/Microsoft.EventGrid/systemTopics/exampleSystemTopic1";
    let topics = format!(
        r#"{{"value":[{{"properties":{{"source":"{}","topicType":"microsoft.storage.storageaccounts"}},"id":"{topic}","name":"exampleSystemTopic1"}},
        {{"properties":{{"source":"/subscriptions/s1/other"}},"id":"/subscriptions/s1/elsewhere","name":"another"}}]}}"#,
        ACCOUNT.to_lowercase()
    );
    let subscription = r#"{"value":[{"properties":{"provisioningState":"Succeeded","deliveryWithResourceIdentity":{"destination":{"properties":
        {"resourceId":"/x","queueName":"recording-events"},"endpointType":"StorageQueue"}},
        "filter":{"subjectBeginsWith":"ExamplePrefix","subjectEndsWith":"ExampleSuffix","includedEventTypes":["Microsoft.Storage.BlobCreated"]},
        "eventDeliverySchema":"EventGridSchema"},"name":"examplesubscription1"}]}"#;
    let own = subscription
        .replace("examplesubscription1", "own")
        .replace("Succeeded", "Failed")
        .replace(r#""queueName":"recording-events""#, r#""endpointUrl":null"#);
    let api = FakeManagement::answering(&[
        (&format!("GET {topic}/eventSubscriptions"), &[CannedReply::body(subscription)]),
        ("GET /subscriptions/s1/providers/Microsoft.EventGrid/systemTopics", &[CannedReply::body(&topics)]),
        (&format!("GET {ACCOUNT}/providers/Microsoft.EventGrid/eventSubscriptions"), &[CannedReply::body(&own)]),
    ]);
    let told = posture(&api).subscriptions(&account()).await.unwrap();
    let [one, own] = told.read().unwrap().as_slice() else { panic!("{told:?}") };
    assert_eq!(
        (one.queue.as_deref(), one.begins_with.as_str(), one.ends_with.as_str()),
        (Some("recording-events"), "ExamplePrefix", "ExampleSuffix")
    );
    assert!(one.is_provisioned && !own.is_provisioned && own.queue.is_none());
}

/// Shape of a rule after the template reference of `storageAccounts/managementPolicies`.
#[tokio::test]
async fn rules_of_the_platform_are_read() {
    let body = r#"{"properties":{"policy":{"rules":[{"name":"old","enabled":true,"type":"Lifecycle","definition":{"filters":{"blobTypes":["blockBlob"],
        "prefixMatch":["recordings/"],"blobIndexMatch":[{"name":"bsr-state","op":"==","value":"due"}]},
        "actions":{"baseBlob":{"tierToCool":{"daysAfterModificationGreaterThan":30},"delete":{"daysAfterModificationGreaterThan":1}}}}},
        {"name":"logs","definition":{"filters":{"blobTypes":["appendBlob"]},"actions":{"baseBlob":{"delete":{"daysAfterModificationGreaterThan":1}}}}}]}}}"#;
    let api = FakeManagement::answering(&[("GET ", &[CannedReply::body(body)])]);
    let told = posture(&api).lifecycle(&account()).await.unwrap();
    let [old, logs] = told.read().unwrap().as_slice() else { panic!("{told:?}") };
    assert!(old.is_enabled && old.deletes && !logs.deletes);
    assert_eq!((old.prefixes.as_slice(), old.tags.len()), (&["recordings/".to_owned()][..], 1));
    let none = FakeManagement::answering(&[]);
    assert_eq!(posture(&none).lifecycle(&account()).await.unwrap(), MaybeKnown::Read(Vec::new()));
}

#[tokio::test]
async fn roles_for_a_container_are_read() {
    let body = r#"{"value":[{"properties":{"roleDefinitionId":"/subscriptions/s1/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        "principalId":"p1","principalType":"ServicePrincipal","scope":"/subscriptions/s1"},"id":"/x","type":"t","name":"n"}]}"#;
    let api = FakeManagement::answering(&[("GET ", &[CannedReply::body(body)])]);
    let at = ContainerAddress::parse("sto8596", "recordings").unwrap();
    let told = posture(&api).roles(&account(), &at).await.unwrap();
    let role = Role { principal: "p1".to_owned(), definition: "ba92f5b4-2d11-453d-a403-e96b0029c9fe".to_owned() };
    assert_eq!(told, MaybeKnown::Read(vec![role]));
    assert_eq!(
        api.asked(),
        [format!(
            "GET {ACCOUNT}/blobServices/default/containers/recordings/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=atScope()"
        )]
    );
}

#[tokio::test]
async fn without_a_client_every_answer_is_unknown() {
    let nobody = AzurePosture::default();
    let name = AccountName::parse("local").unwrap();
    assert!(matches!(nobody.bastion(&hub()).await.unwrap(), MaybeKnown::NotReadable(_)));
    assert!(matches!(nobody.service(&name, None).await.unwrap(), MaybeKnown::NotReadable(_)));
    assert!(matches!(nobody.time().await.unwrap(), MaybeKnown::NotReadable(_)));
}
