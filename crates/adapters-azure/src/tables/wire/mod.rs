//! A thin client of the table service on the SDK's pipeline; the official SDK has none.
//!
//! Written after the REST documentation of the table service: JSON without metadata, one row or one transaction per
//! call, queries page by page.

mod batch;
mod client;
mod code;
mod query;
mod row;

pub(super) use batch::{MOST_OPERATIONS, Operation};
pub(super) use client::TableClient;
pub(super) use query::Range;
pub(super) use row::Row;
