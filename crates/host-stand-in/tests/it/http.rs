//! Tests of HTTP functions, to which requests are proxied.

use std::net::SocketAddr;

use host_stand_in::AdminServer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{CannedAnswer, QUEUE_FUNCTION, Stage};

const PAGE: (&str, &str) = (
    "page",
    r#"{"bindings":[{"name":"req","type":"httpTrigger","direction":"in","route":"page/{*path}","methods":["get","post"]},
        {"name":"res","type":"http","direction":"out"}]}"#,
);

const STATUS: (&str, &str) = (
    "status",
    r#"{"bindings":[{"name":"req","type":"httpTrigger","direction":"in","methods":["get"]},
        {"name":"$return","type":"http","direction":"out"}]}"#,
);

async fn serve(stage: &Stage) -> SocketAddr {
    let server = AdminServer::bind(0, &stage.host).await.unwrap();
    let address = server.address().unwrap();
    tokio::spawn(server.serve());
    address
}

/// Sends a request with these header lines and returns the whole response.
async fn request(address: SocketAddr, line: &str, headers: &[&str], body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let host = format!("host: 127.0.0.1:{}", address.port());
    let request = format!("{line} HTTP/1.1\r\n{host}\r\n{headers}connection: close\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn status(answer: &str) -> u16 {
    answer["HTTP/1.1 ".len()..][..3].parse().unwrap()
}

#[tokio::test]
async fn a_request_arrives_as_it_was_sent_with_the_hosts_headers() {
    let stage = Stage::new(&[PAGE], |_| CannedAnswer::typed(201, Some("text/html"), "<p>")).await;
    let address = serve(&stage).await;
    let headers =
        ["x-own: 1", "x-azure-functions-invocationid: forged", "x-hop: 2", "connection: x-hop", "content-length: 9"];
    let answer = request(address, "POST /api/page/a/b?q=1&q=2&c=%20", &headers, r#"{"k":"v"}"#).await;
    assert_eq!(status(&answer), 201);
    assert!(answer.contains("content-type: text/html") && answer.ends_with("<p>"), "{answer}");
    let seen = stage.handler.seen().remove(0);
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/api/page/a/b"));
    assert_eq!((seen.query.as_deref(), &seen.body["k"]), (Some("q=1&q=2&c=%20"), &"v".into()));
    assert_eq!(seen.headers["x-own"], "1");
    assert!(seen.headers["x-azure-functions-hostversion"].to_str().unwrap().starts_with("4."));
    assert_eq!(seen.headers.get_all("x-azure-functions-invocationid").iter().count(), 1);
    assert_eq!(seen.headers["x-azure-functions-invocationid"], seen.headers["x-ms-invocation-id"]);
    assert_ne!(seen.headers["x-ms-invocation-id"], "forged");
    assert!(seen.headers.get("x-hop").is_none(), "it concerned the first connection only");
    assert_eq!(seen.headers["host"], stage.handler.address.to_string().as_str());
}

#[tokio::test]
async fn a_body_in_chunks_is_passed_on() {
    let stage = Stage::new(&[PAGE], |_| CannedAnswer::DONE).await;
    let address = serve(&stage).await;
    let body = "7\r\n{\"k\":\"v\r\n2\r\n\"}\r\n0\r\n\r\n";
    assert_eq!(status(&request(address, "POST /api/page", &["transfer-encoding: chunked"], body).await), 200);
    let seen = stage.handler.seen().remove(0);
    assert!(seen.is_chunked);
    assert_eq!(seen.body["k"], "v");
}

#[tokio::test]
async fn a_path_outside_the_function_routes_is_not_found() {
    let stage = Stage::new(&[PAGE, STATUS, QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    let address = serve(&stage).await;
    for (line, expected) in [
        ("GET /api/status", 200),
        ("GET /API/Status/", 200),
        ("GET /api/page", 200),
        ("POST /api/status", 404),
        ("DELETE /api/page/1", 404),
        ("GET /status", 404),
        ("GET /api", 404),
        ("GET /", 404),
        ("POST /recording_landed", 404),
        ("POST /api/recording_landed", 404),
    ] {
        assert_eq!(status(&request(address, line, &["content-length: 0"], "").await), expected, "{line}");
    }
    assert_eq!(stage.handler.seen().len(), 3);
}

#[tokio::test]
async fn a_request_of_another_origin_is_refused() {
    let stage = Stage::new(&[STATUS], |_| CannedAnswer::DONE).await;
    let address = serve(&stage).await;
    let own = format!("origin: http://127.0.0.1:{}", address.port());
    for (origin, expected) in [(own.as_str(), 200), ("origin: https://page.example", 403), ("origin: null", 403)] {
        assert_eq!(status(&request(address, "GET /api/status", &[origin], "").await), expected, "{origin}");
    }
    assert_eq!(stage.handler.seen().len(), 1);
}

#[tokio::test]
async fn an_unreachable_handler_is_a_bad_gateway() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let stage = Stage::with_handler_at(&[STATUS], gone).await;
    let address = serve(&stage).await;
    assert_eq!(status(&request(address, "GET /api/status", &[], "").await), 502);
}

#[tokio::test]
async fn an_http_function_is_not_fired_by_hand() {
    let stage = Stage::new(&[STATUS], |_| CannedAnswer::DONE).await;
    let address = serve(&stage).await;
    let answer = request(address, "POST /admin/functions/status", &["content-length: 2"], "{}").await;
    assert_eq!((status(&answer), stage.handler.seen().len()), (404, 0));
}
