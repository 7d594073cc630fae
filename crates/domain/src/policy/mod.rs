//! Policies: rules that answer a question about records, without changing them.
//!
//! A policy names records and no decision of [`decide`](crate::decide).

pub mod hold;
pub mod join;
pub mod matcher;
pub mod person;
pub mod retention;
pub mod review;
pub mod route;
pub mod tags;
pub mod times;
