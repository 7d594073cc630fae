//! Requests of foreign web pages in a local browser to the program's ports.

use std::io::Write as _;
use std::net::{Ipv4Addr, TcpStream};

use crate::support::process::{ProcessEstate, Running, free_port};

/// Headers that a browser sends for a foreign page: a host name rebound to this machine, a foreign origin, or both.
const FOREIGN: [&str; 6] = [
    "Host: rebound.example:{}",
    "Host: rebound.example",
    "Host: 127.0.0.1.rebound.example:{}",
    "Host: 127.0.0.1:{}\r\nOrigin: https://page.example",
    "Host: localhost:{}\r\nOrigin: null",
    "Host: 127.0.0.1:{}\r\nSec-Fetch-Site: cross-site",
];

fn ask(port: u16, line: &str, headers: &str) -> (u16, String) {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    let headers = headers.replace("{}", &port.to_string());
    let head = format!("{line} HTTP/1.1\r\n{headers}\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}");
    stream.write_all(head.as_bytes()).unwrap();
    let answer = std::io::read_to_string(stream).unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

fn refuses_foreign_pages(port: u16, lines: &[&str]) {
    for line in lines {
        for headers in FOREIGN {
            let (status, answer) = ask(port, line, headers);
            assert_eq!(status, 403, "{line} {headers}: {answer}");
            assert!(answer.contains("application/problem+json") && answer.contains("\"detail\":"), "{answer}");
        }
        let (status, answer) = ask(port, line, "Host: 127.0.0.1:{}");
        assert!(!answer.contains("not-this-machine"), "{line}: {status} {answer}");
    }
}

#[test]
fn the_handler_answers_no_page_of_another_site() {
    let handler = ProcessEstate::new().serve();
    let lines = [
        "GET /", "GET /ui/", "GET /api/v1/recordings", "POST /retention_sweep", "POST /recording_landed",
        "GET /nowhere",
    ];
    refuses_foreign_pages(handler.port, &lines);
    handler.running.terminate();
    assert_eq!(handler.running.end().code, Some(200));
}

#[test]
fn a_set_on_this_machine_answers_no_page_of_another_site() {
    let (estate, port) = (ProcessEstate::new(), free_port());
    let mut command = estate.command(&["local", "--folder", ".", "--port", &port.to_string()]);
    let mut running = Running::start(&mut command);
    running.line_with("The catalogue is at").unwrap();
    refuses_foreign_pages(
        port,
        &["GET /", "GET /ui/", "GET /api/v1/recordings", "POST /admin/functions/retention_sweep"],
    );
    for path in ["/", "/ui"] {
        let (status, answer) = ask(port, &format!("GET {path}"), "Host: localhost:{}");
        assert!(status == 307 && answer.to_lowercase().contains("location: /ui/\r\n"), "{path}: {answer}");
    }
    running.terminate();
    assert_eq!(running.end().code, Some(0));
}
