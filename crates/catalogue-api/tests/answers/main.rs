//! Tests of requests and responses: every route, every rejection, and paging through a changing catalogue.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod paging;
mod refusals;
mod routes;
mod world;
