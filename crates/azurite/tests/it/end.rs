use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use azurite::{Azurite, EmulatorPorts};

use crate::http;

#[test]
fn the_emulator_stops_on_drop_despite_open_connections() {
    let emulator = Azurite::start().unwrap();
    let ports = emulator.ports();
    assert!(!http::all_refuse(ports));
    let open = http::connect(ports.blob).unwrap();
    drop(emulator);
    assert!(http::all_refuse(ports));
    drop(open);
}

#[test]
fn the_emulator_stops_when_its_starter_is_killed() {
    let mut starter = Command::new(env!("CARGO_BIN_EXE_azurite"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(starter.stdout.take().unwrap()).lines();
    let mut port = || port(&lines.next().unwrap().unwrap());
    let ports = EmulatorPorts { blob: port(), queue: port(), table: port() };
    assert!(!http::all_refuse(ports));
    starter.kill().unwrap();
    starter.wait().unwrap();

    // The keeper inherited the standard error of the starter, so the pipe ends when the keeper has ended.
    let mut stderr = starter.stderr.take().unwrap();
    let (ended, end) = mpsc::channel();
    thread::spawn(move || {
        stderr.read_to_end(&mut Vec::new()).unwrap();
        ended.send(()).unwrap();
    });
    assert_eq!(end.recv_timeout(Duration::from_secs(30)), Ok(()), "it is still there");
    assert!(http::all_refuse(ports));
}

/// Returns the port in an account's URL.
fn port(url: &str) -> u16 {
    let authority = url.trim_start_matches("http://").split('/').next().unwrap();
    authority.rsplit(':').next().unwrap().parse().unwrap()
}
