//! Which channels hear of what, and when: at once, or gathered with others.

mod digest;
mod facts;
mod quota;
mod way;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::matcher::{Condition, Test};
use crate::notification::Event;
pub use digest::Digest;
pub use facts::facts_of_notification;
pub use quota::{Quota, Window};
pub use way::{Step, Taken};

/// One way from events to channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The name in the configuration.
    pub name: String,
    /// Which events take it. Where that is not known, they do.
    pub when: Condition,
    /// The channels it leads to, by name.
    pub channels: Vec<String>,
    /// Whether an event that takes it goes on to the routes behind it.
    pub goes_on: bool,
    /// Until when nothing is sent by it. An event takes it all the same.
    pub muted_until: Option<Timestamp>,
    /// When what takes it is sent together. `None` where each is sent at once.
    pub digest: Option<Digest>,
}

/// All routes in their order, and how much each channel takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Routing {
    /// In the order in which events try them. Where there is none, every channel hears of everything.
    pub routes: Vec<Route>,
    /// The most that a channel is sent, by its name. One that is not here takes everything.
    pub quotas: BTreeMap<String, Quota>,
}

impl Route {
    /// Whether its condition names this event, so that it is meant and not just not left out.
    pub fn names(&self, event: Event) -> bool {
        fn names(condition: &Condition, event: Event) -> bool {
            match condition {
                Condition::Is(Test::Event(events)) => events.contains(&event),
                Condition::Is(_) | Condition::Not(_) => false,
                Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|part| names(part, event)),
            }
        }
        names(&self.when, event)
    }
}

impl Routing {
    /// The route of this name.
    pub fn route(&self, name: &str) -> Option<&Route> {
        self.routes.iter().find(|route| route.name == name)
    }
}
