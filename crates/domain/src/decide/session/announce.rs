//! Builds notifications about sessions.

use super::bursts::Burst;
use crate::decide::context::Context;
use crate::record::blob::whole_second;
use crate::record::notification::{Event, Notification, NotificationFact};
use crate::record::session::{BurstKey, SessionEntry, SessionFacts};

/// Builds the notification of `event` about this session.
pub(super) fn announce(entry: &SessionEntry, event: Event, occurrence: &str, context: &Context<'_>) -> Notification {
    let session = entry.session();
    let subject = session.facts.machine().unwrap_or_else(|| entry.id.tunnel.to_string());
    let mut facts = vec![NotificationFact::text("bastion", entry.id.bastion.as_str())];
    facts.extend(entry.gap.as_ref().map(|gap| NotificationFact::text("cause", gap.cause.name())));
    facts.extend(facts_of(&session.facts, context));
    Notification {
        subject,
        facts,
        link: context.estate.portal_url(&entry.id.bastion),
        ..Notification::new(&entry.id.to_string(), event, occurrence, context.now)
    }
}

/// Builds the notification that a bastion stopped recording; equal for all sessions since its newest recording.
pub(super) fn announce_stop(entry: &SessionEntry, since: &str, context: &Context<'_>) -> Notification {
    let event = Event::BastionRecordingStopped;
    let bastion = entry.id.bastion.as_str();
    let mut facts = vec![NotificationFact::text("bastion", bastion)];
    if !since.is_empty() {
        facts.push(NotificationFact::text("newest_recording", since));
    }
    Notification {
        facts,
        link: context.estate.portal_url(&entry.id.bastion),
        ..Notification::new(bastion, event, since, context.now)
    }
}

/// Builds the notification of failed logins, with everything they have in common. Returns `None` if `keys` is empty.
pub(super) fn announce_burst(
    entry: &SessionEntry,
    keys: &[&BurstKey],
    burst: &Burst,
    context: &Context<'_>,
) -> Option<Notification> {
    let event = Event::SessionFailedLogins;
    let bastion = entry.id.bastion.as_str();
    let shown = |key: &BurstKey| match key {
        BurstKey::Person(person) => context.rules.privacy.in_notifications.show(person),
        BurstKey::Client(_) | BurstKey::Target(_) => Some(key.value().to_owned()),
    };
    let first = keys.first()?;
    let about = format!("{} {}", first.kind(), first.value());
    let mut facts = vec![
        NotificationFact::text("bastion", bastion),
        NotificationFact::text("counted_by", first.kind()),
        NotificationFact::number("count", burst.tunnels.len() as u64),
        NotificationFact::text("first_at", whole_second(burst.first_at).to_string()),
        NotificationFact::text("last_at", whole_second(burst.last_at).to_string()),
    ];
    facts.extend(keys.iter().filter_map(|key| Some(NotificationFact::text(key.kind(), shown(key)?))));
    Some(Notification {
        subject: shown(first).unwrap_or_else(|| bastion.to_owned()),
        facts,
        link: context.estate.portal_url(&entry.id.bastion),
        ..Notification::new(&about, event, &burst.first_at.to_string(), context.now)
    })
}

/// Converts a session to notification facts, subject to the privacy setting.
pub(crate) fn facts_of(session: &SessionFacts, context: &Context<'_>) -> Vec<NotificationFact> {
    let person = session.user_email.as_ref().and_then(|person| context.rules.privacy.in_notifications.show(person));
    // An account may be an Azure identity, which names a person.
    let account = session.user_name.as_ref().and_then(|account| match account.contains('@') {
        true => context.rules.privacy.in_notifications.show(account),
        false => Some(account.to_string()),
    });
    let text = |name: &str, value: Option<&str>| value.map(|value| NotificationFact::text(name, value));
    let millis = session.duration.and_then(|duration| u64::try_from(duration.as_millis()).ok());
    [
        Some(NotificationFact::text("tunnel_id", session.tunnel_id.as_str())),
        text("person", person.as_deref()),
        text("user_name", account.as_deref()),
        text("machine", session.machine().as_deref()),
        text("target_resource_id", session.target_resource_id.as_deref()),
        text("client_ip", session.client_ip.as_deref()),
        text("protocol", session.protocol.as_deref()),
        text("started_at", session.started_at.map(|at| at.to_string()).as_deref()),
        text("ended_at", session.ended_at.map(|at| at.to_string()).as_deref()),
        millis.map(|millis| NotificationFact::number("session_duration_ms", millis)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
