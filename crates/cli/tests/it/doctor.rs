//! `archivist doctor`, and live sessions.

use std::sync::Arc;

use async_trait::async_trait;
use domain::decide::posture::{ExpectedSetup, MaybeKnown, ResourceId, WriteAccess};
use insta::assert_snapshot;
use pipeline::ports::posture::{Read, Unseen};
use pipeline::ports::{Disconnected, LiveSession, LiveSessions};
use pipeline::posture::Watch;
use serde_json::Value;

use crate::day;
use crate::desk::CliDesk;

const SAS: &str =
    "https://stbastionrec01.blob.core.windows.net/recordings?sp=rcw&st=2026-01-01&se=2026-03-20&spr=https&sr=c&sig=";

fn desk() -> CliDesk {
    let mut desk = CliDesk::with_recordings(&["vm-web-01-azureadmin", "vm-web-01-azureadmin.231"]);
    let estate = day::estate();
    let expected = ExpectedSetup {
        bastion: estate.bastions[0].name.as_str().to_owned(),
        resource_id: None,
        recordings: estate.bastions[0].recordings[0].clone(),
        audit_logs: None,
        access_logs: None,
        access: WriteAccess::SasUntil(day::at("2026-03-20T00:00:00Z")),
        suffix_warning_at: 200,
        deleted_by: None,
    };
    let posture = Arc::new(Unseen("a folder of this machine replaces the storage account".to_owned()));
    desk.watch = Watch { posture, expected: vec![expected], live: None };
    desk
}

#[test]
fn a_visible_check_is_shown_and_an_invisible_one_is_not_good() {
    let ran = desk().run("doctor");
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.out.clone() + &ran.err);
    let (tables, _) = ran.out.rsplit_once("\n\n").unwrap();
    assert!(tables.lines().all(|line| line.chars().count() <= 140));
}

#[test]
fn json_contains_every_check_in_one_document() {
    let ran = desk().run("doctor --json");
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    let checks = document["checks"].as_array().unwrap();
    assert_eq!((ran.code, document["version"].as_u64()), (1, Some(1)));
    for check in checks {
        let (is_good, is_open) = (check["standing"] == "good", check["standing"] == "not_checked");
        assert_eq!(check["fix"].is_null(), is_good || is_open, "{check}");
        assert_eq!(check["because"].is_string(), is_open, "{check}");
    }
    assert!(checks.iter().any(|check| check["check"] == "access.expiry" && check["severity"] == "warning"));
}

#[test]
fn the_way_of_writing_is_shown_in_table_and_document() {
    let desk = desk();
    let name = day::estate().bastions[0].name.as_str().to_owned();
    let ran = desk.run("doctor");
    assert!(ran.out.contains(&format!("How {name} writes recordings")), "{}", ran.out);
    assert!(ran.out.contains("not known yet"), "{}", ran.out);
    let document: Value = serde_json::from_str(&desk.run("doctor --json").out).unwrap();
    let bastion = &document["bastions"][0];
    assert_eq!((bastion["bastion"].as_str(), bastion["needed"].as_u64()), (Some(name.as_str()), Some(20)));
    assert!(bastion["lost"]["share"].is_null(), "{bastion}");
}

#[test]
fn a_signature_is_checked_alone() {
    let mut desk = desk();
    desk.input = format!("{SAS}c2lnbmF0dXJl\n");
    let ran = desk.run("doctor --sas-stdin");
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("it does not permit list"), "{}", ran.out);
    assert!(!ran.out.contains("cors.") && !ran.out.contains("writes recordings"), "{}", ran.out);
}

#[test]
fn no_output_contains_a_signature() {
    let secret = "c2VjcmV0LXNpZ25hdHVyZS1vZi1hLXBlcnNvbg";
    let inputs = [
        format!("{SAS}{secret}"),
        format!("{}{secret}", SAS.replace("sr=c", "sr=b")),
        format!("{}{secret}", SAS.replace("se=2026-03-20", &format!("se={secret}"))),
        format!("{}{secret}", SAS.replace("https://", "ftp://")),
        format!("{}{secret}", SAS.replace("recordings", secret)),
        format!("?{secret}"),
        format!("AccountKey={secret}"),
    ];
    for input in inputs {
        for command in ["doctor --sas-stdin", "doctor --sas-stdin --json", "doctor --sas-stdin --bastion other"] {
            let mut desk = desk();
            desk.input.clone_from(&input);
            let ran = desk.run(command);
            assert!(!ran.out.contains(secret) && !ran.err.contains(secret), "{command}: {}{}", ran.out, ran.err);
            assert!([1, 2].contains(&ran.code));
        }
    }
}

#[test]
fn the_doctor_help_says_that_it_only_reads() {
    let error = <crate::line::CliLine as clap::Parser>::try_parse_from(["archivist", "doctor", "--help"]).unwrap_err();
    assert_snapshot!(error);
}

/// A bastion with one live session.
struct One;

#[async_trait]
impl LiveSessions for One {
    async fn live(&self, _: &ResourceId) -> Read<Vec<LiveSession>> {
        let one = LiveSession {
            id: "s-1".to_owned(),
            started_at: Some(day::at("2026-03-03T08:50:00Z")),
            user_name: Some("azureadmin".to_owned()),
            host_name: Some("vm-web\u{1b}[2J".to_owned()),
            ..LiveSession::default()
        };
        Ok(MaybeKnown::Read(vec![one]))
    }

    async fn disconnect(&self, _: &ResourceId, ids: &[String]) -> Read<Vec<Disconnected>> {
        let one = |id: &String| Disconnected {
            id: id.clone(),
            is_done: id == "s-1",
            message: "as the bastion says".to_owned(),
        };
        Ok(MaybeKnown::Read(ids.iter().map(one).collect()))
    }
}

#[test]
fn live_sessions_are_listed_with_hostile_names_escaped() {
    let mut desk = desk();
    assert_eq!(desk.run("sessions list --live").code, 2, "no bastion can be queried");
    desk.live = Some(Box::new(One));
    let ran = desk.run("sessions list --live");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("s-1") && !ran.out.contains('\u{1b}'), "{}", ran.out);
    let document: Value = serde_json::from_str(&desk.run("sessions list --live --json").out).unwrap();
    assert_eq!(document["bastions"][0]["sessions"][0]["session_id"], "s-1");
}

#[test]
fn a_session_is_disconnected_only_after_confirmation() {
    let mut desk = desk();
    desk.live = Some(Box::new(One));
    let name = day::estate().bastions[0].name.as_str().to_owned();
    let command = format!("sessions disconnect s-1 --bastion {name}");
    let refused = desk.answering(&command, Some(false));
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("End session s-1") && refused.err.contains("nothing was ended"), "{}", refused.err);
    assert_eq!(desk.run(&command).code, 2, "no terminal to confirm on");
    let ended = desk.answering(&command, Some(true));
    assert_eq!((ended.code, ended.out.as_str()), (0, "s-1: ended (as the bastion says)\n"));
    assert_eq!(desk.run(&format!("sessions disconnect s-2 --bastion {name} --yes")).code, 1);
}
