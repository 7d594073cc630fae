//! archivist.yaml: its types, its schema, and every problem in it with line and remedy.
//!
//! [`read`] takes the text of a file and gives either a [`Configuration`] or all its [`Problems`] at once. The
//! text becomes a tree that knows its lines; the tree is checked against the schema that the types give, then
//! against the rules between values; only a tree without problems becomes types.

pub mod account_url;
mod app_setting;
pub mod blob_url;
mod configuration;
mod destinations;
mod document;
pub mod facts;
mod fault;
mod findings;
mod formats;
mod hosts;
mod meaning;
mod names;
mod problem;
mod read;
mod remedies;
mod retention;
mod routing;
mod rules;
mod schema;
mod secret;
pub mod state;
mod structure;
mod suffixes;
mod texts;
mod topic_url;
mod tree;
mod when;
mod yaml;

pub use account_url::{AccountUrl, Service, ServiceUrl};
pub use app_setting::{RESOLVE, is_unresolved};
pub use blob_url::BlobUrl;
pub use configuration::{AuditLogs, Bastion, Channel, Configuration, FailedLogins, Ledger, Matching, Recordings};
pub use destinations::AppPlace;
pub use domain::cloud::ExtraSuffixes;
pub use problem::{Problem, Problems};
pub use read::{Checked, check, read};
pub use schema::{retention_schema, schema};
pub use secret::Secret;
pub use suffixes::{EXTRA_SUFFIXES, extra_suffixes};
pub use topic_url::TopicUrl;
