//! Samples about bastions and their sessions.

use domain::record::notification::{Event, NotificationFact};
use jiff::{SignedDuration, Timestamp};

use super::{ago, recording, text};

/// Returns the subject and the facts of an event about a bastion or a session, or `None` for any other event.
pub(super) fn facts_of(event: Event, at: Timestamp) -> Option<(String, Vec<NotificationFact>)> {
    let hours_ago = |hours| ago(at, SignedDuration::from_hours(hours)).to_string();
    let facts = match event {
        Event::SessionUnrecorded => {
            let mut facts = vec![text("bastion", "bas-hub-01"), text("cause", "access_expired")];
            facts.extend(recording::session(at));
            ("vm-web-01".to_owned(), facts)
        }
        Event::SessionFailedLogins => {
            let mut facts = vec![text("bastion", "bas-hub-01"), NotificationFact::number("count", 12)];
            facts.extend([text("counted_by", "client"), text("client", "203.0.113.7")]);
            facts.extend([text("first_at", hours_ago(1)), text("last_at", at.to_string())]);
            ("203.0.113.7".to_owned(), facts)
        }
        Event::BastionRecordingStopped => {
            let facts = vec![text("bastion", "bas-hub-01"), text("newest_recording", hours_ago(30))];
            ("bas-hub-01".to_owned(), facts)
        }
        Event::BastionAuditLogStopped => {
            let facts = vec![text("bastion", "bas-hub-01"), text("newest_record", hours_ago(30))];
            ("bas-hub-01".to_owned(), facts)
        }
        _ => return None,
    };
    Some(facts)
}
