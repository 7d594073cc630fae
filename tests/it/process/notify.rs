//! `archivist notify` with only a configuration.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::support::process::{ARCHIVIST, EndedProcess, Running};

const YAML: &str = "version: 1
bastions:
  - name: bas-hub-01
    resource_id: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bas-hub-01
    recordings: { account_url: \"https://stbastionrec01.blob.core.windows.net\", container: recordings }
notifications:
  page_url: https://archivist.example/ui
  channels:
    ops:      { kind: slack, url_env: OPS_URL }
    security: { kind: teams, url_env: SECURITY_URL }
    siem:     { kind: webhook, url_env: SIEM_URL, secret_env: SIEM_SECRET }
    topic:    { kind: event_grid, endpoint: https://t.westeurope-1.eventgrid.azure.net/api/events }
  routes:
    - { name: trouble, when: { severity: [warning, critical] }, channels: [security], continue: true }
    - { name: daily, when: { event: recording.ready }, channels: [ops], continue: true, digest: { daily_at: \"08:00\" } }
    - { name: everything, channels: [siem, topic] }
";

fn run(arguments: &[&str]) -> EndedProcess {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("archivist.yaml"), YAML).unwrap();
    let mut command = Command::new(ARCHIVIST);
    command.args(arguments).env_clear().current_dir(folder.path());
    for (name, value) in [
        ("OPS_URL", "https://slack.example/services/HUSH"),
        ("SECURITY_URL", "https://teams.example/workflows/x?sig=HUSH"),
        ("SIEM_URL", "https://siem.example/HUSH"),
        ("SIEM_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ] {
        command.env(name, value);
    }
    Running::start(&mut command).end()
}

#[test]
fn every_channel_shows_its_sample_message_without_secrets() {
    for (channel, expected) in [
        ("ops", "\"blocks\":["),
        ("security", "\"type\":\"AdaptiveCard\""),
        ("siem", "\"type\":\"recording.ready\""),
        ("topic", "\"type\":\"dev.bastion-archivist.recording.ready.v1\""),
    ] {
        let ended = run(&["notify", "preview", channel]);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{channel}");
        assert!(ended.stdout.contains(expected), "{channel}: {}", ended.stdout);
        assert!(!ended.stdout.contains("HUSH") && !ended.stdout.contains("whsec"), "{channel}: {}", ended.stdout);
    }
}

#[test]
fn the_route_of_a_sample_is_shown_without_a_catalogue() {
    let ended = run(&["notify", "route", "--event", "recording.ready"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("daily: taken -> ops, gathered daily at 08:00 UTC"), "{}", ended.stdout);
    assert!(ended.stdout.ends_with("sent to ops, siem, topic\n"), "{}", ended.stdout);
}

#[test]
fn a_retired_connector_is_reported_at_every_start() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("archivist.yaml"), YAML).unwrap();
    let mut command = Command::new(ARCHIVIST);
    command.args(["notify", "preview", "security"]).env_clear().current_dir(folder.path());
    command.env("OPS_URL", "https://slack.example/HUSH").env("SIEM_URL", "https://siem.example/HUSH");
    command.env("SECURITY_URL", "https://contoso.webhook.office.com/webhookb2/HUSH");
    let ended = Running::start(command.env("SIEM_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).end();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    for told in ["channel security: ", "Microsoft has retired", "make a workflow in Teams"] {
        assert!(ended.stderr.contains(told), "{}", ended.stderr);
    }
    assert!(!ended.stderr.contains("HUSH"), "{}", ended.stderr);
}
