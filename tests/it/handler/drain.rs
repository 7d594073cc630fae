//! Calls in flight when the process is asked to stop.

use std::net::SocketAddr;

use functions::serve::{listen, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use wiring::settings::Front;

use crate::support::TestApp;

/// Opens a call whose body the handler is waiting for.
async fn call_in_flight(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head =
        "POST /recording_landed HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 25];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, *b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

/// Serves until a message is sent on the channel.
async fn serving(app: &TestApp) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel();
    let listener = listen(0).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = app.router();
    let served = tokio::spawn(async move {
        serve(listener, router, Front::Nobody, async { stopped.await.unwrap() }).await.unwrap();
    });
    (address, stop, served)
}

#[tokio::test]
async fn a_call_that_does_not_end_is_abandoned_after_25_seconds() {
    let app = TestApp::new();
    let (address, stop, served) = serving(&app).await;
    let call = call_in_flight(address).await;

    // From here on, time advances only while the test waits.
    tokio::time::pause();
    let asked = Instant::now();
    stop.send(()).unwrap();
    served.await.unwrap();
    assert_eq!(asked.elapsed().as_secs(), 25);
    drop(call);
}

#[tokio::test]
async fn a_call_ending_in_time_is_answered_before_shutdown() {
    let app = TestApp::new();
    let (address, stop, served) = serving(&app).await;
    let mut call = call_in_flight(address).await;
    stop.send(()).unwrap();
    call.write_all(b"not a call").await.unwrap();
    let mut answer = String::new();
    call.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    served.await.unwrap();
    assert_eq!(app.deliver_all().await, [200], "unreadable input is reported");
}
