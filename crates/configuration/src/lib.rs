//! archivist.yaml: its types, its schema, and its problems with line and remedy.
//!
//! [`read`] takes the text of a file and returns either a [`Configuration`] or all [`Problems`] at once.
//! The text is parsed into a tree with line numbers. The tree is checked against the schema generated from
//! the types, then against the rules between values. Only a tree without problems is converted to types.

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
mod outline;
mod problem;
mod read;
mod remedies;
mod retention;
mod review;
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

pub use account_url::{AccountService, AccountUrl, ServiceUrl};
pub use app_setting::{RESOLVE, is_unresolved};
pub use blob_url::BlobUrl;
pub use configuration::{
    AccessLogSettings, AuditLogs, BastionSettings, BurstSettings, ChannelSettings, Configuration, LedgerSettings,
    MatchingSettings, RecordingContainer,
};
pub use destinations::AppPlace;
pub use domain::cloud::ExtraSuffixes;
pub use outline::{Outline, WrittenBastion, WrittenContainer, outline};
pub use problem::{Problem, Problems};
pub use read::{CheckedConfiguration, check, read};
pub use schema::{retention_schema, schema};
pub use secret::Secret;
pub use suffixes::{EXTRA_SUFFIXES, extra_suffixes};
pub use topic_url::TopicUrl;

/// Parses a time zone of the IANA database. The error says what to write instead.
pub fn time_zone(name: &str) -> Result<jiff::tz::TimeZone, String> {
    texts::time_zone(name).map_err(|problem| format!("{name:?} {}; {}", problem.what, problem.remedy))
}
