//! Client of one table.

use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::{Context, Method, Pipeline, PipelineSendOptions, RawResponse, Request, Url};
use serde::Deserialize;
use serde_json::json;

use super::batch::{self, Operation};
use super::code::failure;
use super::query::{Continuation, Range, quoted};
use super::row::Row;
use crate::client::{Failure, ServiceAnswer};

/// Protocol version that these calls are written for.
const API_VERSION: &str = "2020-12-06";

/// Largest page of the service, in rows.
const PAGE: usize = 1000;

/// One table of an account.
#[derive(Debug, Clone)]
pub(in crate::tables) struct TableClient {
    pipeline: Pipeline,
    account: Url,
    name: &'static str,
}

/// Rows in the order of their keys.
#[derive(Debug, Default)]
pub(in crate::tables) struct Page {
    pub(in crate::tables) rows: Vec<Row>,
    /// Start of the next page; a short or empty page may still have a next one.
    pub(in crate::tables) next: Option<Continuation>,
}

#[derive(Deserialize)]
struct WirePage {
    value: Vec<Row>,
}

impl TableClient {
    pub(in crate::tables) fn new(pipeline: Pipeline, account: Url, name: &'static str) -> Self {
        Self { pipeline, account, name }
    }

    /// Creates the table if it is absent.
    pub(in crate::tables) async fn create(&self) -> Result<(), Failure> {
        let mut request = self.request(Method::Post, self.path("Tables"));
        set_body(&mut request, "application/json", json!({ "TableName": self.name }).to_string());
        match self.send(request).await {
            Err(failure) if failure.answer == ServiceAnswer::Exists => Ok(()),
            other => other.map(drop),
        }
    }

    /// Reads a row with the selected columns, or all of them. Returns `None` if it is absent.
    pub(in crate::tables) async fn get(
        &self,
        partition: &str,
        row: &str,
        select: Option<&str>,
    ) -> Result<Option<Row>, Failure> {
        let mut url = self.address(Some((partition, row)));
        url.set_query(select.map(|select| format!("$select=PartitionKey,RowKey,{select}")).as_deref());
        match self.send(self.request(Method::Get, url)).await {
            Ok(response) => Ok(Some(read(&response)?)),
            Err(failure) if failure.answer == ServiceAnswer::NotFound => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Runs all operations of one partition, or none of them.
    pub(in crate::tables) async fn transact(&self, operations: &[Operation]) -> Result<(), Failure> {
        let (body, content_type) = batch::encode(operations, |keys| self.address(keys)).map_err(unwritable)?;
        let mut request = self.request(Method::Post, self.path("$batch"));
        set_body(&mut request, &content_type, body);
        let response = self.send(request).await?;
        batch::decode(&String::from_utf8_lossy(response.body()))
    }

    /// Reads at most `top` rows of a range, from the end of the last page on.
    pub(in crate::tables) async fn page(
        &self,
        range: &Range,
        top: usize,
        select: Option<&str>,
        next: Option<&Continuation>,
    ) -> Result<Page, Failure> {
        let mut url = self.path(&format!("{}()", self.name));
        url.set_query(Some(&range.query(top.clamp(1, PAGE), select, next)));
        let response = self.send(self.request(Method::Get, url)).await?;
        let page: WirePage = read(&response)?;
        Ok(Page { rows: page.value, next: continuation(response.headers()) })
    }

    /// Reads all rows of a range with the selected columns, or all of them. The flag is true if they came in one
    /// page; only then are they a consistent snapshot.
    pub(in crate::tables) async fn all(
        &self,
        range: &Range,
        select: Option<&str>,
    ) -> Result<(Vec<Row>, bool), Failure> {
        let mut page = self.page(range, PAGE, select, None).await?;
        let mut rows = std::mem::take(&mut page.rows);
        let of_one_moment = page.next.is_none();
        while let Some(next) = page.next {
            page = self.page(range, PAGE, select, Some(&next)).await?;
            rows.append(&mut page.rows);
        }
        Ok((rows, of_one_moment))
    }

    fn request(&self, method: Method, url: Url) -> Request {
        let mut request = Request::new(url, method);
        request.insert_header("accept", "application/json;odata=nometadata");
        request.insert_header("dataserviceversion", "3.0;NetFx");
        request.insert_header("x-ms-version", API_VERSION);
        request
    }

    async fn send(&self, mut request: Request) -> Result<RawResponse, Failure> {
        let options = PipelineSendOptions { skip_checks: true, ..PipelineSendOptions::default() };
        let response = self.pipeline.send(&Context::new(), &mut request, Some(options)).await?;
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(failure(response).of_tables(&self.account))
        }
    }

    /// Address of the table, or of one row.
    fn address(&self, keys: Option<(&str, &str)>) -> Url {
        match keys {
            None => self.path(self.name),
            Some((partition, row)) => {
                let (partition, row) = (quoted(partition), quoted(row));
                self.path(&format!("{}(PartitionKey='{partition}',RowKey='{row}')", self.name))
            }
        }
    }

    fn path(&self, segment: &str) -> Url {
        let mut url = self.account.clone();
        // Fails only for a URL that cannot have a path; an account's address has one.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(segment);
        }
        url
    }
}

fn set_body(request: &mut Request, content_type: &str, body: String) {
    request.insert_header("content-type", content_type.to_owned());
    request.insert_header("prefer", "return-no-content");
    request.set_body(body);
}

fn read<T: for<'a> Deserialize<'a>>(response: &RawResponse) -> Result<T, Failure> {
    serde_json::from_slice(response.body()).map_err(unwritable)
}

/// Maps unreadable JSON to a transient failure: it is truncated or not from the service.
fn unwritable(error: serde_json::Error) -> Failure {
    Failure::from(azure_core::Error::with_error(azure_core::error::ErrorKind::DataConversion, error, "not a row"))
}

fn continuation(headers: &Headers) -> Option<Continuation> {
    let header = |name: &'static str| headers.get_optional_str(&HeaderName::from_static(name)).map(str::to_owned);
    let partition = header("x-ms-continuation-nextpartitionkey")?;
    Some(Continuation { partition, row: header("x-ms-continuation-nextrowkey") })
}
