//! What can happen to a request.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::headers::Headers;
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{AsyncRawResponse, Context, Request, StatusCode};

use super::label;

/// What happens to one try of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// Nobody takes the connection.
    NoConnection,
    /// The service does not see it, and no answer comes.
    NoAnswer,
    /// The service does what was asked, and the answer is lost.
    AnswerLost,
    /// The service does not do it and answers with this status, code and time to wait in seconds.
    Answer(u16, Option<&'static str>, Option<u32>),
    /// The program is killed: neither this nor any later try goes out.
    Death,
    /// The service does what was asked, and the program is killed before it hears of it.
    DeathAfter,
}

/// Lets tries of requests meet with mishaps, by their number: the first has 1.
#[derive(Debug, Default)]
pub struct Mishaps {
    planned: BTreeMap<usize, Mishap>,
    tries: Mutex<Vec<String>>,
    dead: AtomicBool,
}

impl Mishaps {
    /// Nothing happens; tries are counted.
    pub fn none() -> Self {
        Self::default()
    }

    /// One mishap.
    pub fn one(at: usize, mishap: Mishap) -> Self {
        Self { planned: BTreeMap::from([(at, mishap)]), ..Self::default() }
    }

    /// How many tries there were, those after death left out.
    pub fn tries(&self) -> usize {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// What each of them asked for, in order.
    pub fn labels(&self) -> Vec<String> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The number of this try.
    fn count(&self, request: &Request) -> usize {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.push(label::of(request));
        tries.len()
    }

    /// Whether the program was killed.
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }
}

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "the trait leaves it out, and async-trait tells the two apart")]
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

/// Not of a kind that the SDK repeats.
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
