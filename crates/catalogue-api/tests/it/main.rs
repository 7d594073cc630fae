//! Integration tests in one binary: requests, responses and the OpenAPI document.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod answers;
mod document;
