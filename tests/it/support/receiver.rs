//! A webhook receiver on loopback.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::net::TcpListener;

/// Answers with the given statuses, then with 200, and stores the requests.
pub struct Receiver {
    address: SocketAddr,
    desk: Arc<Desk>,
}

struct Desk {
    answers: Mutex<VecDeque<StatusCode>>,
    received: Mutex<Vec<Received>>,
}

/// A received request.
#[derive(Debug, Clone)]
pub struct Received {
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp` in seconds since 1970.
    pub timestamp: i64,
    /// `webhook-signature`.
    pub signature: String,
    /// `traceparent`, if present.
    pub traceparent: Option<String>,
    /// Unchanged body.
    pub body: Bytes,
    /// Status of the response.
    pub answered: StatusCode,
}

impl Receiver {
    /// Starts a receiver that answers with these statuses first.
    pub async fn start(answers: &[u16]) -> Self {
        let answers = answers.iter().map(|status| StatusCode::from_u16(*status).unwrap()).collect();
        let desk = Arc::new(Desk { answers: Mutex::new(answers), received: Mutex::default() });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/hook", post(receive)).with_state(Arc::clone(&desk));
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { address, desk }
    }

    /// Returns the receiver's URL.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Returns all requests so far.
    pub fn received(&self) -> Vec<Received> {
        self.desk.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn receive(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let answered = desk.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or(StatusCode::OK);
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let received = Received {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp").parse().unwrap(),
        signature: header("webhook-signature"),
        traceparent: headers.get("traceparent").map(|text| text.to_str().unwrap().to_owned()),
        body,
        answered,
    };
    desk.received.lock().unwrap_or_else(PoisonError::into_inner).push(received);
    answered
}
