//! Webhook receiver: accepts everything and records it.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use crate::http;

/// Webhook on this machine.
pub struct CheckReceiver {
    address: SocketAddr,
    accepted: Arc<Mutex<BTreeMap<String, ReceivedNotification>>>,
}

/// Notification received under one id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedNotification {
    /// Name of the event.
    pub event: String,
    /// Subject of the event.
    pub subject: String,
    /// Number of deliveries; more than one if the response to an attempt was lost.
    pub times: u64,
}

impl CheckReceiver {
    /// Listens until the process ends.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let accepted: Arc<Mutex<BTreeMap<String, ReceivedNotification>>> = Arc::default();
        let kept = accepted.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(receive(stream, kept.clone()));
            }
        });
        Ok(Self { address, accepted })
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Returns the accepted notifications by id.
    pub fn accepted(&self) -> BTreeMap<String, ReceivedNotification> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn receive(mut stream: TcpStream, accepted: Arc<Mutex<BTreeMap<String, ReceivedNotification>>>) {
    // A sender that disconnects retries.
    let Ok(Some(request)) = http::read(&mut stream).await else { return };
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (event, subject) = (text(&body["type"]), text(&body["data"]["subject"]));
    let id = request.header("webhook-id").unwrap_or("no id").to_owned();
    let first = ReceivedNotification { event, subject, times: 0 };
    accepted.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_insert(first).times += 1;
    // An accepted notification counts even if the sender does not receive the response.
    let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").await;
}
