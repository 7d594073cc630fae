//! `archivist backfill` from an inventory report and a folder of logs.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::process::{ARCHIVIST, EndedProcess, Running};

/// A folder with a catalogue and without a configuration.
pub(super) struct Desk(pub(super) TempDir);

fn fixture(path: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path).display().to_string()
}

impl Desk {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// Returns a desk with the recordings of a report in its catalogue.
    pub(super) fn with_a_report() -> Self {
        let desk = Self::new();
        assert_eq!(desk.backfill(&fixture("inventory/report.csv"), &[]).code, Some(0));
        desk
    }

    pub(super) fn run(&self, arguments: &[&str]) -> EndedProcess {
        let mut command = Command::new(ARCHIVIST);
        command.args(arguments).env_clear().current_dir(self.0.path());
        Running::start(command.env("ARCHIVIST_CATALOGUE", "sqlite:catalogue.sqlite")).end()
    }

    /// Like [`Self::run`], as this user of the machine.
    pub(super) fn run_as(&self, user: &str, arguments: &[&str]) -> EndedProcess {
        let mut command = Command::new(ARCHIVIST);
        command.args(arguments).env_clear().current_dir(self.0.path()).env("USER", user);
        Running::start(command.env("ARCHIVIST_CATALOGUE", "sqlite:catalogue.sqlite")).end()
    }

    /// Writes a file into the folder.
    pub(super) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }

    /// Runs a backfill as of three days after the recordings.
    fn backfill(&self, report: &str, more: &[&str]) -> EndedProcess {
        let logs = fixture("audit-logs/tree");
        let arguments =
            ["backfill", "--inventory", report, "--audit-logs", &logs, "--as-of", "2025-11-08T00:00:00Z", "--json"];
        self.run(&[&arguments, more].concat())
    }

    /// Returns a command's JSON document without revisions, which depend on the number of saves.
    fn document(&self, arguments: &[&str]) -> Value {
        let mut document: Value = serde_json::from_str(&self.run(arguments).stdout).unwrap();
        for item in document["items"].as_array_mut().unwrap() {
            item["revision"] = Value::Null;
        }
        document
    }

    pub(super) fn everything(&self) -> [Value; 2] {
        [self.document(&["recordings", "list", "--json"]), self.document(&["sessions", "list", "--json"])]
    }
}

fn summary(ended: &EndedProcess) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{} {}", ended.stdout, ended.stderr))
}

#[test]
fn a_backfill_of_report_and_logs_is_idempotent() {
    let desk = Desk::new();
    let first = desk.backfill(&fixture("inventory/report.csv"), &[]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    let found = summary(&first);
    assert_eq!((&found["recordings"]["total"], &found["recordings"]["matched"]), (&3.into(), &2.into()), "{found}");
    assert_eq!((&found["recordings"]["unmatched"], &found["sessions"]["total"]), (&1.into(), &3.into()), "{found}");
    let [recordings, sessions] = desk.everything();
    let people: Vec<&Value> = recordings["items"].as_array().unwrap().iter().map(|item| &item["person"]).collect();
    assert_eq!(people, [&Value::Null, &"ops@contoso.com".into(), &"zuko@contoso.com".into()]);
    assert!(recordings["items"][1]["tags"]["bsr-state"].is_null(), "no tag of ours is claimed to be there");

    let second = desk.backfill(&fixture("inventory/report.csv"), &[]);
    assert_eq!((second.code, summary(&second)), (Some(0), found));
    assert_eq!(desk.everything(), [recordings, sessions]);
    assert_eq!(desk.run(&["gaps"]).code, Some(1), "a recording without a session is a gap");
}

#[test]
fn without_configuration_a_backfill_uses_the_named_bastion() {
    let desk = Desk::new();
    let ended = desk.backfill(&fixture("inventory/report.csv"), &["--bastion", "bas-of-a-customer"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let [recordings, _] = desk.everything();
    let items = recordings["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["bastion"] == "bas-of-a-customer"), "{items:?}");
}

#[test]
fn a_backfill_skips_recordings_older_than_since() {
    let desk = Desk::new();
    let total =
        |more: &[&str]| summary(&desk.backfill(&fixture("inventory/report.csv"), more))["recordings"]["total"].clone();
    assert_eq!(total(&["--since", "2025-11-05T10:01:00Z"]), 1);
    assert_eq!(total(&["--since", "2025-11-05"]), 3);
}

#[test]
fn a_hold_among_the_tags_of_a_report_reaches_the_entry() {
    let desk = Desk::new();
    let report = desk.0.path().join("report.csv");
    let text = "Name,Creation-Time,Last-Modified,Etag,Content-Length,AccessTier,Tags
recordings/vm-held,2025-11-05T09:00:00Z,2025-11-05T09:30:00Z,e1,1,Hot,bsr-hold=case-7&team=red
recordings/vm-odd,2025-11-05T09:00:00Z,2025-11-05T09:30:00Z,e2,1,Hot,{
";
    std::fs::write(&report, text).unwrap();
    let ended = desk.backfill(&report.display().to_string(), &[]);
    assert!(ended.stderr.contains("report.csv:3: tags unknown: Tags"), "{}", ended.stderr);
    let [recordings, _] = desk.everything();
    let items = recordings["items"].as_array().unwrap();
    let held = items.iter().find(|item| item["name"] == "vm-held").unwrap();
    assert_eq!((&held["tags"]["team"], &held["tags"]["bsr-hold"]), (&"red".into(), &"case-7".into()), "{held}");
    assert_eq!(held["retention"]["verdict"], "held", "{held}");
}

#[test]
fn unreadable_report_rows_are_reported_and_end_with_1() {
    let desk = Desk::new();
    let good = std::fs::read_to_string(fixture("inventory/report.csv")).unwrap();
    let report = desk.0.path().join("report.csv");
    std::fs::write(&report, format!("{good}recordings/\u{1b}[2J,soon,soon,e,1,,,,,\n")).unwrap();
    let ended = desk.backfill(&report.display().to_string(), &[]);
    assert_eq!(ended.code, Some(1));
    assert_eq!(summary(&ended)["recordings"]["total"], 3);
    assert_eq!(summary(&ended)["rejected_rows"], 1);
    assert!(
        ended.stderr.contains("report.csv:7: row not read: Creation-Time \"soon\" is not a time"),
        "{}",
        ended.stderr
    );
}

#[test]
fn an_invalid_backfill_ends_with_2_and_its_reason() {
    let desk = Desk::new();
    std::fs::write(desk.0.path().join("report.csv"), "Name,Etag\n").unwrap();
    let lacking = desk.backfill("report.csv", &[]);
    assert_eq!(lacking.code, Some(2));
    assert!(lacking.stderr.contains("the report lacks the columns Creation-Time, Last-Modified"), "{}", lacking.stderr);
    for (arguments, reason) in [
        (vec!["backfill"], "no bastion is configured"),
        (vec!["backfill", "--inventory", "report.csv"], "--audit-logs <DIR>"),
        (vec!["backfill", "--inventory", "nowhere.csv", "--audit-logs", "."], "nowhere.csv"),
    ] {
        let ended = desk.run(&arguments);
        assert_eq!(ended.code, Some(2), "{}", ended.stderr);
        assert!(ended.stderr.contains(reason), "{}", ended.stderr);
    }
}

#[test]
fn a_configured_folder_is_read_as_storage_is_and_tagged() {
    let desk = Desk::new();
    let root = desk.0.path();
    let (recordings, logs) = (root.join("records01/recordings"), root.join("records01/logs"));
    std::fs::create_dir_all(&recordings).unwrap();
    std::fs::create_dir_all(&logs).unwrap();
    std::fs::write(recordings.join("vm-web-01-root.1"), "x").unwrap();
    let account = root.join("records01").display().to_string();
    let configuration = format!(
        "version: 1\nbastions:\n  - name: bas-test\n    recordings: {{ account_url: \"file://{account}\", container: recordings }}\n    audit_logs: {{ account_url: \"file://{account}\", container: logs }}\n"
    );
    std::fs::write(root.join("archivist.yaml"), configuration).unwrap();
    let ended = desk.run(&["backfill", "--bastion", "bas-test", "--json"]);
    assert_eq!((ended.code, &summary(&ended)["recordings"]["total"]), (Some(0), &1.into()), "{}", ended.stderr);
    assert_eq!(desk.document(&["recordings", "list", "--json"])["items"][0]["tags"]["bsr-state"], "active");
    let other = desk.run(&["backfill", "--bastion", "bas-other"]);
    assert_eq!(other.code, Some(2));
    assert!(other.stderr.contains("\"bas-other\" is not configured; configured are bas-test"), "{}", other.stderr);
}

/// Two bastions that both record into a container called `recordings`, in different accounts.
const TWINS: &str = "version: 1
bastions:
  - name: bas-one
    resource_id: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bas-one
    recordings: { account_url: https://stone.blob.core.windows.net, container: recordings }
  - name: bas-two
    resource_id: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bas-two
    recordings: { account_url: https://sttwo.blob.core.windows.net, container: recordings }
";

#[test]
fn a_report_of_several_possible_accounts_needs_one_named() {
    let desk = Desk::new();
    std::fs::write(desk.0.path().join("archivist.yaml"), TWINS).unwrap();
    let report = fixture("inventory/report.csv");
    let refused = desk.backfill(&report, &[]);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("add --account stone or --account sttwo"), "{}", refused.stderr);
    for (more, account) in [(["--account", "sttwo"], "sttwo"), (["--bastion", "bas-one"], "stone")] {
        let desk = Desk::new();
        std::fs::write(desk.0.path().join("archivist.yaml"), TWINS).unwrap();
        let ended = desk.backfill(&report, &more);
        assert_eq!(summary(&ended)["recordings"]["total"], 3, "{}", ended.stderr);
        let [recordings, _] = desk.everything();
        let items = recordings["items"].as_array().unwrap();
        assert!(items.iter().all(|item| item["account"] == account), "{items:?}");
    }
    let wrong = desk.backfill(&report, &["--bastion", "bas-one", "--account", "sttwo"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("\"sttwo\" has no recordings of bastion bas-one"), "{}", wrong.stderr);
}

#[test]
fn report_rows_of_unconfigured_containers_are_counted_and_end_with_1() {
    let desk = Desk::new();
    let configuration = TWINS.replace(
        "stone.blob.core.windows.net, container: recordings",
        "stone.blob.core.windows.net, container: elsewhere",
    );
    std::fs::write(desk.0.path().join("archivist.yaml"), configuration).unwrap();
    let ended = desk.backfill(&fixture("inventory/report.csv"), &["--account", "stone"]);
    assert_eq!((ended.code, &summary(&ended)["recordings"]["total"]), (Some(1), &0.into()), "{}", ended.stderr);
    assert_eq!(summary(&ended)["foreign_rows"], 3);
    assert!(ended.stderr.contains("container stone/recordings is not configured"), "{}", ended.stderr);
}

#[test]
fn several_reports_in_any_order_equal_one_report() {
    let whole = std::fs::read_to_string(fixture("inventory/report.csv")).unwrap();
    let (header, rows) = whole.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    // The second part is of another container.
    let elsewhere: Vec<String> = rows.iter().skip(1).map(|row| row.replacen("recordings/", "others/", 1)).collect();
    let part = |rows: &[&str]| format!("{header}\n{}\n", rows.join("\n"));
    let elsewhere: Vec<&str> = elsewhere.iter().map(String::as_str).collect();
    let (one, other) = (part(&rows[..1]), part(&elsewhere));
    let all = part(&[&rows[..1], &elsewhere].concat());
    let outcome = |parts: &[&str]| {
        let desk = Desk::new();
        let given = parts.iter().enumerate().map(|(number, text)| {
            let path = desk.0.path().join(format!("{number}.csv"));
            std::fs::write(&path, text).unwrap();
            summary(&desk.backfill(&path.display().to_string(), &[]))
        });
        let summaries: Vec<_> = given.collect();
        let last = summaries.last().unwrap();
        [last["recordings"].clone(), last["sessions"].clone(), last["gaps"].clone()]
    };
    let expected = outcome(&[&all]);
    assert_eq!(outcome(&[&one, &other]), expected);
    assert_eq!(outcome(&[&other, &one]), expected);
}

#[test]
fn without_configuration_a_report_uses_the_named_account() {
    let desk = Desk::new();
    let ended = desk.backfill(&fixture("inventory/report.csv"), &["--account", "stcustomer"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let [recordings, _] = desk.everything();
    assert!(recordings["items"].as_array().unwrap().iter().all(|item| item["account"] == "stcustomer"));
}

/// Audit record of the session `tunnel` on a machine of its name, begun and ended at these times of the day.
fn record(tunnel: &str, began: &str, ended: Option<&str>) -> String {
    const BASTION: &str = "/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BAS";
    const MACHINES: &str = "/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES";
    let time = format!("2026-09-07T{}Z", ended.unwrap_or(began));
    let end = ended.map_or_else(String::new, |ended| format!(r#","sessionEndTime":"2026-09-07T{ended}Z""#));
    format!(
        r#"{{"time":"{time}","resourceId":"{BASTION}","operationName":"Microsoft.Network/BastionHost/connect","category":"BastionAuditLogs","properties":{{"userName":"adm","userAgent":"Mozilla/5.0 Chrome/130.0.0.0","targetResourceId":"{MACHINES}/VM-{tunnel}","message":"Successfully Connected.","userEmail":"{tunnel}@contoso.com","tunnelId":"{tunnel}","sessionStartTime":"2026-09-07T{began}Z"{end}}}}}"#
    )
}

#[test]
fn a_report_of_minutes_after_a_session_ends_and_leaves_its_recording_pending() {
    let desk = Desk::new();
    let day = "logs/resourceId=/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BAS/y=2026/m=09/d=07";
    let sessions = [("h=09", "1", "09:00:00", "09:03:20"), ("h=16", "0", "16:53:00", "16:54:30")];
    for (hour, tunnel, began, ended) in sessions {
        let folder = format!("{day}/{hour}/m=00");
        std::fs::create_dir_all(desk.0.path().join(&folder)).unwrap();
        let lines = format!("{}\n{}\n", record(tunnel, began, None), record(tunnel, began, Some(ended)));
        desk.write(&format!("{folder}/PT1H.json"), &lines);
    }
    let rows = "Name,Creation-Time,Last-Modified,Content-Length,Etag,AccessTier,Tags\n\
        recordings/vm-1-adm,2026-09-07T09:00:03Z,2026-09-07T09:03:22Z,5000,0x1,Hot,\n\
        recordings/vm-0-adm,2026-09-07T16:53:03Z,2026-09-07T16:54:32Z,5000,0x2,Hot,\n";
    desk.write("report.csv", rows);
    let as_of = |time: &str| {
        let ended = desk.run(&[
            "backfill", "--inventory", "report.csv", "--audit-logs", "logs", "--account", "local", "--as-of", time,
            "--json",
        ]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let [recordings, _] = desk.everything();
        let items = recordings["items"].as_array().unwrap().clone();
        let find = |name: &str| items.iter().find(|item| item["name"] == name).unwrap()["match"].clone();
        [find("vm-1-adm"), find("vm-0-adm")]
    };
    // The search for other recordings of that minute is complete only some minutes later.
    assert_eq!(as_of("2026-09-07T17:00:00Z"), ["matched", "pending"]);
    assert_eq!(as_of("2026-09-08T17:00:00Z"), ["matched", "matched"]);
}
