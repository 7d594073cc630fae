//! What people are told of an entry.

use jiff::Timestamp;

use super::context::Context;
use super::entry::Entry;
use crate::blob::whole_second;
use crate::notification::{Event, Fact, Notification, NotificationId};
use crate::session::facts_of;

/// The notification of `event` about this entry. `occurrence` tells apart what can happen more than once.
pub(super) fn announce(
    entry: &Entry,
    event: Event,
    occurrence: &str,
    at: Timestamp,
    context: &Context<'_>,
) -> Notification {
    Notification {
        id: NotificationId::derive(&entry.id.to_string(), event, occurrence),
        event,
        at: whole_second(at),
        subject: entry.address.name.as_str().to_owned(),
        facts: facts(entry, context),
        link: context.estate.portal_url(&entry.bastion),
    }
}

fn facts(entry: &Entry, context: &Context<'_>) -> Vec<Fact> {
    let mut facts = vec![
        Fact::text("recording", entry.id.to_string()),
        Fact::text("bastion", entry.bastion.as_str()),
        Fact::text("account", entry.address.account.as_str()),
        Fact::text("container", entry.address.container.as_str()),
        Fact::text("state", entry.state.name()),
        Fact::text("match", entry.joined.verdict.name()),
    ];
    facts.extend(entry.created_at().map(|at| Fact::text("created_at", at.to_string())));
    facts.extend(entry.life.last_modified().map(|at| Fact::text("last_modified", at.to_string())));
    facts.extend(entry.life.size().map(|size| Fact::number("size_bytes", size)));
    facts.extend(entry.joined.verdict.session().into_iter().flat_map(|session| facts_of(session, context)));
    facts.extend(entry.life.deleted_at().map(|at| Fact::text("deleted_at", at.to_string())));
    facts
}
