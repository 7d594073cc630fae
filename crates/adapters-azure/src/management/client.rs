//! A small client of the management API on the SDK's pipeline.

use std::fmt;
use std::time::Duration;

use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::{Context, Method, Pipeline, PipelineSendOptions, RawResponse, Request, Url};
use domain::cloud::{CalledService, Cloud};
use domain::decide::posture::MaybeKnown;
use pipeline::ports::Fault;
use pipeline::ports::posture::Read;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::client::{AccessError, Failure, StorageAccess};

/// Most pages read of a list.
const PAGES: usize = 20;
/// Longest wait for the result of an asynchronous operation.
const LONGEST: Duration = Duration::from_secs(60);
/// Default wait between two polls, if the service does not give one.
const BETWEEN: Duration = Duration::from_secs(2);
/// Remedy if our identity may not read the result of an asynchronous operation.
const LATER: &str = "the request may have succeeded, but its result is at the subscription: give it the role Reader \
                     there, or one with Microsoft.Network/locations/operationResults/read";
/// Longest wait between two polls.
const BETWEEN_AT_MOST: Duration = Duration::from_secs(15);

/// Management API, called with our identity.
#[derive(Clone)]
pub struct Management {
    pipeline: Pipeline,
    endpoint: Url,
}

/// Page of a list.
#[derive(Deserialize)]
struct Page<T> {
    #[serde(default = "Vec::new")]
    value: Vec<T>,
    #[serde(default, rename = "nextLink")]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: RefusalError,
}

#[derive(Deserialize)]
struct RefusalError {
    code: String,
}

/// Status document of an asynchronous operation.
#[derive(Deserialize)]
struct UnderWay {
    status: String,
}

impl Management {
    /// Connects to the API of a cloud.
    ///
    /// # Errors
    /// Returns an [`AccessError`] if the access has no identity.
    pub fn new(access: &StorageAccess, cloud: Cloud) -> Result<Self, AccessError> {
        let address = format!("https://{}", cloud.management_host());
        let endpoint = Url::parse(&address).map_err(|error| AccessError::Client {
            source: azure_core::Error::new(azure_core::error::ErrorKind::DataConversion, error),
            address: address.clone(),
        })?;
        let line = access.line(CalledService::Management, &endpoint)?;
        let scope = format!("{address}/.default");
        let authorised = line.bearer(&scope).ok_or(AccessError::KeyHasNoToken)?;
        let (name, version) = (option_env!("CARGO_PKG_NAME"), option_env!("CARGO_PKG_VERSION"));
        let pipeline = Pipeline::new(name, version, line.options, vec![], vec![authorised], None);
        Ok(Self { pipeline, endpoint })
    }

    /// Reads the resource at this path. Returns `None` if it is absent.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str, version: &str) -> Read<Option<T>> {
        self.get_newest(path, &[version]).await
    }

    /// Like [`get`](Self::get), with the first of these API versions that the service knows.
    pub(super) async fn get_newest<T: DeserializeOwned>(&self, path: &str, versions: &[&str]) -> Read<Option<T>> {
        let object = format!("read {path}");
        let response = self.send_newest(&object, path, versions).await?;
        match u16::from(response.status()) {
            404 => Ok(MaybeKnown::Read(None)),
            _ => success_body(&object, &response)?.map(|body| parsed(&object, body).map(Some)).transposed(),
        }
    }

    /// Reads all pages of the list at this path. Returns `None` if the resource that owns the list is absent.
    pub(super) async fn list<T: DeserializeOwned>(&self, path: &str, version: &str) -> Read<Option<Vec<T>>> {
        self.list_newest(path, &[version]).await
    }

    /// Like [`list`](Self::list), with the first of these API versions that the service knows.
    pub(super) async fn list_newest<T: DeserializeOwned>(&self, path: &str, versions: &[&str]) -> Read<Option<Vec<T>>> {
        let object = format!("list {path}");
        let mut all = Vec::new();
        let mut response = self.send_newest(&object, path, versions).await?;
        for _ in 0..PAGES {
            if u16::from(response.status()) == 404 {
                return Ok(MaybeKnown::Read(None));
            }
            let page: Page<T> = match success_body(&object, &response)? {
                MaybeKnown::Read(body) => parsed(&object, body)?,
                MaybeKnown::NotReadable(why) => return Ok(MaybeKnown::NotReadable(why)),
            };
            all.extend(page.value);
            match page.next.filter(|next| !next.is_empty()) {
                Some(next) => {
                    let request = Request::new(self.own(&object, &next)?, Method::Get);
                    response = self.send(&object, request).await?;
                }
                None => return Ok(MaybeKnown::Read(Some(all))),
            }
        }
        Err(Fault::permanent(object, format!("it has more than {PAGES} pages")))
    }

    /// Sends a POST to a resource and waits for the result. Returns `None` if the answer has no body. `remedy` says
    /// how to grant the right if our identity lacks it.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        version: &str,
        body: Option<String>,
        remedy: &str,
    ) -> Read<Option<T>> {
        let object = format!("ask {path}");
        let post = self.with_body(Method::Post, path, version, body);
        let (response, remedy) = self.wait_for(&object, post, remedy).await?;
        if u16::from(response.status()) == 204 {
            return Ok(MaybeKnown::Read(None));
        }
        let body = match allowed(&object, &response, remedy)? {
            MaybeKnown::Read(body) => body,
            MaybeKnown::NotReadable(why) => return Ok(MaybeKnown::NotReadable(why)),
        };
        if body.trim_ascii().is_empty() {
            return Ok(MaybeKnown::Read(None));
        }
        Ok(MaybeKnown::Read(Some(parsed(&object, body)?)))
    }

    /// Replaces the resource at this path and waits until that is done. `remedy` says how to grant the right if our
    /// identity lacks it.
    pub(super) async fn put(&self, path: &str, version: &str, body: String, remedy: &str) -> Read<()> {
        let object = format!("write {path}");
        let put = self.with_body(Method::Put, path, version, Some(body));
        let (response, remedy) = self.wait_for(&object, put, remedy).await?;
        Ok(allowed(&object, &response, remedy)?.map(|_| ()))
    }

    fn with_body(&self, method: Method, path: &str, version: &str, body: Option<String>) -> Request {
        let mut request = Request::new(self.address(path, version), method);
        request.insert_header("content-type", "application/json");
        request.insert_header("content-length", body.as_ref().map_or(0, String::len).to_string());
        request.set_body(body.unwrap_or_default());
        request
    }

    /// Sends the request and polls while the operation is under way. Returns the answer with the remedy for a
    /// refusal: `remedy`, or [`LATER`] if the result was polled.
    async fn wait_for<'r>(
        &self,
        object: &str,
        request: Request,
        remedy: &'r str,
    ) -> Result<(RawResponse, &'r str), Fault> {
        let mut response = self.send(object, request).await?;
        let (mut location, started) = (None, Instant::now());
        while is_under_way(&response) {
            if started.elapsed() >= LONGEST {
                let late = format!("no answer within {} s", LONGEST.as_secs());
                return Err(Fault::transient(object, late));
            }
            location = match operation(response.headers()) {
                Some(next) => Some(self.own(object, &next)?),
                None => location,
            };
            let Some(at) = location.clone() else {
                return Err(Fault::permanent(object, "the result comes later, and the answer does not say where"));
            };
            pause(wait(response.headers())).await;
            response = self.send(object, Request::new(at, Method::Get)).await?;
        }
        Ok((response, if location.is_some() { LATER } else { remedy }))
    }

    async fn send(&self, object: &str, mut request: Request) -> Result<RawResponse, Fault> {
        request.insert_header("accept", "application/json");
        let options = PipelineSendOptions { skip_checks: true, ..PipelineSendOptions::default() };
        let sent = self.pipeline.send(&Context::new(), &mut request, Some(options)).await;
        sent.map_err(|error| Failure::from(error).fault(object))
    }

    /// Sends a GET with each version in turn, until the service knows one.
    async fn send_newest(&self, object: &str, path: &str, versions: &[&str]) -> Result<RawResponse, Fault> {
        let mut left = versions.iter();
        loop {
            let version = left.next().copied().unwrap_or_default();
            let response = self.send(object, Request::new(self.address(path, version), Method::Get)).await?;
            if left.len() == 0 || !is_unknown_version(&response) {
                return Ok(response);
            }
        }
    }

    fn address(&self, path: &str, version: &str) -> Url {
        let mut url = self.endpoint.clone();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        url.set_path(path);
        url.set_query(Some(&format!("api-version={version}{}{query}", if query.is_empty() { "" } else { "&" })));
        url
    }

    /// Parses an address from an answer. Our token is sent only to the API itself.
    fn own(&self, object: &str, text: &str) -> Result<Url, Fault> {
        let is_ours = |url: &Url| url.origin() == self.endpoint.origin();
        let url = Url::parse(text).ok().filter(is_ours);
        url.ok_or_else(|| Fault::permanent(object, "the answer leads to another host, which gets no token from us"))
    }
}

/// Swaps `MaybeKnown` and `Result`.
trait Transposed<T> {
    fn transposed(self) -> Read<T>;
}

impl<T> Transposed<T> for MaybeKnown<Result<T, Fault>> {
    fn transposed(self) -> Read<T> {
        match self {
            Self::Read(Ok(value)) => Ok(MaybeKnown::Read(value)),
            Self::Read(Err(fault)) => Err(fault),
            Self::NotReadable(why) => Ok(MaybeKnown::NotReadable(why)),
        }
    }
}

/// Returns the body of a success, `NotReadable` if our identity may not read it, or a fault.
fn success_body<'a>(object: &str, response: &'a RawResponse) -> Result<MaybeKnown<&'a [u8]>, Fault> {
    allowed(object, response, "give it the role Reader")
}

/// Like [`success_body`], but `remedy` names the required role and how to assign it.
fn allowed<'a>(object: &str, response: &'a RawResponse, remedy: &str) -> Result<MaybeKnown<&'a [u8]>, Fault> {
    let status = u16::from(response.status());
    let code = code(response);
    let refusal = || match &code {
        Some(code) => format!("the management API answered {status} {code}"),
        None => format!("the management API answered {status}"),
    };
    match status {
        200..=299 => Ok(MaybeKnown::Read(response.body())),
        401 | 403 => Ok(MaybeKnown::unread(format!("our identity may not {object} ({}): {remedy}", refusal()))),
        408 | 409 | 429 | 500..=599 => Err(Fault::transient(object, refusal())),
        _ => Err(Fault::permanent(object, refusal())),
    }
}

fn parsed<T: DeserializeOwned>(object: &str, body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| Fault::transient(object, error))
}

/// Error code of a refusal.
fn code(response: &RawResponse) -> Option<String> {
    serde_json::from_slice::<Refusal>(response.body()).ok().map(|refusal| refusal.error.code)
}

/// Returns true if the cloud or the subscription does not know the API version yet. A missing resource has another
/// code.
fn is_unknown_version(response: &RawResponse) -> bool {
    const CODES: [&str; 4] =
        ["NoRegisteredProviderFound", "InvalidApiVersionParameter", "InvalidResourceType", "UnsupportedApiVersion"];
    matches!(u16::from(response.status()), 400 | 404)
        && code(response).is_some_and(|code| CODES.contains(&code.as_str()))
}

fn is_under_way(response: &RawResponse) -> bool {
    let goes_on = |body: &[u8]| {
        let status = serde_json::from_slice::<UnderWay>(body).ok().map(|told| told.status);
        status.is_some_and(|status| ["InProgress", "Running", "Accepted"].contains(&status.as_str()))
    };
    match u16::from(response.status()) {
        202 => true,
        200 | 201 => goes_on(response.body()),
        _ => false,
    }
}

/// Address to poll. The address of the result goes before the one of the status document.
fn operation(headers: &Headers) -> Option<String> {
    let header = |name: &'static str| headers.get_optional_str(&HeaderName::from_static(name)).map(str::to_owned);
    header("location").or_else(|| header("azure-asyncoperation"))
}

fn wait(headers: &Headers) -> Duration {
    let seconds = headers.get_optional_str(&HeaderName::from_static("retry-after"));
    let asked = seconds.and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
    asked.unwrap_or(BETWEEN).min(BETWEEN_AT_MOST)
}

#[expect(clippy::disallowed_methods, reason = "the service answers in real time; no decision depends on it")]
async fn pause(wait: Duration) {
    tokio::time::sleep(wait).await;
}

impl fmt::Debug for Management {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Management({})", self.endpoint)
    }
}
