//! Checks that no output contains a webhook's address or secret.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc::channel;
use std::thread;

use crate::support::process::{LIMIT, ProcessEstate, Running, free_port};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const PATH: &str = "/services/T0SECRET/hook";

#[test]
fn no_output_contains_a_webhook_address_or_secret() {
    let receiver = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = receiver.local_addr().unwrap();
    let (called, calls) = channel();
    thread::spawn(move || {
        for stream in receiver.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut head = String::new();
            stream.read_line(&mut head).unwrap();
            stream.get_mut().write_all(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
            // The send fails if the test has already ended.
            let _ = called.send(head);
        }
    });
    let estate = ProcessEstate::new();
    let channels =
        "notifications:\n  channels:\n    siem: { kind: webhook, url_env: HOOK_URL, secret_env: HOOK_SECRET }\n";
    estate.write("archivist.yaml", &format!("{}{channels}", estate.configuration()));
    estate.record("vm-web-01-azureadmin", 4_096, 1);
    let mut local = estate.command(&["local", "--folder", ".", "--port", &free_port().to_string()]);
    local.env("HOOK_URL", format!("http://{address}{PATH}")).env("HOOK_SECRET", SECRET).env("RUST_LOG", "trace");
    let running = Running::start(&mut local);

    let head = calls.recv_timeout(LIMIT).unwrap();
    assert!(head.starts_with(&format!("POST {PATH} ")), "{head}");
    running.terminate();
    let ended = running.end();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("delivery attempted"), "{}", ended.stderr);
    for secret in [SECRET.trim_start_matches("whsec_"), "T0SECRET"] {
        let shown = [&ended.stdout, &ended.stderr].into_iter().flat_map(|text| text.lines());
        let shown: Vec<_> = shown.filter(|line| line.contains(secret)).collect();
        assert!(shown.is_empty(), "{secret} is seen in {shown:#?}");
    }
}

#[test]
fn a_disabled_channel_is_reported_once_by_sending_commands() {
    let estate = ProcessEstate::new();
    let channels = "notifications:\n  channels:\n    siem: { kind: webhook, url: 'https://siem.example/', secret_env: SIEM_SECRET }\n";
    estate.write("archivist.yaml", &format!("{}{channels}", estate.configuration()));
    let sends = estate.run(&["local", "--once", "--folder", ".", "--port", &free_port().to_string()]);
    assert_eq!(sends.stderr.matches("channel siem is off").count(), 1, "{}", sends.stderr);
    for looks in [&["hold", "list"][..], &["gaps"], &["replay", "quarantine"]] {
        let looked = estate.run(looks);
        assert!(!looked.stderr.contains("is off"), "{looks:?}: {}", looked.stderr);
    }
}
