//! The command line as a whole: version, help, completions, zones, and taken ports.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;

use tempfile::TempDir;

use crate::support::process::{ARCHIVIST, EndedProcess, Running};

fn run(home: &TempDir, arguments: &[&str]) -> EndedProcess {
    let mut command = Command::new(ARCHIVIST);
    Running::start(command.args(arguments).env_clear().current_dir(home.path())).end()
}

#[test]
fn the_version_names_the_target_and_nothing_of_the_machine() {
    let ended = run(&TempDir::new().unwrap(), &["--version"]);
    let version = ended.stdout.trim_end();
    let rest = version.strip_prefix(concat!("archivist ", env!("CARGO_PKG_VERSION"), " (")).unwrap();
    assert!(rest.ends_with(&format!("{}-linux-gnu)", "x86_64-unknown")) || rest.contains("-linux-"), "{version}");
    assert!(!version.contains('/'), "{version}");
}

#[test]
fn the_bash_script_completes_commands_and_options() {
    let home = TempDir::new().unwrap();
    let script = run(&home, &["completions", "bash"]);
    assert_eq!((script.code, script.stderr.as_str()), (Some(0), ""));
    std::fs::write(home.path().join("archivist.bash"), &script.stdout).unwrap();
    let completed = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let (at, word, before) = (words.len() - 1, words[words.len() - 1], words[words.len() - 2]);
        let test = format!(
            "source archivist.bash; COMP_WORDS=({line}); COMP_CWORD={at}; _archivist archivist {word} {before}; \
             echo ${{COMPREPLY[@]}}"
        );
        let output = Command::new("bash").args(["-c", &test]).current_dir(home.path()).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(completed("archivist record"), "recordings");
    assert_eq!(completed("archivist recordings ex"), "export");
    assert_eq!(completed("archivist sessions list --with"), "--without-recording");
}

#[test]
fn every_shell_has_a_script_that_names_every_command() {
    let home = TempDir::new().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = run(&home, &["completions", shell]).stdout;
        for command in ["recordings", "retention", "backfill", "completions"] {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
    let refused = run(&home, &["completions", "tcsh"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("[possible values: bash, zsh, fish, powershell]"), "{}", refused.stderr);
}

#[test]
fn an_unknown_zone_is_refused_before_the_command_runs() {
    let ended = run(&TempDir::new().unwrap(), &["recordings", "list", "--tz", "Berlin"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("write a name of the IANA time zone database"), "{}", ended.stderr);
}

#[test]
fn the_zone_of_the_configuration_applies_to_tables() {
    let home = TempDir::new().unwrap();
    let recordings = home.path().join("archivist-data/local/recordings");
    std::fs::create_dir_all(&recordings).unwrap();
    std::fs::write(recordings.join("vm-user"), "x").unwrap();
    assert_eq!(run(&home, &["local", "--once", "--port", "0"]).code, Some(0));
    std::fs::write(home.path().join("archivist.yaml"), "version: 1\ntime_zone: Asia/Tokyo\n").unwrap();
    let list = |more: &[&str]| {
        let mut command = Command::new(ARCHIVIST);
        command.args(["recordings", "list"]).args(more).env_clear().current_dir(home.path());
        command.env("ARCHIVIST_CATALOGUE", "sqlite:archivist-data/.archivist/catalogue.sqlite");
        Running::start(&mut command).end().stdout
    };
    assert!(list(&[]).contains("created (Tokyo)"));
    assert!(list(&["--tz", "UTC"]).contains("created (UTC)"));
}

#[test]
fn a_taken_port_does_not_stop_a_run_that_ends_by_itself() {
    let home = TempDir::new().unwrap();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = run(&home, &["local", "--once", "--port", &port]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains(&port) && ended.stderr.contains("is used instead"), "{}", ended.stderr);
    let refused = run(&home, &["local", "--port", &port]);
    assert_eq!(refused.code, Some(3), "a server that people reach under its port does not move: {}", refused.stderr);
}

#[test]
fn a_checked_configuration_is_named_with_its_bastions_and_channels() {
    let home = TempDir::new().unwrap();
    let text = "version: 1
bastions:
  - name: bas-hub-01
    resource_id: /subscriptions/s/resourceGroups/r/providers/Microsoft.Network/bastionHosts/bas-hub-01
    recordings: { account_url: \"https://records01.blob.core.windows.net\", container: recordings }
retention:
  default_class: standard
  classes: { standard: { retain_for: P1Y, delete_after: P1Y, then: delete } }
";
    std::fs::write(home.path().join("archivist.yaml"), text).unwrap();
    let ended = run(&home, &["config", "check"]);
    assert!(
        ended
            .stdout
            .lines()
            .any(|line| line.starts_with("OK") && line.ends_with("archivist.yaml: bastion bas-hub-01; no channel")),
        "{} {}",
        ended.stdout,
        ended.stderr
    );
}
