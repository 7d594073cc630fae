//! Plans the rules of the storage account's lifecycle management, which know only ages and tags.
//!
//! A platform rule has no grace period and gives no reason, so none deletes by age. The deleting rule acts on a tag,
//! set by the archivist after all other checks have passed.

use strum::{IntoStaticStr, VariantArray};

use super::policy::Policy;
use crate::address::ContainerName;
use crate::named;
use crate::record::retention::Executor;
use crate::record::tags::{CLASS, DUE, HOLD, NO_HOLD, STATE};

/// Name prefix of our rules.
pub const RULE_PREFIX: &str = "archivist-";

/// Largest number of rules per storage account.
pub const MOST_RULES: usize = 100;

/// Largest number of prefixes, and of tag conditions, per rule.
pub const MOST_FILTERS: usize = 10;

/// Tier moves of a class, in days since the last write.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tiers {
    /// Name of the class.
    pub class: String,
    /// Days until the cool tier.
    pub cool_after: Option<u32>,
    /// Days until the cold tier.
    pub cold_after: Option<u32>,
    /// Days until the archive tier, from which recordings cannot be played at once.
    pub archive_after: Option<u32>,
    /// Days during which recordings must play at once and never enter the archive tier.
    pub immediately_available: Option<u32>,
}

/// Target tier of a rule, the most expensive storage first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Tier {
    /// Cheaper to store, more expensive to read.
    Cool,
    /// Cheaper to store than `Cool`, more expensive to read.
    Cold,
    /// Offline.
    Archive,
}

named!(Tier: ALL, name);

impl Tier {
    /// Days billed by storage for a blob moved to the tier, even if it is deleted earlier.
    pub fn least_days(self) -> u32 {
        match self {
            Self::Cool => 30,
            Self::Cold => 90,
            Self::Archive => 180,
        }
    }
}

impl Tiers {
    /// Returns the days until recordings move to a tier, not before `immediately_available` for the archive tier.
    pub fn after(&self, tier: Tier) -> Option<u32> {
        match tier {
            Tier::Cool => self.cool_after,
            Tier::Cold => self.cold_after,
            Tier::Archive => self.archive_after.map(|days| days.max(self.immediately_available.unwrap_or(0))),
        }
    }

    /// Returns true if any tier is configured.
    pub fn moves(&self) -> bool {
        Tier::ALL.into_iter().any(|tier| self.after(tier).is_some())
    }
}

/// Action of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LifecycleAction {
    /// Moves a blob to each tier when its last write is more than the given days ago.
    Move(Vec<(Tier, u32)>),
    /// Deletes the blobs at any age.
    Delete,
}

/// One rule of lifecycle management.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformRule {
    /// Name: [`RULE_PREFIX`], then letters, digits and hyphens.
    pub name: String,
    /// True if the rule is active.
    pub enabled: bool,
    /// Containers whose blobs the rule checks.
    pub containers: Vec<ContainerName>,
    /// Tags required on a blob, all with these values.
    pub tags: Vec<(&'static str, String)>,
    /// Action of the rule.
    pub action: LifecycleAction,
}

/// Returns the rules for the containers of one storage account. A rule takes at most [`MOST_FILTERS`] containers; more
/// containers get further rules.
pub fn rules(policy: &Policy, tiers: &[Tiers], containers: &[ContainerName]) -> Vec<PlatformRule> {
    let mut rules = Vec::new();
    for (at, containers) in containers.chunks(MOST_FILTERS).enumerate() {
        let part = if at == 0 { String::new() } else { format!("-{}", at + 1) };
        for (class, of) in tiers.iter().filter(|of| of.moves()).enumerate() {
            let moves = Tier::ALL.into_iter().filter_map(|tier| Some((tier, of.after(tier)?))).collect();
            rules.push(PlatformRule {
                name: format!("{RULE_PREFIX}tier-{}-{}{part}", class + 1, plain(&of.class)),
                enabled: true,
                containers: containers.to_vec(),
                tags: vec![(CLASS, of.class.clone()), (HOLD, NO_HOLD.to_owned())],
                action: LifecycleAction::Move(moves),
            });
        }
        if policy.executor == Executor::Lifecycle {
            rules.push(PlatformRule {
                name: format!("{RULE_PREFIX}delete-due{part}"),
                enabled: policy.enforce,
                containers: containers.to_vec(),
                tags: vec![(STATE, DUE.to_owned()), (HOLD, NO_HOLD.to_owned())],
                action: LifecycleAction::Delete,
            });
        }
    }
    rules
}

/// Replaces characters not allowed in rule names and limits the length; the class number in the name keeps rules
/// distinct.
fn plain(class: &str) -> String {
    class.chars().take(40).map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
