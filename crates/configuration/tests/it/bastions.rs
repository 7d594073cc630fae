//! Rules between bastions and their containers.

use insta::assert_snapshot;

use crate::{problems, read};

#[test]
fn a_bastion_and_a_container_are_configured_once() {
    let text = "
version: 1
bastions:
  - name: hub
    resource_id: /subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/hub
    recordings: { account_url: https://st1.blob.core.windows.net, container: recordings }
  - name: HUB
    resource_id: /subscriptions/1/resourcegroups/rg/providers/microsoft.network/bastionhosts/HUB
    recordings:
      - { account_url: https://ST1.blob.core.windows.net/, container: recordings }
      - { account_url: file:///srv/st2, container: recordings }
      - { account_url: file:///srv/st3, container: recordings, until: 2025-01-01 }
      - { account_url: file:///srv/st4, container: recordings, until: 2025-01-01 }
";
    assert_snapshot!(problems(text), @"
    archivist.yaml:7: bastions[1].name: is the same as in line 4; give each bastion its own name
    archivist.yaml:8: bastions[1].resource_id: is the same as in line 5; list each bastion once, with all its containers
    archivist.yaml:10: bastions[1].recordings[0]: is the same as in line 6; leave each container with the one bastion that records into it
    archivist.yaml:11: bastions[1].recordings[1]: is a second present container, after the one in line 10; add until: DATE to the earlier one
    archivist.yaml:13: bastions[1].recordings[3].until: is the same as in line 12; write the day on which the bastion left this container
    ");
}

#[test]
fn a_bastion_in_azure_has_a_resource_id() {
    let text = "
version: 1
bastions:
  - { name: hub, recordings: { account_url: https://st1.blob.core.windows.net, container: recordings } }
";
    assert_snapshot!(problems(text), @"archivist.yaml:4: bastions[0].resource_id: is missing; add resource_id: /subscriptions/…/providers/Microsoft.Network/bastionHosts/…, from the bastion's properties");
}

#[test]
fn audit_logs_are_read_from_the_configured_place() {
    let text = "
version: 1
bastions:
  - { name: hub, recordings: { account_url: file:///srv/local, container: recordings } }
  - name: spoke
    recordings: { account_url: file:///srv/local, container: spoke }
    audit_logs: { account_url: file:///srv/audit }
";
    let estate = read(text).unwrap().estate();
    let of = |at: usize| estate.bastions[at].audit_logs.as_ref().map(ToString::to_string);
    assert_eq!((of(0), of(1).as_deref()), (None, Some("audit/insights-logs-bastionauditlogs")));
}

#[test]
fn every_account_of_the_configuration_is_listed() {
    let configuration = read(include_str!("../golden/v1.yaml")).unwrap();
    let accounts: Vec<&str> = configuration.account_urls().map(|url| url.account().as_str()).collect();
    assert_eq!(
        accounts,
        ["stsessions01", "stbastionold", "staudit01", "devstoreaccount1", "devstoreaccount1", "local"]
    );
}

#[test]
fn audit_logs_have_a_container_apart_from_recordings() {
    let text = "
version: 1
bastions:
  - name: a
    recordings: { account_url: file:///srv/st1, container: aaa }
    audit_logs: { account_url: file:///srv/st1, container: bbb }
  - name: b
    recordings: { account_url: file:///srv/st1, container: bbb }
    audit_logs:
      account_url: file:///srv/st2
  - name: c
    recordings:
      - { account_url: file:///srv/st1, container: ccc }
      - { account_url: file:///srv/st2, container: insights-logs-bastionauditlogs, until: 2025-01-01 }
";
    assert_snapshot!(problems(text), @"
    archivist.yaml:6: bastions[0].audit_logs: is the container of recordings in line 8; write the container that the bastion's diagnostic setting writes into
    archivist.yaml:10: bastions[1].audit_logs: is the container of recordings in line 14; write the container that the bastion's diagnostic setting writes into
    ");
}

#[test]
fn bastions_sharing_audit_logs_need_a_resource_id() {
    let text = "
version: 1
bastions:
  - name: a
    resource_id: /subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/a
    recordings: { account_url: file:///srv/st1, container: aaa }
    audit_logs: { account_url: file:///srv/st2 }
  - name: b
    recordings: { account_url: file:///srv/st1, container: bbb }
    audit_logs: { account_url: file:///srv/st2, container: insights-logs-bastionauditlogs }
  - name: c
    recordings: { account_url: file:///srv/st1, container: ccc }
    audit_logs: { account_url: https://st3.blob.core.windows.net }
  - name: d
    recordings: { account_url: file:///srv/st1, container: ddd }
    audit_logs: { account_url: file:///srv/st4 }
";
    assert_snapshot!(problems(text), @"
    archivist.yaml:8: bastions[1].resource_id: is missing; add the resource_id by which its records can be distinguished from those of other bastions, or give its audit log a container of its own
    archivist.yaml:11: bastions[2].resource_id: is missing; add resource_id: /subscriptions/…/providers/Microsoft.Network/bastionHosts/…, from the bastion's properties
    ");
}

#[test]
fn an_audit_log_problem_is_reported_once() {
    let text = "
version: 1
bastions:
  - { name: a, recordings: { account_url: file:///srv/st1, container: aaa }, audit_logs: { container: A } }
  - { name: b, recordings: { account_url: file:///srv/st1, container: bbb }, audit_logs: [] }
  - { name: c, recordings: { account_url: file:///srv/st1, container: ccc }, audit_logs: { account_url: 'file:///srv/st1', contaner: x } }
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:4: bastions[0].audit_logs.account_url: is missing; add account_url, as in account_url: https://staudit01.blob.core.windows.net
    archivist.yaml:4: bastions[0].audit_logs.container: "A" is not a container's name; write 3 to 63 lower-case letters, digits and single hyphens
    archivist.yaml:5: bastions[1].audit_logs: is a list; write a mapping (key: value)
    archivist.yaml:6: bastions[2].audit_logs.contaner: is not a known key; did you mean container? Otherwise remove it
    "#);
}

#[test]
fn a_bastion_has_one_way_to_write_its_recordings() {
    let text = "
version: 1
bastions:
  - { name: a, recordings: { account_url: file:///srv/st1, container: aaa }, recording_access: { sas_expires: 2027-01-31 } }
  - { name: b, recordings: { account_url: file:///srv/st1, container: bbb }, recording_access: { managed_identity: true } }
  - { name: c, recordings: { account_url: file:///srv/st1, container: ccc }, recording_access: {} }
  - { name: c2, recordings: { account_url: file:///srv/st1, container: cc2 }, recording_access: { managed_identity: false } }
  - { name: d, recordings: { account_url: file:///srv/st1, container: ddd }, recording_access: { sas_expires: soon } }
  - name: e
    recordings: { account_url: file:///srv/st1, container: eee }
    recording_access: { sas_expires: 2027-01-31, managed_identity: true }
";
    assert_snapshot!(problems(text), @"
    archivist.yaml:6: bastions[2].recording_access: has neither sas_expires nor managed_identity; write sas_expires: DATE for a shared access signature, or managed_identity: true
    archivist.yaml:7: bastions[3].recording_access.managed_identity: is false; write true, or leave the key out
    archivist.yaml:8: bastions[4].recording_access.sas_expires: \"soon\" is not a date; write it as 2026-01-31
    archivist.yaml:11: bastions[5].recording_access: has both sas_expires and managed_identity; write sas_expires: DATE for a shared access signature, or managed_identity: true
    ");
}

#[test]
fn access_by_signature_has_expired_when_its_last_day_is_over() {
    let text = "
version: 1
bastions:
  - { name: a, recordings: { account_url: file:///srv/st1, container: aaa }, recording_access: { sas_expires: 2027-01-31 } }
";
    let estate = read(text).unwrap().estate();
    assert_eq!(estate.bastions[0].access_expires, Some("2027-02-01T00:00:00Z".parse().unwrap()));
}

#[test]
fn an_access_log_in_the_account_of_the_recordings_is_a_problem() {
    let text = |account: &str| {
        format!(
            "version: 1\nbastions:\n  - name: bas\n    resource_id: /subscriptions/s/resourceGroups/r/providers/Microsoft.Network/bastionHosts/bas\n    \
             recordings: {{ account_url: https://strec.blob.core.windows.net, container: recordings }}\n    \
             access_logs: {{ account_url: https://{account}.blob.core.windows.net }}\n"
        )
    };
    let problems = read(&text("strec")).unwrap_err().to_string();
    assert!(problems.contains("access_logs: is the account of the recordings"), "{problems}");
    let read = read(&text("staudit")).unwrap();
    assert_eq!(read.estate().access_log_containers().len(), 3);
}

#[test]
fn every_problem_of_access_logs_is_reported_with_its_place() {
    let bastion = |(at, access_logs): (usize, &str)| {
        format!(
            "  - {{ name: b{at}, resource_id: /subscriptions/s/resourceGroups/r/providers/Microsoft.Network/bastionHosts/b{at}, \
             recordings: {{ account_url: 'https://st{at}.blob.core.windows.net', container: aaa }}, access_logs: {access_logs} }}\n"
        )
    };
    let access_logs = [
        "{ account_url: 'https://st0.blob.core.windows.net' }",
        "{}",
        "{ account_url: 'http://staudit.example' }",
        "{ account_url: 'https://staudit.blob.core.windows.net', container: logs }",
        "{ account_url: 'https://staudit.blob.core.windows.net', bastion_ids: ['not an id'] }",
        "staudit",
    ];
    let bastions: String = access_logs.into_iter().enumerate().map(bastion).collect();
    assert_snapshot!(problems(&format!("version: 1\nbastions:\n{bastions}")), @r#"
    archivist.yaml:3: bastions[0].access_logs: is the account of the recordings; write the account that the diagnostic setting of the recordings' account sends to, such as that of audit_logs
    archivist.yaml:4: bastions[1].access_logs.account_url: is missing; add account_url, as in account_url: https://staudit01.blob.core.windows.net
    archivist.yaml:5: bastions[2].access_logs.account_url: "http://staudit.example" is http to another machine; write https://; http is only for a storage emulator on a loopback address
    archivist.yaml:6: bastions[3].access_logs.container: is not a known key; remove it; the keys here are account_url, archivist_ids, bastion_ids
    archivist.yaml:7: bastions[4].access_logs.bastion_ids[0]: "not an id" is not the id of an identity; write its object id or client id: 32 hexadecimal digits in 5 groups
    archivist.yaml:8: bastions[5].access_logs: is a text; write a mapping (key: value)
    "#);
}
