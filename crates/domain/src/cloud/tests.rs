//! Tests which hosts may receive tokens.

use super::CalledService::{Blob, Management, Queue, Table, Topic};
use super::*;

fn known(service: CalledService, host: &str) -> Option<Cloud> {
    service.known(host, &ExtraSuffixes::default()).map(|known| known.cloud)
}

#[test]
fn each_service_of_each_cloud_is_known() {
    for (service, host, cloud) in [
        (Blob, "st1.blob.core.windows.net", Cloud::Public),
        (Queue, "st1.queue.core.windows.net", Cloud::Public),
        (Table, "st1.table.core.windows.net", Cloud::Public),
        (Blob, "st1.blob.core.chinacloudapi.cn", Cloud::China),
        (Queue, "st1.queue.core.usgovcloudapi.net", Cloud::UsGovernment),
        (Blob, "st1.z12.blob.storage.azure.net", Cloud::Public),
        (Table, "st1.z07.table.storage.azure.net", Cloud::Public),
        (Table, "c-1.table.cosmos.azure.com", Cloud::Public),
        (Table, "c-1.table.cosmos.azure.cn", Cloud::China),
        (Table, "c-1.table.cosmos.azure.us", Cloud::UsGovernment),
        (Topic, "t.westeurope-1.eventgrid.azure.net", Cloud::Public),
        (Topic, "my-topic.westeurope-1.eventgrid.azure.net", Cloud::Public),
        (Topic, "topic.chinanorth3-1.eventgrid.azure.cn", Cloud::China),
        (Topic, "topic.usgovvirginia-1.eventgrid.azure.us", Cloud::UsGovernment),
        (Management, "management.azure.com", Cloud::Public),
        (Management, "management.chinacloudapi.cn", Cloud::China),
        (Management, "management.usgovcloudapi.net", Cloud::UsGovernment),
    ] {
        assert_eq!(known(service, host), Some(cloud), "{service:?} {host}");
    }
}

#[test]
fn no_other_host_is_known_however_much_it_looks_like_one() {
    let lookalikes = [
        "blob.core.windows.net",
        ".blob.core.windows.net",
        "st1.blob.core.windows.net.",
        "st1.blob.core.windows.net.evil.example",
        "st1.evil.example",
        "evil.example",
        "st1.blob.core.windows.net@evil.example",
        "a.st1.blob.core.windows.net",
        "st1.x.blob.core.windows.net",
        "st1-secondary.blob.core.windows.net",
        "st.blob.core.windows.net",
        "ST1.blob.core.windows.net",
        "st1.blobxcore.windows.net",
        "st1.blob.core.windows.nett",
        "st1.blob.core.windows.ne",
        "st1blob.core.windows.net",
        "st1.blob-core.windows.net",
        "xn--st1-.blob.core.windows.net",
        "st1.queue.core.windows.net",
        "st1.dfs.core.windows.net",
        "st1.blob.core.cloudapi.de",
        "st1.z.blob.storage.azure.net",
        "st1.z123.blob.storage.azure.net",
        "st1.zaa.blob.storage.azure.net",
        "st1.blob.storage.azure.net",
        "st1.z12.blob.core.windows.net",
        "10.0.0.4",
        "127.0.0.1",
        "[::1]",
        "localhost",
        "",
        "st1.blob.core.windows.net/x",
        "evil.example/st1.blob.core.windows.net",
    ];
    for host in lookalikes {
        assert_eq!(known(Blob, host), None, "{host}");
    }
    let topics = [
        "eventgrid.azure.net",
        "topic.eventgrid.azure.net",
        "topic.westeurope-1.eventgrid.azure.net.evil.example",
        "topic.evil.example",
        "ns.westeurope-1.ts.eventgrid.azure.net",
        "topic.westeurope.eventgrid.azure.net",
        "topic.west-europe-1.eventgrid.azure.net",
        "a.topic.westeurope-1.eventgrid.azure.net",
    ];
    for host in topics {
        assert_eq!(known(Topic, host), None, "{host}");
    }
    for host in ["c-1.table.cosmos.azure.com.evil.example", "-c1.table.cosmos.azure.com", "c1.documents.azure.com"] {
        assert_eq!(known(Table, host), None, "{host}");
    }
    for host in ["management.azure.com.evil.example", "x.management.azure.com", "management.azure.com."] {
        assert_eq!(known(Management, host), None, "{host}");
    }
}

#[test]
fn an_extra_suffix_adds_direct_hosts_but_no_management_api() {
    let extra = ExtraSuffixes::parse("blob.corp.example, Blob.stack.corp.example").unwrap();
    let known = |service: CalledService, host| service.known(host, &extra).map(|known| known.name.to_owned());
    assert_eq!(known(Blob, "st1.blob.corp.example").as_deref(), Some("st1"));
    assert_eq!(known(Blob, "st1.blob.stack.corp.example").as_deref(), Some("st1"));
    assert_eq!(known(Topic, "my-topic.blob.corp.example").as_deref(), Some("my-topic"));
    for host in [
        "blob.corp.example", "a.st1.blob.corp.example", "st1.xblob.corp.example", "s.blob.corp.example",
        "st1.corp.example",
    ] {
        assert_eq!(known(Blob, host), None, "{host}");
    }
    assert_eq!(known(Management, "management.blob.corp.example"), None);
}

#[test]
fn an_extra_suffix_has_at_least_two_labels() {
    assert_eq!(ExtraSuffixes::parse(""), Ok(ExtraSuffixes::default()));
    for text in [
        "com", ".corp.example", "*.corp.example", "https://corp.example", "corp.example:8443", "10.0.0.4",
        "corp..example", "bücher.example", "a.b/c", "corp.example.",
    ] {
        assert!(ExtraSuffixes::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_token_is_requested_for_the_cloud_of_its_receiver() {
    let scopes = |cloud: Cloud| {
        [cloud.cosmos_scope(), cloud.topic_scope()].map(|scope| scope.rsplit('.').nth(1).unwrap_or_default().to_owned())
    };
    assert_eq!(
        Cloud::ALL.map(scopes),
        [["com/", "net/"], ["cn/", "cn/"], ["us/", "us/"]].map(|tops| tops.map(str::to_owned))
    );
}
