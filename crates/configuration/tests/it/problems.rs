//! Every kind of problem, as printed.

use insta::assert_snapshot;

use crate::problems;

#[test]
fn a_text_that_is_no_document_is_reported_at_its_line() {
    assert_snapshot!(problems("version: 1\nbastions: [\n"), @"archivist.yaml:2: is not YAML: unclosed bracket '['; correct the syntax at or near this line, and indent with spaces");
    assert_snapshot!(problems("version: 1\n\tmatching: {}\n"), @"archivist.yaml:1: is not YAML: while scanning a plain scalar, found a tab; correct the syntax at or near this line, and indent with spaces");
    assert_snapshot!(problems("# nothing\n"), @"archivist.yaml:1: holds no document; write version: 1 and the keys that you need");
    assert_snapshot!(problems("version: 1\n---\nversion: 1\n"), @"archivist.yaml:2: a second document begins; keep one document in the file");
    assert_snapshot!(problems(&" ".repeat((1 << 20) + 1)), @"archivist.yaml:1: is larger than 1 MiB; name the right file");
    assert_snapshot!(problems(&"[".repeat(100)), @"archivist.yaml:1: is not YAML: recursion limit exceeded; correct the syntax at or near this line, and indent with spaces");
}

#[test]
fn a_wrong_version_is_reported_first() {
    assert_snapshot!(problems("version: 2\nzones: []\n"), @"archivist.yaml:1: version: 2 is not known to this release; write version: 1, or use the release that knows this version");
    assert_snapshot!(problems("matching: { settle_after: PT1M }"), @"archivist.yaml:1: version: is missing; add version: 1");
    assert_snapshot!(problems("version: \"1\""), @"archivist.yaml:1: version: is a text; write a whole number");
    assert_snapshot!(problems("- version: 1"), @"archivist.yaml:1: is a list; write a mapping (key: value)");
}

#[test]
fn an_unknown_key_is_reported_with_the_nearest_known_one() {
    let text = "
version: 1
bastion: []
dashboards: {}
matching:
  settle_afer: PT5M
  window: PT2M
";
    assert_snapshot!(problems(text), @"
    archivist.yaml:3: bastion: is not a known key; did you mean bastions? Otherwise remove it
    archivist.yaml:4: dashboards: is not a known key; remove it; the keys here are bastions, ledger, matching, notifications, privacy, retention, review, state, time_zone, version
    archivist.yaml:6: matching.settle_afer: is not a known key; did you mean settle_after? Otherwise remove it
    archivist.yaml:7: matching.window: is not a known key; remove it; the keys here are active_at_most, confirm_after, end_tolerance, failed_logins, lead, name_pattern, name_template, recording_without_session_after, session_without_recording_after, settle_after, start_tolerance, suffix_warning_at
    ");
}

#[test]
fn a_host_is_allowed_only_by_its_name() {
    let text = "
version: 1
notifications:
  source: '/bastion archivist'
  allowed_hosts:
    - siem.corp.example
    - https://siem.corp.example/hook
    - 10.1.2.3
    - 168.63.129.16
    - \"[fd00::1]\"
    - '*.corp.example'
    - localhost
    - https://user:hidden@siem.corp.example
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:4: notifications.source: "/bastion archivist" is neither a URI nor the path of one; write it as /bastion-archivist, or the app's resource id
    archivist.yaml:7: notifications.allowed_hosts[1]: "https://siem.corp.example/hook" is not the name of a host; write the host's name alone, as in siem.corp.example, and each host by itself
    archivist.yaml:8: notifications.allowed_hosts[2]: "10.1.2.3" is an address; write the host's name: hosts are allowed by name only, and the platform's own addresses never
    archivist.yaml:9: notifications.allowed_hosts[3]: "168.63.129.16" is an address; write the host's name: hosts are allowed by name only, and the platform's own addresses never
    archivist.yaml:10: notifications.allowed_hosts[4]: "[fd00::1]" is an address; write the host's name: hosts are allowed by name only, and the platform's own addresses never
    archivist.yaml:11: notifications.allowed_hosts[5]: "*.corp.example" is not the name of a host; write the host's name alone, as in siem.corp.example, and each host by itself
    archivist.yaml:12: notifications.allowed_hosts[6]: "localhost" is this machine; leave it out: only a local run calls this machine, and needs no permission for it
    archivist.yaml:13: notifications.allowed_hosts[7]: the text is not the name of a host; write the host's name alone, as in siem.corp.example, and each host by itself
    "#);
}

#[test]
fn a_duplicate_key_is_rejected() {
    assert_snapshot!(problems("version: 1\nmatching: {}\nmatching: {}\n"), @"archivist.yaml:3: matching: is set twice, first in line 2; keep one of the two");
    let text = "version: 1\nnotifications:\n  channels:\n    a: { kind: stub }\n    'a': { kind: stub }\n";
    assert_snapshot!(problems(text), @"archivist.yaml:5: notifications.channels.a: is set twice, first in line 4; keep one of the two");
}

#[test]
fn anchors_aliases_tags_and_merges_are_refused() {
    let text = "
version: !!int 1
bastions:
  - &first { name: a, recordings: { account_url: file:///a/local, container: recordings } }
  - *first
  - { <<: *first, name: b }
  - *nowhere
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:2: version: carries a tag; remove it: the key decides how the value is read
    archivist.yaml:4: bastions[0]: carries an anchor; remove it and write values out where they belong
    archivist.yaml:5: bastions[1]: is an alias; write the value out
    archivist.yaml:6: bastions[2].recordings: is missing; add recordings, as in recordings: {"account_url":"https://stbastionrec01.blob.core.windows.net","container":"recordings"}
    archivist.yaml:6: bastions[2]."<<": is not a known key; remove it; the keys here are access_logs, audit_logs, name, recording_access, recordings, resource_id
    archivist.yaml:6: bastions[2]."<<": is an alias; write the value out
    archivist.yaml:7: bastions[3]: is an alias; write the value out
    "#);
    assert_snapshot!(problems("%YAML 1.2\n---\nversion: 1\n"), @"archivist.yaml:1: is not YAML: YAML directives are disallowed; correct the syntax at or near this line, and indent with spaces");
}

#[test]
fn a_key_is_a_plain_word() {
    assert_snapshot!(problems("version: 1\n[1, 2]: x\n{ a: b }: y\n7: z\n? \"a\\eb c\"\n: z\n"), @r#"
    archivist.yaml:2: has a key that is not a plain word; write it as a plain word
    archivist.yaml:3: has a key that is not a plain word; write it as a plain word
    archivist.yaml:4: 7: is not a known key; remove it; the keys here are bastions, ledger, matching, notifications, privacy, retention, review, state, time_zone, version
    archivist.yaml:5: "a\u{1b}b c": is not a known key; remove it; the keys here are bastions, ledger, matching, notifications, privacy, retention, review, state, time_zone, version
    "#);
}

#[test]
fn a_value_has_the_type_of_its_key() {
    let text = "
version: one
bastions: { name: a }
matching: []
notifications: { channels: [stub] }
";
    assert_snapshot!(problems(text), @"
    archivist.yaml:2: version: is a text; write a whole number
    archivist.yaml:3: bastions: is a mapping (key: value); write a list
    archivist.yaml:4: matching: is a list; write a mapping (key: value)
    archivist.yaml:5: notifications.channels: is a list; write a mapping (key: value)
    ");
    let text = "
version: 1
bastions:
  - { name: 7, recordings: recordings }
  - { name: true, recordings: [] }
  - text
  - { name: { a: b }, resource_id: , recordings: [ { account_url: 1.5, container: 15 }, 4 ] }
matching:
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:4: bastions[0].name: is a whole number; write a text in quotes
    archivist.yaml:4: bastions[0].recordings: is a text; write a mapping (key: value) or a list
    archivist.yaml:5: bastions[1].name: is true or false; write a text in quotes
    archivist.yaml:5: bastions[1].recordings: is an empty list; give it an item
    archivist.yaml:6: bastions[2]: is a text; write a mapping (key: value)
    archivist.yaml:7: bastions[3].name: is a mapping (key: value); write a text
    archivist.yaml:7: bastions[3].resource_id: is empty; write a text
    archivist.yaml:7: bastions[3].recordings[0].account_url: "1.5" is not an https URL; write https://<account>.blob.core.windows.net
    archivist.yaml:7: bastions[3].recordings[0].container: is a whole number; write a text in quotes
    archivist.yaml:7: bastions[3].recordings[1]: is a whole number; write a mapping (key: value)
    archivist.yaml:8: matching: is empty; write a mapping (key: value)
    "#);
    assert_snapshot!(problems("version: 1\nbastions: []\n"), @"archivist.yaml:2: bastions: is an empty list; give it an item");
}

#[test]
fn a_missing_key_is_reported_at_its_place() {
    assert_snapshot!(problems("version: 1\nbastions:\n  - {}\n  - name: a\n    recordings: {}\n"), @r#"
    archivist.yaml:3: bastions[0].name: is missing; add name, as in name: bas-hub-01
    archivist.yaml:3: bastions[0].recordings: is missing; add recordings, as in recordings: {"account_url":"https://stbastionrec01.blob.core.windows.net","container":"recordings"}
    archivist.yaml:5: bastions[1].recordings.account_url: is missing; add account_url, as in account_url: https://stbastionrec01.blob.core.windows.net
    archivist.yaml:5: bastions[1].recordings.container: is missing; add container, as in container: recordings
    "#);
    assert_snapshot!(
        problems("version: 1\nnotifications:\n  channels:\n    a: {}\n    b: { kind: webhook }\n    c: { kind: webhok }\n"),
        @r#"
    archivist.yaml:4: notifications.channels.a.kind: is missing; write kind: teams or kind: slack or kind: webhook or kind: event_grid or kind: stub
    archivist.yaml:5: notifications.channels.b.secret_env: is missing; add secret_env, as in secret_env: SIEM_SECRET
    archivist.yaml:5: notifications.channels.b.url: is missing; add url: https://…, or url_env with the name of the app setting that holds it
    archivist.yaml:6: notifications.channels.c.kind: "webhok" is not known; write kind: teams or kind: slack or kind: webhook or kind: event_grid or kind: stub
    "#
    );
}

#[test]
fn a_text_has_the_format_of_its_key() {
    let text = "
version: 1
bastions:
  - name: -a
    resource_id: /subscriptions/1/bas
    recordings:
      - { account_url: http://st1.blob.core.windows.net, container: Recordings, until: tomorrow }
      - { account_url: 'https://st1.blob.core.windows.net?sig=x', container: a, until: 2026-02-30 }
matching: { settle_after: 5m, active_at_most: P1D }
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:4: bastions[0].name: "-a" is not a bastion's name; write 1 to 80 letters, digits, dots, hyphens and _, as in bas-hub-01
    archivist.yaml:5: bastions[0].resource_id: "/subscriptions/1/bas" is not the resource id of a bastion; copy it from the bastion's properties: /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/bastionHosts/…
    archivist.yaml:7: bastions[0].recordings[0].account_url: "http://st1.blob.core.windows.net" is http to another machine; write https://; http is only for a storage emulator on a loopback address
    archivist.yaml:7: bastions[0].recordings[0].container: "Recordings" is not a container's name; write 3 to 63 lower-case letters, digits and single hyphens
    archivist.yaml:7: bastions[0].recordings[0].until: "tomorrow" is not a date; write it as 2026-01-31
    archivist.yaml:8: bastions[0].recordings[1].account_url: the text contains a user, a query or a fragment; write the account's URL alone; access comes from the app's identity
    archivist.yaml:8: bastions[0].recordings[1].container: "a" is not a container's name; write 3 to 63 lower-case letters, digits and single hyphens
    archivist.yaml:8: bastions[0].recordings[1].until: "2026-02-30" is not a date; write it as 2026-01-31
    archivist.yaml:9: matching.settle_after: "5m" is not an ISO 8601 duration of hours, minutes and seconds; write it as PT5M or PT12H
    archivist.yaml:9: matching.active_at_most: "P1D" is not an ISO 8601 duration of hours, minutes and seconds; write it as PT5M or PT12H
    "#);
}

#[test]
fn a_channel_has_a_plain_name_and_one_url() {
    let text = "
version: 1
notifications:
  channels:
    Ops Room: { kind: stub }
    both: { kind: webhook, url: https://a.example, url_env: SOC_URL, secret_env: SIEM_SECRET }
    none: { kind: webhook, secret_env: SIEM_SECRET }
    extra: { kind: stub, url: https://a.example }
    inline: { kind: webhook, url: https://a.example, secret: x }
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:5: notifications.channels."Ops Room": is not a channel's name; write 1 to 40 lower-case letters, digits, hyphens and _, a letter first
    archivist.yaml:6: notifications.channels.both.url_env: is set together with url; keep one of the two
    archivist.yaml:7: notifications.channels.none.url: is missing; add url: https://…, or url_env with the name of the app setting that holds it
    archivist.yaml:8: notifications.channels.extra.url: is not a known key; remove it; the keys here are kind
    archivist.yaml:9: notifications.channels.inline.secret_env: is missing; add secret_env, as in secret_env: SIEM_SECRET
    archivist.yaml:9: notifications.channels.inline.secret: is not a known key; remove it; the keys here are kind, rate_limit, secret_env, url, url_env
    "#);
}
