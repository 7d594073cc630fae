//! Routes notifications to channels, immediately or collected in digests.

mod digest;
mod facts;
mod quota;
mod way;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::policy::matcher::{Condition, Test};
use crate::record::notification::Event;
pub use digest::Digest;
pub use facts::facts_of_notification;
pub use quota::{Quota, Window};
pub use way::{RouteDecision, RouteStep};

/// Route from events to channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationRoute {
    /// Name in the configuration.
    pub name: String,
    /// Condition on the event. If its result is unknown, the event takes the route and tries the following routes too.
    pub when: Condition,
    /// Names of the channels.
    pub channels: Vec<String>,
    /// True if an event that takes this route also tries the following routes.
    pub goes_on: bool,
    /// End of the mute period. Until then events that certainly meet the condition still take the route, but
    /// nothing is sent.
    pub muted_until: Option<Timestamp>,
    /// Schedule for sending notifications of this route as digests. `None` to send each immediately.
    pub digest: Option<Digest>,
}

/// All routes in order, and the quotas of channels.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Routing {
    /// Routes in the order in which events try them. If empty, every channel receives every event at once.
    pub routes: Vec<NotificationRoute>,
    /// True if the configuration has no routes, and these are the usual ones.
    pub is_usual: bool,
    /// Quota by channel name. A channel without an entry is unlimited.
    pub quotas: BTreeMap<String, Quota>,
}

impl NotificationRoute {
    /// True if the condition names this event explicitly, rather than merely not excluding it.
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
    /// Returns the route with this name.
    pub fn route(&self, name: &str) -> Option<&NotificationRoute> {
        self.routes.iter().find(|route| route.name == name)
    }
}
