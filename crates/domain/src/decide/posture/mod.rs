//! Posture: checks the setup of bastions, their accounts and our own deployment.
//!
//! Turns facts into checks. An unreadable fact gives *not checked* with the reason, never *good*. Every finding carries
//! its fix.

mod access;
mod access_log;
mod audit_log;
mod bastion;
mod change;
mod check;
mod container;
mod cors;
mod countdown;
mod facts;
mod known;
mod log;
mod matching;
mod memory;
mod network;
mod own;
mod question;
mod resource;
mod sas;
mod suffix;

pub use change::{Concern, ResourceChange, ResourceOperation};
pub use check::{Check, CheckResult};
pub use countdown::{WARNED_AT, days_left, stage};
pub use facts::{
    AccountFacts, AuditFacts, BastionFacts, ChannelFacts, ContainerFacts, ContentFacts, CorsRule, DiagnosticSetting,
    EventSubscription, ExpectedSetup, LifecycleRule, OwnFacts, QueueFacts, Role, ServiceFacts, StoredPolicy, TagTrial,
    Watched, WriteAccess,
};
pub use known::MaybeKnown;
pub use log::{FindingLog, FindingSpell};
pub use memory::{Memory, News, gist_of};
pub use own::check_clock;
pub use question::{Group, Question};
pub use resource::ResourceId;
pub use sas::{NotASas, SharedAccess};
pub use suffix::{HIGHEST_SUFFIX, highest_suffixes, suffix_of};

use jiff::Timestamp;

/// Runs every check of these bastions, one bastion after the other.
pub fn check_bastions(watched: &[Watched], now: Timestamp) -> Vec<Check> {
    watched.iter().flat_map(|one| check_bastion(one, watched, now)).collect()
}

/// Runs every check of one bastion; `all` are the watched ones.
pub fn check_bastion(one: &Watched, all: &[Watched], now: Timestamp) -> Vec<Check> {
    let mut checks = container::checks(one);
    checks.extend(cors::checks(one));
    checks.extend(network::checks(one));
    checks.extend(access::checks(one, now));
    checks.extend(bastion::checks(one, all));
    checks.extend(audit_log::checks(one, now));
    checks.extend(access_log::checks(one));
    checks.extend(matching::checks(one));
    checks.extend(own::checks_of_bastion(one));
    checks
}

/// Runs every check of our own deployment.
pub fn check_own(own: &OwnFacts, now: Timestamp) -> Vec<Check> {
    own::checks(own, now)
}

/// Runs every check of a shared access signature entered by a person, for this container.
pub fn check_sas(sas: &SharedAccess, one: &Watched, now: Timestamp) -> Vec<Check> {
    sas::checks(sas, one, now)
}
