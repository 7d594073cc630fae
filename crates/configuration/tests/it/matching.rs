//! Section `matching`.

use insta::assert_snapshot;

use crate::{problems, read};

#[test]
fn durations_must_be_consistent() {
    assert_snapshot!(problems("version: 1\nmatching: { settle_after: PT0S, active_at_most: PT200H }\n"), @r#"
    archivist.yaml:2: matching.settle_after: "PT0S" is out of bounds; write a duration from PT1S to PT24H
    archivist.yaml:2: matching.active_at_most: "PT200H" is out of bounds; write a duration from PT1S to PT168H
    "#);
    assert_snapshot!(problems("version: 1\nmatching: { settle_after: 5m, active_at_most: PT200H }\n"), @r#"
    archivist.yaml:2: matching.settle_after: "5m" is not an ISO 8601 duration of hours, minutes and seconds; write it as PT5M or PT12H
    archivist.yaml:2: matching.active_at_most: "PT200H" is out of bounds; write a duration from PT1S to PT168H
    "#);
    assert_snapshot!(problems("version: 1\nmatching: { settle_after: -PT5M }\n"), @r#"archivist.yaml:2: matching.settle_after: "-PT5M" is not an ISO 8601 duration of hours, minutes and seconds; write it as PT5M or PT12H"#);
    assert_snapshot!(problems("version: 1\nmatching: { settle_after: PT13H }\n"), @r#"archivist.yaml:2: matching.settle_after: "PT13H" is not shorter than active_at_most, PT12H; shorten it, or lengthen active_at_most"#);
    assert_snapshot!(problems("version: 1\nmatching: { active_at_most: PT5M }\n"), @r#"archivist.yaml:2: matching.active_at_most: "PT5M" is not longer than settle_after, PT5M; lengthen it, or write a shorter settle_after"#);
}

#[test]
fn every_duration_has_bounds() {
    let text = "
version: 1
matching:
  start_tolerance: PT2H
  end_tolerance: PT0S
  confirm_after: PT169H
  session_without_recording_after: PT721H
  recording_without_session_after: PT721H
  failed_logins: { within: PT25H }
";
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:4: matching.start_tolerance: "PT2H" is out of bounds; write a duration from PT1S to PT1H
    archivist.yaml:5: matching.end_tolerance: "PT0S" is out of bounds; write a duration from PT1S to PT1H
    archivist.yaml:6: matching.confirm_after: "PT169H" is out of bounds; write a duration from PT1S to PT168H
    archivist.yaml:7: matching.session_without_recording_after: "PT721H" is out of bounds; write a duration from PT1S to PT720H
    archivist.yaml:8: matching.recording_without_session_after: "PT721H" is out of bounds; write a duration from PT1S to PT720H
    archivist.yaml:9: matching.failed_logins.within: "PT25H" is out of bounds; write a duration from PT1S to PT24H
    "#);
}

#[test]
fn a_match_is_awaited_longer_than_its_records_may_take() {
    assert_snapshot!(problems("version: 1\nmatching: { confirm_after: PT5M }\n"), @r#"archivist.yaml:2: matching.confirm_after: "PT5M" is not longer than end_tolerance, PT5M; lengthen it, or write a shorter end_tolerance"#);
    assert_snapshot!(problems("version: 1\nmatching: { confirm_after: PT72H }\n"), @r#"archivist.yaml:2: matching.confirm_after: "PT72H" is not shorter than recording_without_session_after, PT48H; shorten it, or lengthen recording_without_session_after"#);
    assert_snapshot!(problems("version: 1\nmatching: { end_tolerance: PT30M, confirm_after: PT30M, recording_without_session_after: PT10M }\n"), @r#"
    archivist.yaml:2: matching.end_tolerance: "PT30M" is not shorter than confirm_after, "PT30M"; shorten it, or lengthen confirm_after
    archivist.yaml:2: matching.confirm_after: "PT30M" is not shorter than recording_without_session_after, "PT10M"; shorten it, or lengthen recording_without_session_after
    "#);
}

#[test]
fn a_number_has_bounds() {
    let text = "
version: 1
matching:
  suffix_warning_at: 0
  lead: 29
  failed_logins: { count: 1 }
";
    assert_snapshot!(problems(text), @"
    archivist.yaml:4: matching.suffix_warning_at: 0 is out of bounds; write a whole number from 1 to 255
    archivist.yaml:5: matching.lead: 29 is out of bounds; write a whole number from 30 to 100
    archivist.yaml:6: matching.failed_logins.count: 1 is out of bounds; write a whole number from 2 to 1000
    ");
    let text = "
version: 1
matching:
  suffix_warning_at: 256
  lead: 101
  failed_logins: { count: 99999999999 }
";
    assert_snapshot!(problems(text), @"
    archivist.yaml:4: matching.suffix_warning_at: 256 is out of bounds; write a whole number from 1 to 255
    archivist.yaml:5: matching.lead: 101 is out of bounds; write a whole number from 30 to 100
    archivist.yaml:6: matching.failed_logins.count: 99999999999 is out of bounds; write a whole number from 2 to 1000
    ");
    assert_snapshot!(problems("version: 1\nmatching: { suffix_warning_at: '200', lead: '40', failed_logins: 5 }\n"), @"
    archivist.yaml:2: matching.suffix_warning_at: is a text; write a whole number
    archivist.yaml:2: matching.lead: is a text; write a whole number
    archivist.yaml:2: matching.failed_logins: is a whole number; write a mapping (key: value)
    ");
}

#[test]
fn a_value_at_its_bounds_is_accepted() {
    for matching in [
        "start_tolerance: PT1S, end_tolerance: PT1S, confirm_after: PT2S, recording_without_session_after: PT3S",
        "start_tolerance: PT1H, end_tolerance: PT1H, confirm_after: PT168H, recording_without_session_after: PT720H",
        "session_without_recording_after: PT1S, suffix_warning_at: 1, lead: 30, failed_logins: { count: 2, within: PT1S }",
        "session_without_recording_after: PT720H, suffix_warning_at: 255, lead: 100, failed_logins: { count: 1000, within: PT24H }",
    ] {
        assert_eq!(read(&format!("version: 1\nmatching: {{ {matching} }}\n")).err(), None);
    }
}

#[test]
fn a_naming_is_a_template_or_a_pattern() {
    let text = r#"
version: 1
matching:
  name_template: "{vm}_{usr}"
  name_pattern: "^(?<vm>.+"
"#;
    assert_snapshot!(problems(text), @r#"
    archivist.yaml:4: matching.name_template: "{vm}_{usr}" is not a template of names; write {vm} and {user} once each, and no other brace, as in {vm}-{user}
    archivist.yaml:5: matching.name_pattern: "^(?<vm>.+" is not a regular expression: found open group without closing ')'; correct it; look-around and back-references are not known here
    "#);
    assert_snapshot!(problems("version: 1\nmatching: { name_pattern: '^(?<machine>.+)-(?<user>.+)$' }\n"), @r#"archivist.yaml:2: matching.name_pattern: "^(?<machine>.+)-(?<user>.+)$" has no group vm; name the groups vm and user, and suffix if you like, as in ^(?<user>.+)@(?<vm>.+?)(\.(?<suffix>[0-9]+))?$"#);
    assert_snapshot!(problems("version: 1\nmatching: { name_pattern: '^(?<vm>.+)-(?<user>.+)(?<sufix>.*)$' }\n"), @r#"archivist.yaml:2: matching.name_pattern: "^(?<vm>.+)-(?<user>.+)(?<sufix>.*)$" has a group sufix, which is not known; name the groups vm and user, and suffix if you like, as in ^(?<user>.+)@(?<vm>.+?)(\.(?<suffix>[0-9]+))?$"#);
}
