//! A management API on a loopback port, with answers of the published shapes.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use adapters_azure::{Management, Patience, Policy, StorageAccess};
use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::http::policies::PolicyResult;
use azure_core::http::{Context, Request, Url};
use azure_core::time::OffsetDateTime;
use domain::cloud::Cloud;
use serde_json::{Value, json};

use super::estate::FakeEstate;

const GRAPH: &str = "POST /providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01";
const DIAGNOSTICS: &str = "/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview";

/// Server with its requests so far.
pub struct FakeApi {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl FakeApi {
    /// Answers for an estate until the process ends.
    pub fn for_estate(estate: FakeEstate) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, asked) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<String>>>::default());
        let log = asked.clone();
        thread::spawn(move || {
            let mut throttled = estate.throttled;
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (line, body) = request(&mut stream);
                log.lock().unwrap().push(line.clone());
                let (status, answer) = match throttled.checked_sub(1) {
                    Some(left) => {
                        throttled = left;
                        (429, refusal("TooManyRequests"))
                    }
                    None => answer(&estate, &line, &body),
                };
                respond(&mut stream, status, &answer.to_string());
            }
        });
        Self { address, asked }
    }

    /// A client of this server that believes to call the public cloud.
    pub fn client(&self) -> Management {
        let patience = Patience { first_wait: std::time::Duration::from_millis(1), ..Patience::default() };
        let access = StorageAccess::token(Arc::new(SignedIn), patience).unwrap();
        let wire: Arc<dyn Policy> = Arc::new(Redirect(self.address));
        Management::new(&access.with_policy(wire), Cloud::Public).unwrap()
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn request(stream: &mut TcpStream) -> (String, Value) {
    let mut reader = BufReader::new(stream);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let line = first.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    (line, serde_json::from_slice(&body).unwrap_or_default())
}

fn respond(stream: &mut TcpStream, status: u16, body: &str) {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} x\r\ncontent-type: application/json\r\nretry-after: 0\r\nconnection: close");
    write!(stream, "{head}\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
}

fn refusal(code: &str) -> Value {
    json!({ "error": { "code": code, "message": "…" } })
}

fn answer(estate: &FakeEstate, line: &str, body: &Value) -> (u16, Value) {
    if line == GRAPH {
        return (200, page(estate, body));
    }
    let path = line.strip_prefix("GET ").unwrap();
    if let Some(id) = path.strip_suffix(DIAGNOSTICS) {
        let bastion = estate.bastion(id);
        return match bastion.filter(|bastion| !bastion.is_forbidden) {
            Some(bastion) => (200, json!({ "value": bastion.settings() })),
            None => (403, refusal("AuthorizationFailed")),
        };
    }
    let (id, version) = path.split_once("?api-version=").unwrap();
    if version == "2026-01-01"
        && let Some((status, code)) = estate.unregistered
    {
        return (status, refusal(code));
    }
    match estate.bastion(id) {
        Some(bastion) => (200, bastion.body(version)),
        None => (404, refusal("ResourceNotFound")),
    }
}

fn page(estate: &FakeEstate, body: &Value) -> Value {
    let query = body["query"].as_str().unwrap();
    assert!(query.contains("project id") && query.contains("order by id asc"), "{query}");
    let wanted = body["subscriptions"].as_array();
    let is_wanted = |row: &&Value| {
        let id = row["id"].as_str().unwrap().to_lowercase();
        wanted.is_none_or(|all| all.iter().any(|one| id.contains(&one.as_str().unwrap().to_lowercase())))
    };
    let rows: Vec<Value> = estate.rows(query).iter().filter(is_wanted).cloned().collect();
    let from: usize = body["options"]["$skipToken"].as_str().map_or(0, |token| token.parse().unwrap());
    let to = rows.len().min(from + estate.page);
    let mut page = json!({ "totalRecords": rows.len(), "count": to - from, "data": rows[from..to], "facets": [], "resultTruncated": "false" });
    if to < rows.len() {
        page["$skipToken"] = to.to_string().into();
    }
    page
}

/// Sends requests for the public cloud to the server.
#[derive(Debug)]
struct Redirect(SocketAddr);

#[async_trait]
impl Policy for Redirect {
    #[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        let url = request.url().clone();
        let path = url.as_str().strip_prefix("https://management.azure.com").unwrap();
        *request.url_mut() = Url::parse(&format!("http://{}{path}", self.0)).unwrap();
        let sent = next[0].send(context, request, &next[1..]).await;
        *request.url_mut() = url;
        sent
    }
}

#[derive(Debug)]
struct SignedIn;

#[async_trait]
impl TokenCredential for SignedIn {
    async fn get_token(&self, scopes: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        assert_eq!(scopes, ["https://management.azure.com/.default"]);
        let end = OffsetDateTime::from_unix_timestamp(4_102_444_800).unwrap();
        Ok(AccessToken::new("t0ken".to_owned(), end))
    }
}

impl fmt::Debug for FakeApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Api({})", self.address)
    }
}
