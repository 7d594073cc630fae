//! Bare requests to the emulator's services, without the archivist's code.

use std::time::Duration;

use azurite::Account;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use url::Url;

use crate::Measured;

/// Table of the bare upserts.
const TABLE: &str = "bare";
/// Length of a row's content, equal to the stored form of a new entry.
const DOC_LENGTH: usize = 900;
/// Idle time after which a connection is dropped; the emulator closes one after five unused seconds.
const UNUSED: Duration = Duration::from_secs(3);

/// A service of a storage account.
#[derive(Debug, Clone, Copy)]
pub enum Service {
    Blob,
    Table,
}

/// A client of one service. It sends requests one after another, and therefore over one connection.
pub struct BareStorage {
    client: Client<HttpConnector, Full<Bytes>>,
    base: Url,
    name: usize,
    written: usize,
}

impl BareStorage {
    /// Creates a client for a service of this account. `name` separates its rows from those of other clients.
    pub fn new(account: &Account, service: Service, name: usize) -> Measured<Self> {
        let url = match service {
            Service::Blob => &account.blob_url,
            Service::Table => &account.table_url,
        };
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).pool_idle_timeout(UNUSED).build(connector);
        let mut base = Url::parse(url)?;
        base.set_query(Some(&account.signature()));
        Ok(Self { client, base, name, written: 0 })
    }

    /// Creates the table of the upserts if it does not exist.
    pub async fn create_table(&mut self) -> Measured<()> {
        let body = format!(r#"{{"TableName":"{TABLE}"}}"#);
        match self.send(Method::POST, "Tables", "", &JSON, body).await {
            Ok(_) => Ok(()),
            Err(error) if error.to_string().contains("409") => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Writes rows one after another, each into its own partition like catalogue entries.
    pub async fn upserts(&mut self, count: usize) -> Measured<()> {
        let doc = "x".repeat(DOC_LENGTH);
        for _ in 0..count {
            let partition = format!("{:04x}{:08x}", self.name, self.written);
            self.written += 1;
            let body = format!(r#"{{"PartitionKey":"{partition}","RowKey":"row","doc":"{doc}"}}"#);
            let row = format!("{TABLE}(PartitionKey='{partition}',RowKey='row')");
            self.send(Method::PUT, &row, "", &JSON, body).await?;
        }
        Ok(())
    }

    /// Inserts up to 100 rows without content into one partition in a single transaction.
    pub async fn insert(&mut self, table: &str, partition: &str, rows: &[String]) -> Measured<()> {
        let mut body = "--batch_all\r\nContent-Type: multipart/mixed; boundary=changeset_all\r\n\r\n".to_owned();
        let at = self.url(table, "").as_str().split('?').next().unwrap_or_default().to_owned();
        for row in rows {
            body += "--changeset_all\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n";
            body += &format!("POST {at} HTTP/1.1\r\nContent-Type: application/json\r\n");
            body += "Accept: application/json;odata=nometadata\r\nPrefer: return-no-content\r\n\r\n";
            body += &format!("{{\"PartitionKey\":\"{partition}\",\"RowKey\":\"{row}\"}}\r\n");
        }
        body += "--changeset_all--\r\n--batch_all--\r\n";
        let answer =
            self.send(Method::POST, "$batch", "", &[("content-type", "multipart/mixed; boundary=batch_all")], body);
        let answer = String::from_utf8(answer.await?.into_body().to_vec())?;
        match answer.matches("HTTP/1.1 2").count() {
            added if added == rows.len() => Ok(()),
            added => Err(format!("{added} of {} rows were added to {table}", rows.len()).into()),
        }
    }

    /// Sends one request. Returns an error unless the status is a success.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        query: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Measured<Response<Bytes>> {
        let url = self.url(path, query);
        let mut request = Request::builder().method(method).uri(url.as_str()).header("x-ms-version", "2020-12-06");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.client.request(request.body(Full::new(body.into()))?).await?;
        let (head, answer) = answer.into_parts();
        let answer = answer.collect().await?.to_bytes();
        if head.status.is_success() {
            Ok(Response::from_parts(head, answer))
        } else {
            Err(format!("{path} was answered {}: {}", head.status, String::from_utf8_lossy(&answer)).into())
        }
    }

    fn url(&self, path: &str, query: &str) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path.split('/'));
        }
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            url.query_pairs_mut().append_pair(&name, &value);
        }
        url
    }
}

const JSON: [(&str, &str); 3] = [
    ("accept", "application/json;odata=nometadata"),
    ("content-type", "application/json"),
    ("prefer", "return-no-content"),
];
