//! Table adapters under failed, repeated and missing calls.

mod checkpoints;
mod disposals;
mod entries;
mod headings;
mod sessions;
mod tables;
