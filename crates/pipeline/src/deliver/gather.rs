//! Collects notifications of a channel into digests.

use domain::decide::channel::NO_ROOM;
use domain::record::delivery::Delivery;
use domain::record::notification::{Event, NotificationKey};
use domain::record::notification_digest::{DigestItem, DigestLine, NotificationDigest};
use jiff::Timestamp;

use super::{RACES, contested};
use crate::body::{FrozenData, digest_body};
use crate::deliver::DeliverNotification;
use crate::message::Attempt;
use crate::outcome::{Ignored, Outcome};
use crate::ports::{Fault, NotificationRecord, Stored};

impl DeliverNotification {
    /// Adds a notification to its route's digest, or queues it for immediate delivery if the route is gone or has no
    /// digest any more.
    pub(super) async fn gather_by(&self, stored: Stored, attempt: &Attempt, route: &str) -> Result<Outcome, Fault> {
        let now = self.time.now();
        if route == NO_ROOM {
            return self.gather(stored, attempt, NO_ROOM, now).await;
        }
        let digest = self.rules.routing.route(route).and_then(|route| route.digest.as_ref());
        match digest {
            Some(digest) => self.gather(stored, attempt, route, digest.next(now)).await,
            None => {
                self.save_delivery(stored, attempt, Delivery::new(now)).await?;
                self.outbox.queue_attempt(&Attempt { attempt: 1, ..attempt.clone() }, now).await?;
                Ok(Outcome::Applied)
            }
        }
    }

    /// Adds a notification to the open digest of this cause, due at `due`.
    ///
    /// Its delivery then waits, so no copy of the message sends the notification separately. The digest is saved before
    /// the delivery: after a crash in between, the notification is added again, which changes nothing. The message that
    /// sends the digest is queued each time an earlier one may be missing.
    pub(super) async fn gather(
        &self,
        mut stored: Stored,
        attempt: &Attempt,
        cause: &str,
        due: Timestamp,
    ) -> Result<Outcome, Fault> {
        let (now, record) = (self.time.now(), &stored.record);
        let item = item_of(record);
        let (number, sent_at) = self
            .channel_states
            .change_channel(&attempt.channel, |state| {
                let number = state.gather(cause, due, item.clone(), now);
                let open = state.open_digest(number).map(|gathering| (gathering.ids.len(), gathering.due));
                // Queue the message for the first line, and for the line with which the digest becomes due.
                let sent_at = open.filter(|(count, due)| *count == 1 || *due <= now).map(|(_, due)| due);
                (number, sent_at)
            })
            .await?;
        let digest = NotificationDigest::id(&attempt.channel, number);
        if let Some(at) = sent_at {
            self.outbox.queue_attempt(&Attempt::first(&digest, &attempt.channel), at).await?;
        }
        for _ in 0..RACES {
            let gathered = Delivery::Gathered { at: now, digest: digest.clone() };
            if self.save_delivery(stored, attempt, gathered).await?.is_some() {
                return Ok(Outcome::Applied);
            }
            // A delivery of the same notification to another channel may have saved first.
            match self.notifications.get(&attempt.notification).await? {
                Some(fresh) if is_gathering(&fresh, attempt) => stored = fresh,
                _ => return Ok(Outcome::Ignored(Ignored::AttemptNotDue)),
            }
        }
        Err(contested(attempt))
    }

    /// Writes the digest of this id as a notification of its own if it is due. Returns `None` if there is no digest
    /// with this id, else true if the notification exists now.
    pub(super) async fn write_digest(&self, attempt: &Attempt) -> Result<Option<bool>, Fault> {
        let (now, channel) = (self.time.now(), attempt.channel.as_str());
        let gathered = self
            .channel_states
            .change_channel(channel, |state| {
                let gathered = state.open_digests.iter_mut().map(|(_, gathering)| gathering);
                let is_meant = |gathering: &NotificationDigest| {
                    NotificationDigest::id(channel, gathering.number) == attempt.notification
                };
                let gathering = gathered.into_iter().find(|gathering| is_meant(gathering))?;
                // A closed digest gets no new lines, so every writer produces the same text.
                gathering.is_closed |= gathering.due <= now;
                Some(gathering.clone())
            })
            .await?;
        let Some(gathered) = gathered else {
            return Ok(None);
        };
        if !gathered.is_closed {
            self.outbox.queue_attempt(attempt, gathered.due).await?;
            return Ok(Some(false));
        }
        let id = attempt.notification.clone();
        let record = NotificationRecord {
            after: None,
            body: digest_body(&id, &gathered).map_err(|error| Fault::permanent("freeze a digest", error))?,
            id,
            event: Event::ChannelDigest,
            at: gathered.due,
            deliveries: [(channel.to_owned(), Delivery::new(now))].into(),
        };
        self.notifications.add(&record).await?;
        self.channel_states.change_channel(channel, |state| state.digest_sent(gathered.number)).await?;
        Ok(Some(true))
    }
}

/// Returns the notification as a digest lists it, from its frozen body.
fn item_of(record: &NotificationRecord) -> DigestItem {
    let data = FrozenData::parse(&record.body);
    if let Some((class, recording)) = data.as_ref().and_then(|data| data.expiring(&record.id, record.event)) {
        return DigestItem::Expiring { class, recording };
    }
    let key = data.as_ref().and_then(FrozenData::key);
    DigestItem::Line(DigestLine {
        id: record.id.clone(),
        key: key.unwrap_or_else(|| NotificationKey::derive(record.id.as_str(), record.event)),
        event: record.event,
        severity: data.as_ref().and_then(FrozenData::severity).unwrap_or_else(|| record.event.severity()),
        at: record.at,
        subject: data.map(|data| data.subject).unwrap_or_default(),
    })
}

fn is_gathering(stored: &Stored, attempt: &Attempt) -> bool {
    matches!(stored.record.deliveries.get(&attempt.channel), Some(Delivery::Gathering { .. }))
}
