//! How bastions, their accounts and our own things are set up, and what is wrong with that.
//!
//! Facts in, checks out. What could not be read is *not checked*, with the reason, and never fine; every finding carries
//! what mends it.

mod access;
mod audit_log;
mod bastion;
mod change;
mod check;
mod container;
mod cors;
mod countdown;
mod facts;
mod known;
mod matching;
mod memory;
mod network;
mod own;
mod question;
mod resource;
mod sas;
mod suffix;

pub use change::{Act, Change, Concern};
pub use check::{Check, Standing};
pub use countdown::{WARNED_AT, days_left, stage};
pub use facts::{
    Access, AccountFacts, AuditFacts, BastionFacts, ChannelFacts, ContainerFacts, ContentFacts, CorsRule,
    DiagnosticSetting, EventSubscription, Expected, LifecycleRule, OwnFacts, QueueFacts, Role, ServiceFacts,
    StoredPolicy, TagTrial, Watched,
};
pub use known::Known;
pub use memory::{Memory, News, gist_of};
pub use own::check_clock;
pub use question::{Group, Question};
pub use resource::ResourceId;
pub use sas::{NotASas, SharedAccess};
pub use suffix::{HIGHEST_SUFFIX, highest_suffixes, suffix_of};

use jiff::Timestamp;

/// Every check of these bastions, in the order of their groups.
pub fn check_bastions(watched: &[Watched], now: Timestamp) -> Vec<Check> {
    watched.iter().flat_map(|one| check_bastion(one, watched, now)).collect()
}

/// Every check of one bastion among all that are watched.
pub fn check_bastion(one: &Watched, all: &[Watched], now: Timestamp) -> Vec<Check> {
    let mut checks = container::checks(one);
    checks.extend(cors::checks(one));
    checks.extend(network::checks(one));
    checks.extend(access::checks(one, now));
    checks.extend(bastion::checks(one, all));
    checks.extend(audit_log::checks(one, now));
    checks.extend(matching::checks(one));
    checks.extend(own::checks_of_bastion(one));
    checks
}

/// Every check of our own things.
pub fn check_own(own: &OwnFacts, now: Timestamp) -> Vec<Check> {
    own::checks(own, now)
}

/// Every check of a shared access signature that a person gave, for this container.
pub fn check_sas(sas: &SharedAccess, one: &Watched, now: Timestamp) -> Vec<Check> {
    sas::checks(sas, one, now)
}
