//! Tests of requests and responses: every route, every rejection, and paging through a changing catalogue.

mod paging;
mod refusals;
mod routes;
mod world;
