//! Builds the notifications about an entry.

use jiff::Timestamp;

use super::tombstone::{matches_deletion_order, news_of_deletion};
use crate::decide::context::Context;
use crate::decide::session::facts_of;
use crate::record::blob::{Happening, StorageRequest, whole_second};
use crate::record::catalogue::{Entry, RecordingState};
use crate::record::effect::Effect;
use crate::record::notification::{Event, Notification, NotificationFact, NotificationId};

/// Occurrence of an event that is notified once per entry.
pub(super) const ONCE: &str = "";

/// Builds the notification of `event` about this entry. `occurrence` distinguishes repeats of the same event.
pub(crate) fn announce(
    entry: &Entry,
    event: Event,
    occurrence: &str,
    at: Timestamp,
    context: &Context<'_>,
) -> Notification {
    Notification {
        subject: entry.address.name.as_str().to_owned(),
        facts: facts(entry, context),
        link: context.estate.portal_url(&entry.bastion),
        ..Notification::new(&entry.id.to_string(), event, occurrence, at)
    }
}

impl Entry {
    /// Id of the notification that the recording is ready.
    pub fn ready_id(&self) -> NotificationId {
        NotificationId::derive(&self.id.to_string(), Event::RecordingReady, ONCE)
    }
}

/// Queues the notification of a deletion: as ordered, or unexpected.
pub(super) fn notify_deletion(entry: &mut Entry, was: &Entry, context: &Context<'_>) {
    if let Some((tombstone, disposal)) = entry.custody.tombstone.as_ref().zip(entry.custody.disposal.as_ref())
        && !entry.announced.contains(&Event::RecordingDeleted)
    {
        let occurrence = disposal.marked_at.to_string();
        let mut notification = announce(entry, Event::RecordingDeleted, &occurrence, tombstone.at, context);
        notification.facts.push(NotificationFact::text("deleted_by", tombstone.by.name()));
        notification.facts.push(NotificationFact::text("policy", &tombstone.policy.0));
        notification
            .facts
            .extend(tombstone.approval.as_ref().map(|approval| NotificationFact::text("approved_by", &approval.by)));
        entry.announced.insert(Event::RecordingDeleted);
        entry.pending.push(Effect::Notify(notification).pending(context.now));
    }
    if let Some(deletion) = news_of_deletion(entry, was).filter(|deletion| !matches_deletion_order(entry, deletion)) {
        let occurrence = deletion.sequencer.as_str().trim_start_matches('0');
        let event = Event::RecordingDeletedUnexpectedly;
        let mut notification = announce(entry, event, occurrence, deletion.at, context);
        if let Happening::Deleted(request) = &deletion.what {
            notification.facts.extend(facts_of_request(request));
        }
        entry.pending.push(Effect::Notify(notification).pending(context.now));
    }
}

/// Queues the notification of a recording gone without a delete event.
pub(super) fn notify_absence(entry: &mut Entry, was: &Entry, context: &Context<'_>) {
    let is_new = entry.state == RecordingState::Deleted && was.state == RecordingState::Missing;
    let is_known = entry.life.blob_events.deletion().is_some() || entry.custody.tombstone.is_some();
    if let Some(since) = entry.custody.missing_since.filter(|_| is_new && !is_known) {
        let occurrence = format!("missing since {since}");
        let event = Event::RecordingDeletedUnexpectedly;
        let mut notification = announce(entry, event, &occurrence, since, context);
        notification.facts.push(NotificationFact::text("missing_since", whole_second(since).to_string()));
        entry.pending.push(Effect::Notify(notification).pending(context.now));
    }
}

/// Facts of the delete request, with a query for the caller in the account's resource log.
fn facts_of_request(request: &StorageRequest) -> Vec<NotificationFact> {
    let text = |name, value: &Option<String>| value.clone().map(|value| NotificationFact::text(name, value));
    // Clients can choose the id, so it must not be able to inject into the query.
    let is_id = |id: &&String| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let query = request.id.as_ref().filter(is_id).map(|id| {
        let query = format!("StorageBlobLogs | where CorrelationId == '{id}' | project CallerIpAddress, RequesterUpn");
        NotificationFact::text("find_caller_with", query)
    });
    let named = [
        text("api", &request.api),
        text("request_id", &request.id),
        text("client_request_id", &request.client_id),
        query,
    ];
    named.into_iter().flatten().collect()
}

fn facts(entry: &Entry, context: &Context<'_>) -> Vec<NotificationFact> {
    let mut facts = vec![
        NotificationFact::text("recording", entry.id.to_string()),
        NotificationFact::text("bastion", entry.bastion.as_str()),
        NotificationFact::text("account", entry.address.account.as_str()),
        NotificationFact::text("container", entry.address.container.as_str()),
        NotificationFact::text("state", entry.state.name()),
        NotificationFact::text("match", entry.match_state.verdict.name()),
    ];
    facts.extend(entry.created_at().map(|at| NotificationFact::text("created_at", at.to_string())));
    facts.extend(entry.life.last_modified().map(|at| NotificationFact::text("last_modified", at.to_string())));
    facts.extend(entry.life.size().map(|size| NotificationFact::number("size_bytes", size)));
    let contradicted = entry.contradicted(context.rules.matching.tolerances());
    if let Some((length, from)) = entry.length_despite(contradicted)
        && let Ok(millis) = u64::try_from(length.as_millis())
    {
        facts.extend([
            NotificationFact::number("duration_ms", millis),
            NotificationFact::text("duration_from", from.name()),
        ]);
    }
    facts.extend(contradicted.names().into_iter().map(|name| NotificationFact::text("warning", name)));
    facts.extend(entry.match_state.verdict.session().into_iter().flat_map(|session| facts_of(session, context)));
    if let Some(confirmed) = &entry.match_state.confirmed {
        let by = context.rules.privacy.in_notifications.show(&confirmed.by);
        facts.extend(by.map(|by| NotificationFact::text("confirmed_by", by)));
        facts.push(NotificationFact::text("confirmed_at", confirmed.at.to_string()));
        facts.push(NotificationFact::text("confirmed_because", &confirmed.reason));
    }
    let review = entry.review();
    facts.extend(review.map(|mark| NotificationFact::text("review_outcome", mark.outcome.name())));
    if let Some(retention) = &entry.custody.retention {
        facts.push(NotificationFact::text("class", &retention.class));
        facts.extend(retention.rules.iter().map(|rule| NotificationFact::text("rule", rule)));
        facts.push(NotificationFact::text("retain_until", retention.retain_until.to_string()));
        facts.extend(retention.delete_after.map(|date| NotificationFact::text("delete_after", date.to_string())));
        facts.push(NotificationFact::text("then", retention.then.name()));
    }
    facts.extend(entry.custody.holds.iter().map(|held| NotificationFact::text("case", &held.case)));
    facts.extend(
        entry
            .custody
            .disposal
            .as_ref()
            .map(|disposal| NotificationFact::text("goes_at", disposal.grace_until.to_string())),
    );
    facts.extend(entry.life.deleted_at().map(|at| NotificationFact::text("deleted_at", at.to_string())));
    facts
}
