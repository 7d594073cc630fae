//! Tests of firing functions by hand.

use std::net::SocketAddr;

use host_stand_in::AdminServer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{CannedAnswer, QUEUE_FUNCTION, Stage, TIMER_FUNCTION};

async fn serve(stage: &Stage) -> SocketAddr {
    let server = AdminServer::bind(0, &stage.host).await.unwrap();
    let address = server.address().unwrap();
    assert!(address.ip().is_loopback());
    tokio::spawn(server.serve());
    address
}

/// Sends a request with these header lines and returns the status.
async fn request(address: SocketAddr, line: &str, headers: &[&str], body: &str) -> u16 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let length = body.len();
    let request = format!("{line} HTTP/1.1\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer["HTTP/1.1 ".len()..][..3].parse().unwrap()
}

const HERE: &str = "host: 127.0.0.1:7071";

#[tokio::test]
async fn a_queue_function_gets_the_input_as_its_message() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    let address = serve(&stage).await;
    let body = r#"{"input":"{\"id\":\"x\"}"}"#;
    assert_eq!(request(address, "POST /admin/functions/recording_landed", &[HERE], body).await, 202);
    stage.host.step().await.unwrap();
    let seen = stage.handler.seen();
    assert_eq!(seen[0].path, "/recording_landed");
    assert_eq!(seen[0].body["Data"]["message"], r#""{\"id\":\"x\"}""#);
}

#[tokio::test]
async fn a_timer_fired_by_hand_keeps_its_schedule() {
    let mut stage = Stage::new(&[TIMER_FUNCTION], |_| CannedAnswer::DONE).await;
    let before = stage.host.step().await.unwrap();
    let address = serve(&stage).await;
    assert_eq!(request(address, "POST /admin/functions/JOIN_SWEEP", &[HERE], r#"{"input":""}"#).await, 202);
    assert_eq!(stage.host.step().await.unwrap(), before);
    assert_eq!(stage.handler.seen()[0].path, "/join_sweep");
}

#[tokio::test]
async fn an_invalid_admin_request_is_refused() {
    let stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    let address = serve(&stage).await;
    for (line, body, status) in [
        ("POST /admin/functions/nothing", "{}", 404),
        ("POST /recording_landed", "{}", 404),
        ("GET /", "", 404),
        ("GET /admin/functions/recording_landed", "", 405),
        ("POST /admin/functions/recording_landed", "input", 400),
        ("POST /admin/functions/recording_landed", r#"{"input":1}"#, 400),
    ] {
        assert_eq!(request(address, line, &[HERE], body).await, status, "{line} {body}");
    }
}

#[tokio::test]
async fn a_page_in_a_browser_cannot_fire_functions() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    let address = serve(&stage).await;
    for headers in [
        &["host: rebound.example:7071"][..],
        &["host: 127.0.0.1.rebound.example"],
        &[HERE, "origin: https://page.example"],
        &[HERE, "origin: null"],
        &[],
    ] {
        let status = request(address, "POST /admin/functions/recording_landed", headers, "{}").await;
        assert_eq!(status, 403, "{headers:?}");
    }
    stage.host.step().await.unwrap();
    assert!(stage.handler.seen().is_empty());
}

#[tokio::test]
async fn every_name_of_this_machine_is_good() {
    let stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    let address = serve(&stage).await;
    for host in ["host: localhost:7071", "host: LOCALHOST", "host: [::1]:7071", "host: 127.0.0.1"] {
        assert_eq!(request(address, "POST /admin/functions/recording_landed", &[host], "{}").await, 202, "{host}");
    }
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let stage = Stage::new(&[], |_| CannedAnswer::DONE).await;
    let taken = serve(&stage).await.port();
    let error = AdminServer::bind(taken, &stage.host).await.err().unwrap();
    assert_eq!(error.to_string(), format!("failed to listen on port {taken} of this machine"));
}
