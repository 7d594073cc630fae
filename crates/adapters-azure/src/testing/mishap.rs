//! Injects failures into requests.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::headers::Headers;
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{AsyncRawResponse, Context, Request, StatusCode};

use super::label;

/// Failure of one try of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// The connection is refused.
    NoConnection,
    /// The request never reaches the service, and no answer comes.
    NoAnswer,
    /// The service executes the request, and the answer is lost.
    AnswerLost,
    /// The service does not execute the request and answers with this status, error code and retry time in seconds.
    Answer(u16, Option<&'static str>, Option<u32>),
    /// The process is killed: neither this nor any later try is sent.
    Death,
    /// The service executes the request, and the process is killed before the answer arrives.
    DeathAfter,
}

/// Policy that injects failures into tries by number, starting with 1.
#[derive(Debug, Default)]
pub struct Mishaps {
    planned: BTreeMap<usize, Mishap>,
    tries: Mutex<Vec<String>>,
    dead: AtomicBool,
}

impl Mishaps {
    /// Injects nothing; counts tries.
    pub fn none() -> Self {
        Self::default()
    }

    /// Injects one failure into the try with this number.
    pub fn one(at: usize, mishap: Mishap) -> Self {
        Self { planned: BTreeMap::from([(at, mishap)]), ..Self::default() }
    }

    /// Number of tries, without those after a kill.
    pub fn tries(&self) -> usize {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Labels of the tries, in order.
    pub fn labels(&self) -> Vec<String> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Records a try and returns its number.
    fn count(&self, request: &Request) -> usize {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.push(label::describe(request));
        tries.len()
    }

    /// True after a kill.
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }
}

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
impl Policy for Mishaps {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        if self.is_dead() {
            return Err(dead());
        }
        let number = self.count(request);
        match self.planned.get(&number) {
            None => next[0].send(context, request, &next[1..]).await,
            Some(Mishap::NoConnection) => Err(Error::with_message(ErrorKind::Connection, "refused on purpose")),
            Some(Mishap::NoAnswer) => Err(Error::with_message(ErrorKind::Io, "no answer on purpose")),
            Some(Mishap::AnswerLost) => {
                next[0].send(context, request, &next[1..]).await?;
                Err(Error::with_message(ErrorKind::Io, "answer lost on purpose"))
            }
            Some(Mishap::Answer(status, code, wait)) => Ok(answer(*status, *code, *wait)),
            Some(Mishap::Death) => {
                self.dead.store(true, Ordering::SeqCst);
                Err(dead())
            }
            Some(Mishap::DeathAfter) => {
                self.dead.store(true, Ordering::SeqCst);
                next[0].send(context, request, &next[1..]).await?;
                Err(dead())
            }
        }
    }
}

/// Error of a kind the SDK does not retry.
fn dead() -> Error {
    Error::with_message(ErrorKind::Credential, "the program is dead")
}

fn answer(status: u16, code: Option<&str>, wait: Option<u32>) -> AsyncRawResponse {
    let mut headers = Headers::new();
    if let Some(code) = code {
        headers.insert("x-ms-error-code", code.to_owned());
    }
    if let Some(wait) = wait {
        headers.insert("retry-after", wait.to_string());
    }
    let body = code.map(|code| format!(r#"{{"odata.error":{{"code":"{code}"}}}}"#)).unwrap_or_default();
    AsyncRawResponse::from_bytes(StatusCode::from(status), headers, body)
}
