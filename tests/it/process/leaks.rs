//! Every channel through which a secret or a formula could leave the program, with every kind of secret as input.
//!
//! Channels outside this table have their own tests: traces and metrics
//! (`handler::traces::telemetry_contains_no_people_addresses_or_secrets`), addresses of receivers
//! (`process::secrets`), and the printed forms of types that hold secrets (`channels`, `configuration`, `telemetry`).

use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;

use crate::support::process::{EndedProcess, Handler, ProcessEstate, Running, free_port, http};

/// Part of every secret, and of no other text.
const MARK: &str = "hunter2";

/// Texts with a secret, by kind.
const SECRETS: [(&str, &str); 10] = [
    ("signature in a URL", "https://st1.blob.core.windows.net/c/a.yaml?sv=2026-01-01&sig=hunter2%3D"),
    ("signature in a URL in capitals", "HTTPS://st1.blob.core.windows.net/c/a.yaml?sv=2026-01-01&sig=hunter2%3D"),
    ("signature without a scheme", "st1.blob.core.windows.net/c/a.yaml?sv=2026-01-01&sig=hunter2%3D"),
    ("password in a URL", "https://user:hunter2@st1.blob.core.windows.net/c/a.yaml"),
    ("function key", "https://app.azurewebsites.net/ui/?code=hunter2=="),
    ("account key", "DefaultEndpointsProtocol=https;AccountName=st1;AccountKey=hunter2=="),
    ("bearer token", "Bearer hunter2.hunter2.hunter2"),
    ("signing secret", "whsec_hunter2hunter2hunter2hunter2"),
    ("address of Slack", "https://hooks.slack.com/services/T0/B0/hunter2"),
    ("address of Teams", "https://prod-1.westeurope.logic.azure.com/workflows/hunter2/triggers/manual?sig=hunter2"),
];

/// Configuration keys that may contain a secret by mistake.
const KEYS: [&str; 8] = [
    "state: { account_urls: { blob: \"{}\" } }",
    "bastions: [{ name: b, recordings: { account_url: \"{}\", container: recordings } }]",
    "bastions: [{ name: b, resource_id: r, recordings: { account_url: \"file:///srv/local\", container: \"{}\" } }]",
    "notifications: { channels: { a: { kind: slack, url: \"{}\", url_env: \"{}\" } } }",
    "notifications: { channels: { a: { kind: webhook, url: \"{}\", secret_env: \"{}\" } } }",
    "notifications: { channels: { a: { kind: event_grid, endpoint: \"{}\" } } }",
    "notifications: { page_url: \"{}\" }",
    "notifications: { allowed_hosts: [\"{}\"] }",
];

const SETTINGS: [&str; 8] = [
    "ARCHIVIST_CONFIG",
    "ARCHIVIST_CATALOGUE",
    "ARCHIVIST_EXTRA_SUFFIXES",
    "ARCHIVIST_PAGE_AUTH",
    "AzureWebJobsStorage",
    "AzureWebJobsStorage__blobServiceUri",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
];

#[test]
fn no_channel_lets_a_secret_or_a_formula_out() {
    let mut shown: Vec<(String, String)> = Vec::new();
    for (kind, secret) in SECRETS {
        let estate = ProcessEstate::new();
        let mut show = |channel: &str, ended: EndedProcess| {
            shown.push((format!("{kind}, {channel}"), format!("{}\n{}", ended.stdout, ended.stderr)));
        };
        for arguments in [
            &["config", "check", "--config", secret][..],
            &["config", "check", "--json", "--config", secret],
            &["config", "diff", "--app", secret],
            &["config", "push", "--yes", "--app", secret],
            &["doctor", "--config", secret],
            &["recordings", "show", secret],
            &["recordings", "list", "--from", secret],
            &["replay", "dead-letters", secret],
            &[secret],
            &["--config", "archivist.yaml", secret],
        ] {
            show(&format!("error of {arguments:?}"), estate.run(arguments));
        }
        for setting in SETTINGS {
            let mut check = estate.command(&["config", "check"]);
            show(&format!("error of app setting {setting}"), Running::start(check.env(setting, secret)).end());
            let mut serve = estate.command(&["serve"]);
            // The process ends at once, because no port is set.
            show(&format!("a start with app setting {setting}"), Running::start(serve.env(setting, secret)).end());
        }
        for (at, key) in KEYS.iter().enumerate() {
            let name = format!("wrong-{at}.yaml");
            estate.write(&name, &format!("version: 1\n{}\n", key.replace("{}", secret)));
            for arguments in
                [&["config", "check", "--config", &name][..], &["config", "check", "--json", "--config", &name]]
            {
                show(&format!("findings of {key}"), estate.run(arguments));
            }
        }
    }
    shown.push(("logs, pages and problem documents".to_owned(), asked_with_keys()));
    let silent =
        shown.iter().filter(|(_, text)| text.trim().is_empty()).map(|(channel, _)| format!("{channel} says nothing"));
    let lines = shown.iter().flat_map(|(channel, text)| text.lines().map(move |line| (channel, line)));
    let leaks = lines.filter(|(_, line)| line.contains(MARK)).map(|(channel, line)| format!("{channel} shows {line}"));
    // A channel without output would prove nothing.
    let wrong: Vec<String> = silent.chain(leaks).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    no_formula_is_exported();
}

/// Returns all logs and responses of a handler whose requests carry keys in every possible place.
fn asked_with_keys() -> String {
    let estate = ProcessEstate::new();
    let mut command: Command = estate.command(&["serve"]);
    command.env("RUST_LOG", "trace");
    let Handler { running, port } = Handler::start(command);
    let mut answers = String::new();
    for target in [
        "/ui/?code=hunter2&q=x",
        "/ui/nowhere?q=x&code=hunter2",
        "/api/v1/recordings?code=hunter2",
        "/api/v1/nowhere?code=hunter2&sig=hunter2",
        "/nowhere?code=hunter2",
    ] {
        answers += &http::get(port, target).unwrap().body;
        let headers = "X-Functions-Key: hunter2\r\nAuthorization: Bearer hunter2.hunter2\r\nCookie: AppServiceAuthSession=hunter2\r\n";
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        let head = format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        answers += &std::io::read_to_string(stream).unwrap();
    }
    running.terminate();
    let ended = running.end();
    assert!(ended.stdout.contains("page read") && ended.stdout.contains("catalogue read"), "{}", ended.stdout);
    format!("{answers}\n{}\n{}", ended.stdout, ended.stderr)
}

/// Recording names that a spreadsheet would run as a formula, for any cell separator.
const FORMULAS: [&str; 10] = ["=1+1", "+1", "-1", "@SUM(1)", "a;=1+1", "a; =1", "a;\"=1\"", "a\t=1", "＝1", "a;＠x"];

fn no_formula_is_exported() {
    let estate = ProcessEstate::new();
    for (at, name) in FORMULAS.iter().enumerate() {
        fs::write(estate.path().join("records01/recordings").join(name), vec![0; at + 1]).unwrap();
    }
    let port = free_port().to_string();
    let played = estate.run(&["local", "--once", "--folder", ".", "--port", &port]);
    assert_eq!(played.code, Some(0), "{}", played.stderr);
    let exported = estate.run(&["recordings", "export", "--format", "csv"]);
    assert_eq!(exported.stdout.lines().count(), FORMULAS.len() + 1, "{}", exported.stdout);
    for line in exported.stdout.lines() {
        for cell in line.split([';', '\t']).chain(line.split(',')) {
            let begins = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
            assert!(!begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{cell} in {line}");
        }
    }
}
