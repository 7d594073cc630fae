//! What the platform's own lifecycle management is to do: rules that know ages, tags and nothing else.
//!
//! A rule of the platform has no grace and no reason, so none deletes by age: the one that deletes goes by the tag that
//! the archivist sets once everything else has been asked.

use super::policy::{Executor, Policy};
use crate::address::ContainerName;
use crate::tags::{CLASS, DUE, HOLD, NO_HOLD, STATE};

/// The beginning of the name of every rule that is ours.
pub const RULE_PREFIX: &str = "archivist-";

/// The most rules that one storage account can have.
pub const MOST_RULES: usize = 100;

/// The most prefixes, and the most conditions on tags, that one rule can have.
pub const MOST_FILTERS: usize = 10;

/// When recordings of a class move to cheaper tiers, in days since their last write.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tiers {
    /// The class.
    pub class: String,
    /// When they go to the cool tier.
    pub cool_after: Option<u32>,
    /// When they go to the cold tier.
    pub cold_after: Option<u32>,
    /// When they go to the archive tier, from which nothing plays at once.
    pub archive_after: Option<u32>,
    /// How long they must play at once: never in the archive tier before.
    pub immediately_available: Option<u32>,
}

/// A tier that a rule moves blobs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Cheaper to keep, dearer to read.
    Cool,
    /// Still more so.
    Cold,
    /// Offline.
    Archive,
}

impl Tier {
    /// Each, from the dearest to keep.
    pub const ALL: [Self; 3] = [Self::Cool, Self::Cold, Self::Archive];

    /// For how many days storage bills a blob that was moved there, however early it goes.
    pub fn least_days(self) -> u32 {
        match self {
            Self::Cool => 30,
            Self::Cold => 90,
            Self::Archive => 180,
        }
    }

    /// The name in texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cool => "cool",
            Self::Cold => "cold",
            Self::Archive => "archive",
        }
    }
}

impl Tiers {
    /// After how many days recordings move to a tier. Into the archive they never do while they must play at once.
    pub fn after(&self, tier: Tier) -> Option<u32> {
        match tier {
            Tier::Cool => self.cool_after,
            Tier::Cold => self.cold_after,
            Tier::Archive => self.archive_after.map(|days| days.max(self.immediately_available.unwrap_or(0))),
        }
    }

    /// Whether anything moves at all.
    pub fn moves(&self) -> bool {
        Tier::ALL.into_iter().any(|tier| self.after(tier).is_some())
    }
}

/// What a rule does with the blobs that it finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Moves each to a tier when its last write is more than so many days ago.
    Move(Vec<(Tier, u32)>),
    /// Deletes them, however old.
    Delete,
}

/// One rule of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformRule {
    /// Its name: [`RULE_PREFIX`] and letters, digits and hyphens.
    pub name: String,
    /// Whether it does anything yet.
    pub enabled: bool,
    /// The containers, of which it looks at all blobs.
    pub containers: Vec<ContainerName>,
    /// The tags that a blob must have, all of them, each with this value.
    pub tags: Vec<(&'static str, String)>,
    /// What it does.
    pub action: Action,
}

/// The rules for the containers of one storage account. A rule has room for ten containers, so that more need more.
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
                action: Action::Move(moves),
            });
        }
        if policy.executor == Executor::Lifecycle {
            rules.push(PlatformRule {
                name: format!("{RULE_PREFIX}delete-due{part}"),
                enabled: policy.enforce,
                containers: containers.to_vec(),
                tags: vec![(STATE, DUE.to_owned()), (HOLD, NO_HOLD.to_owned())],
                action: Action::Delete,
            });
        }
    }
    rules
}

/// A class's name in the alphabet and length of rule names; its number keeps two apart.
fn plain(class: &str) -> String {
    class.chars().take(40).map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
