//! Tests of the stand-in against a small HTTP server as the handler, on a clock driven by the tests.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod admin;
mod app;
mod azure_queue;
mod calls;
mod driven;
mod folder;
mod http;
mod process;
mod protocol;
mod queue;
mod real;
mod sample;
mod support;
mod timer;
