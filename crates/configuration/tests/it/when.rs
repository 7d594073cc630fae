//! Conditions in `when`.

use domain::policy::matcher::{Condition, Facts};
use insta::assert_snapshot;

use crate::{problems, read};

/// A file with one rule with this condition, in line 6.
fn file(when: &str) -> String {
    format!(
        "version: 1
retention:
  default_class: a
  classes: {{ a: {{ retain_for: P1Y, delete_after: P1Y, then: delete }} }}
  rules:
    - {{ name: one, class: a, when: {when} }}
"
    )
}

fn condition(when: &str) -> Condition {
    read(&file(when)).unwrap().retention.unwrap().rules.remove(0).when
}

#[test]
fn an_unknown_fact_is_an_error_with_the_nearest_one() {
    assert_snapshot!(problems(&file("{ persn: ada@*, tag: x, any: [{ machin: a }], not: { weekday: sat, hour: 5 } }")), @"
    archivist.yaml:6: retention.rules[0].when.persn: is not a known key; did you mean person? Otherwise remove it
    archivist.yaml:6: retention.rules[0].when.tag: is not a known key; remove it; the keys here are account, after_failed_logins, all, any, bastion, client_ip, container, duration, event, first_use, held, machine, match, name, not, own_session, person, protocol, resource_group, review.outcome, severity, size, started, subscription, target_ip, time_of_day, weekday
    archivist.yaml:6: retention.rules[0].when.any[0].machin: is not a known key; did you mean machine? Otherwise remove it
    archivist.yaml:6: retention.rules[0].when.not.hour: is not a known key; remove it; the keys here are account, after_failed_logins, all, any, bastion, client_ip, container, duration, event, first_use, held, machine, match, name, not, own_session, person, protocol, resource_group, review.outcome, severity, size, started, subscription, target_ip, time_of_day, weekday
    ");
}

#[test]
fn a_duplicate_fact_is_an_error() {
    assert_snapshot!(problems(&file("{ machine: a, machine: b }")), @"archivist.yaml:6: retention.rules[0].when.machine: is set twice, first in line 6; keep one of the two");
}

#[test]
fn every_invalid_value_is_reported_with_its_remedy() {
    let when = "
        person: ''
        account: []
        machine: 42
        client_ip: [10.0.0.0/33, 10.0.0.1]
        target_ip: db01
        match: found
        duration: { over: 1h, under: P1D }
        size: { over: 10M, under: -1 }
        started: { after: 2026-13-01, before: tomorrow, until: x }
        time_of_day: { from: '24:00' }
        weekday: [saturday, sun]
        tag.scope: { a: b }
        all: []
        not: [{ machine: a }]";
    assert_snapshot!(problems(&file(when).replace("- { name: one, class: a, when: ", "- name: one\n      class: a\n      when: ").replace(" }\n\n", "\n").replace("}] }", "}]")), @r#"
    archivist.yaml:9: retention.rules[0].when.person: "" matches nothing; write a name, with * for any characters and ? for any one
    archivist.yaml:10: retention.rules[0].when.account: is an empty list; give it an item
    archivist.yaml:11: retention.rules[0].when.machine: is a whole number; write a text in quotes or a list
    archivist.yaml:12: retention.rules[0].when.client_ip[0]: "10.0.0.0/33" is not an address or CIDR; write it as 10.1.2.3, 10.0.0.0/8 or 2001:db8::/32
    archivist.yaml:13: retention.rules[0].when.target_ip: "db01" is not an address or CIDR; write it as 10.1.2.3, 10.0.0.0/8 or 2001:db8::/32
    archivist.yaml:14: retention.rules[0].when.match: "found" is not a match; write pending, matched, ambiguous or unmatched
    archivist.yaml:15: retention.rules[0].when.duration.over: "1h" is not an ISO 8601 duration of hours, minutes and seconds; write it as PT5M or PT12H
    archivist.yaml:15: retention.rules[0].when.duration.under: "P1D" is not an ISO 8601 duration of hours, minutes and seconds; write it as PT5M or PT12H
    archivist.yaml:16: retention.rules[0].when.size.over: "10M" is not a size; write whole bytes, or a whole number with kB, MB, GB, TB, KiB, MiB, GiB or TiB, as in 10MiB
    archivist.yaml:16: retention.rules[0].when.size.under: -1 is out of bounds; write a whole number from 0 to 9007199254740991
    archivist.yaml:17: retention.rules[0].when.started.after: "2026-13-01" is not a date or an RFC 3339 time; write it as 2026-01-31 or 2026-01-31T12:00:00Z
    archivist.yaml:17: retention.rules[0].when.started.before: "tomorrow" is not a date or an RFC 3339 time; write it as 2026-01-31 or 2026-01-31T12:00:00Z
    archivist.yaml:17: retention.rules[0].when.started.until: is not a known key; remove it; the keys here are after, before
    archivist.yaml:18: retention.rules[0].when.time_of_day.to: is missing; add to, as in to: "07:00"
    archivist.yaml:18: retention.rules[0].when.time_of_day.from: "24:00" is not a time of day; write it as "18:00", midnight as "00:00"
    archivist.yaml:19: retention.rules[0].when.weekday[0]: "saturday" is not a day of the week; write mon, tue, wed, thu, fri, sat or sun
    archivist.yaml:20: retention.rules[0].when."tag.scope": is a mapping (key: value); write a text or a list
    archivist.yaml:21: retention.rules[0].when.all: is an empty list; give it an item
    archivist.yaml:22: retention.rules[0].when.not: is a list; write a mapping (key: value)
    "#);
}

#[test]
fn a_matcher_that_matches_everything_or_nothing_is_an_error() {
    assert_snapshot!(problems(&file("{}")), @"archivist.yaml:6: retention.rules[0].when: matches everything; write a condition; default_class is the class of all other recordings");
    assert_snapshot!(problems(&file("{ any: [{ machine: a }, {}], not: {} }")), @"
    archivist.yaml:6: retention.rules[0].when.any[1]: matches everything; write a condition; default_class is the class of all other recordings
    archivist.yaml:6: retention.rules[0].when.not: matches everything; write a condition; default_class is the class of all other recordings
    ");
    assert_snapshot!(problems(&file("{ duration: {}, size: { over: 1KiB, under: 1024 }, started: { after: 2026-04-01, before: 2026-01-01 } }")), @"
    archivist.yaml:6: retention.rules[0].when.duration: has no bound; write over, under or both
    archivist.yaml:6: retention.rules[0].when.size: matches nothing: over is not below under; swap the two, or leave one out
    archivist.yaml:6: retention.rules[0].when.started: matches nothing: after is not below before; swap the two, or leave one out
    ");
    assert_snapshot!(problems(&file("{ time_of_day: { from: '07:00', to: '07:00' } }")), @"archivist.yaml:6: retention.rules[0].when.time_of_day: begins and ends at the same time; write two times, or leave the line out");
}

#[test]
fn event_facts_are_available_only_to_routes() {
    assert_snapshot!(problems(&file("{ event: recording.ready, any: [{ severity: critical }] }")), @"
    archivist.yaml:6: retention.rules[0].when.event: is not known of a recording; remove it: only notification routes know it
    archivist.yaml:6: retention.rules[0].when.any[0].severity: is not known of a recording; remove it: only notification routes know it
    ");
}

#[test]
fn a_single_value_equals_a_list_of_one() {
    assert_eq!(condition("{ machine: vm-* }"), condition("{ machine: [vm-*] }"));
    assert_eq!(condition("{ weekday: sat }"), condition("{ weekday: [sat] }"));
    assert_eq!(condition("{ size: { over: 10MiB } }"), condition("{ size: { over: 10485760 } }"));
}

#[test]
fn case_counts_in_tags_and_nowhere_else() {
    let asked = |when: &str, value: &str| {
        let tags = domain::record::tags::TagSet([("Scope".to_owned(), value.to_owned())].into());
        condition(when).asked(&Facts { machine: Some(value), tags: Some(&tags), ..Facts::default() }).name()
    };
    assert_eq!((asked("{ machine: VM-* }", "vm-1"), asked("{ tag.Scope: VM-* }", "vm-1")), ("true", "false"));
    assert_eq!((asked("{ tag.Scope: vm-* }", "vm-1"), asked("{ tag.scope: vm-* }", "vm-1")), ("true", "false"));
}

#[test]
fn dates_and_times_of_day_are_those_of_the_zone() {
    let at = |when: &str, zone: &str, started: &str| {
        let text = file(when).replace("retention:", &format!("time_zone: {zone}\nretention:"));
        let when = read(&text).unwrap().retention.unwrap().rules.remove(0).when;
        when.asked(&Facts { started: Some(started.parse().unwrap()), ..Facts::default() }).name()
    };
    let new_year = "{ started: { after: 2026-01-01 } }";
    assert_eq!(at(new_year, "Europe/Berlin", "2025-12-31T23:00:00Z"), "true");
    assert_eq!(at(new_year, "Europe/Berlin", "2025-12-31T22:59:59Z"), "false");
    assert_eq!(at(new_year, "UTC", "2025-12-31T23:00:00Z"), "false");
    let night = "{ time_of_day: { from: '18:00', to: '07:00' } }";
    assert_eq!(at(night, "Europe/Berlin", "2026-07-01T04:59:59Z"), "true");
    assert_eq!(at(night, "Europe/Berlin", "2026-07-01T05:00:00Z"), "false");
    assert_eq!(at("{ weekday: sat }", "Asia/Tokyo", "2026-07-03T15:00:00Z"), "true");
    assert_eq!(at("{ weekday: sat }", "UTC", "2026-07-03T15:00:00Z"), "false");
}

#[test]
fn an_unknown_time_zone_is_reported() {
    assert_snapshot!(problems("version: 1\ntime_zone: Berlin\n"), @r#"archivist.yaml:2: time_zone: "Berlin" is not a time zone; write a name of the IANA time zone database, as Europe/Berlin or UTC"#);
}

#[test]
fn a_tag_has_a_value_that_storage_takes() {
    assert_snapshot!(problems(&file("{ tag.owner: [ada@contoso.example, 'ada?contoso*'], tag.scope: a&b }")), @r#"
    archivist.yaml:6: retention.rules[0].when."tag.owner": "ada@contoso.example" is not a value that a tag can have; write letters, digits, blanks and + - . : = _ /, with * and ? for the others
    archivist.yaml:6: retention.rules[0].when."tag.scope": "a&b" is not a value that a tag can have; write letters, digits, blanks and + - . : = _ /, with * and ? for the others
    "#);
}
