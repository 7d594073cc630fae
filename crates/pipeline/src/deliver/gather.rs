//! Collects notifications of a channel into digests.

use crate::deliver::{DeliverNotification, RecoverDeliveries};
use domain::channel::NO_ROOM;
use domain::delivery::Delivery;
use domain::gathering::{Gathering, Line};
use domain::notification::Event;
use jiff::Timestamp;

use super::{RACES, contested};
use crate::body::{digest_body, severity_of, subject_of};
use crate::message::Attempt;
use crate::outcome::{Ignored, Outcome};
use crate::ports::{CheckpointKind, Fault, NotificationRecord, Stored};

/// Channels per page.
const PAGE: usize = 100;

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
        let line = Line {
            id: record.id.clone(),
            event: record.event,
            severity: severity_of(&record.body).unwrap_or_else(|| record.event.severity()),
            at: record.at,
            subject: subject_of(&record.body).unwrap_or_default(),
        };
        let (number, sent_at) = self
            .channel_states
            .change_channel(&attempt.channel, |state| {
                let number = state.gather(cause, due, line.clone(), now);
                let open = state.gathering(number).map(|gathering| (gathering.ids.len(), gathering.due));
                // Queue the message for the first line, and for the line with which the digest becomes due.
                let sent_at = open.filter(|(count, due)| *count == 1 || *due <= now).map(|(_, due)| due);
                (number, sent_at)
            })
            .await?;
        let digest = Gathering::id(&attempt.channel, number);
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
                let gathered = state.gatherings.iter_mut().map(|(_, gathering)| gathering);
                let is_meant = |gathering: &Gathering| Gathering::id(channel, gathering.number) == attempt.notification;
                let gathering = gathered.into_iter().find(|gathering| is_meant(gathering))?;
                // A closed digest gets no new lines, so every writer produces the same text.
                gathering.is_closed |= gathering.due <= now;
                Some(gathering.clone())
            })
            .await?;
        let Some(gathered) = gathered else { return Ok(None) };
        if !gathered.is_closed {
            self.outbox.queue_attempt(attempt, gathered.due).await?;
            return Ok(Some(false));
        }
        let id = attempt.notification.clone();
        let record = NotificationRecord {
            body: digest_body(&id, &gathered).map_err(|error| Fault::permanent("freeze a digest", error))?,
            id,
            event: Event::ChannelDigest,
            at: gathered.due,
            deliveries: [(channel.to_owned(), Delivery::new(now))].into(),
        };
        self.notifications.add(&record).await?;
        self.channel_states.change_channel(channel, |state| state.told(gathered.number)).await?;
        Ok(Some(true))
    }
}

impl RecoverDeliveries {
    /// Queues lost messages of digests again. Returns how many.
    pub(super) async fn recall_gatherings(&self, forgotten: Timestamp) -> Result<usize, Fault> {
        let (mut recalled, mut last) = (0, None::<String>);
        loop {
            let page = self.checkpoints.list(CheckpointKind::Channel, last.as_deref(), PAGE).await?;
            for (channel, known) in &page {
                let state = match super::channel::read(channel, &known.doc) {
                    Ok(state) => state,
                    // An unreadable channel state must not block the other channels.
                    Err(fault) => {
                        tracing::error!(%fault, "channel passed over");
                        continue;
                    }
                };
                let right = self.channel_states.right_state(state.clone());
                let moved =
                    right.gatherings.iter().zip(&state.gatherings).filter(|(right, was)| right.1.due != was.1.due);
                let moved: Vec<&Gathering> = moved.map(|(right, _)| &right.1).collect();
                if !moved.is_empty() {
                    // A wrong clock had postponed these digests.
                    self.channel_states.change_channel(channel, |_| ()).await?;
                }
                for gathering in moved {
                    let digest = Gathering::id(channel, gathering.number);
                    self.outbox.queue_attempt(&Attempt::first(&digest, channel), gathering.due).await?;
                }
                for (_, gathering) in state.gatherings.iter().filter(|(_, gathering)| gathering.due <= forgotten) {
                    let digest = Gathering::id(channel, gathering.number);
                    if self.notifications.get(&digest).await?.is_some() {
                        // A crash happened after the digest was written as a notification and before it was removed
                        // here.
                        self.channel_states.change_channel(channel, |state| state.told(gathering.number)).await?;
                        continue;
                    }
                    self.outbox.queue_attempt(&Attempt::first(&digest, channel), gathering.due).await?;
                    recalled += 1;
                }
            }
            last = page.last().map(|(name, _)| name.clone());
            if page.len() < PAGE {
                return Ok(recalled);
            }
        }
    }
}

fn is_gathering(stored: &Stored, attempt: &Attempt) -> bool {
    matches!(stored.record.deliveries.get(&attempt.channel), Some(Delivery::Gathering { .. }))
}
