//! Tests of requests and responses: every route, every rejection, and paging through a changing catalogue.

mod paging;
mod refusals;
mod reviews;
mod routes;
mod world;
