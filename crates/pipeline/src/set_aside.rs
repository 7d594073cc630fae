//! Input that no retry can save is put aside with its raw bytes, and people hear of it.

use domain::notification::{Event, Fact, Notification, NotificationId};
use jiff::SignedDuration;

use crate::archivist::{Archivist, MayGoOn};
use crate::message::Attempt;
use crate::ports::{Fault, QuarantineId, QuarantineNote, QuarantinedInput, QueueName};

/// How far back a sweep looks for input of which nobody heard yet.
const ANNOUNCED_WITHIN: SignedDuration = SignedDuration::from_hours(2);
/// How many such inputs a sweep reads of at a time.
const LOOKED_AT: usize = 500;
/// How much of a reason fits into a notification, in characters.
const REASON_SHOWN: usize = 300;

impl Archivist {
    /// Keeps input that no retry can save. `origin` is the function that was to take it.
    ///
    /// When this fails, the input is not kept: the platform must keep it.
    pub async fn set_aside(&self, raw: &[u8], reason: &str, origin: &str) -> Result<QuarantineId, Fault> {
        self.set_aside_from(raw, origin, reason, origin).await
    }

    /// Keeps a part of something, once for each `place` that it was found at.
    pub(crate) async fn set_aside_from(
        &self,
        raw: &[u8],
        place: &str,
        reason: &str,
        origin: &str,
    ) -> Result<QuarantineId, Fault> {
        let input = self.keep(QuarantineId::derive(raw, place), raw, reason, origin).await?;
        if let Err(fault) = self.announce(&input).await {
            tracing::warn!(quarantine = %input.id, %fault, "quarantined input not announced, a sweep does it");
        }
        Ok(input.id)
    }

    /// Puts input into quarantine and tells nobody of it yet.
    pub(crate) async fn keep(
        &self,
        id: QuarantineId,
        raw: &[u8],
        reason: &str,
        origin: &str,
    ) -> Result<QuarantineNote, Fault> {
        let input = QuarantinedInput {
            id,
            raw: raw.to_vec(),
            reason: reason.to_owned(),
            at: self.ports.clock.now(),
            origin: origin.to_owned(),
        };
        self.ports.quarantine.put(&input).await?;
        tracing::error!(quarantine = %input.id, origin, reason, bytes = raw.len(), "input put into quarantine");
        Ok(input.note())
    }

    /// Announces recent quarantined input of which nobody heard. Returns how many there were, and whether there was time
    /// to look at all of it; the next pass looks again.
    pub(crate) async fn announce_quarantined(&self, may_go_on: MayGoOn<'_>) -> Result<(usize, bool), Fault> {
        let mut since = self.ports.clock.now().saturating_sub(ANNOUNCED_WITHIN).unwrap_or(jiff::Timestamp::MIN);
        let mut announced = 0;
        loop {
            let page = self.ports.quarantine.since(since, LOOKED_AT).await?;
            for input in &page {
                announced += usize::from(self.announce(input).await?);
            }
            match page.last() {
                Some(_) if page.len() == LOOKED_AT && !may_go_on() => return Ok((announced, false)),
                Some(last) if page.len() == LOOKED_AT && last.at > since => since = last.at,
                _ => return Ok((announced, true)),
            }
        }
    }

    /// Tells people of quarantined input, once however often it is put aside. True when it had not been told.
    pub(crate) async fn announce(&self, input: &QuarantineNote) -> Result<bool, Fault> {
        let notification = announcement(input);
        if self.ports.notifications.get(&notification.id).await?.is_some() || self.delivers_announcement(input).await {
            return Ok(false);
        }
        self.hand_over(&notification).await?;
        Ok(!self.settings.channels.is_empty())
    }

    /// Whether this is a message that was to deliver an announcement of quarantined input.
    ///
    /// Such a one is kept in silence. Where a channel brings the handler down every time, each announcement would end
    /// in quarantine and call for another, without end. What cannot be looked up is announced.
    async fn delivers_announcement(&self, input: &QuarantineNote) -> bool {
        if input.origin != QueueName::Notifications.function() {
            return false;
        }
        let Ok(Some(kept)) = self.ports.quarantine.get(&input.id).await else {
            return false;
        };
        let Ok(attempt) = Attempt::decode(&kept.raw) else { return false };
        let stored = self.ports.notifications.get(&attempt.notification).await;
        matches!(stored, Ok(Some(stored)) if stored.record.event == Event::InputQuarantined)
    }
}

fn announcement(input: &QuarantineNote) -> Notification {
    Notification {
        id: NotificationId::derive(input.id.as_str(), Event::InputQuarantined, ""),
        event: Event::InputQuarantined,
        at: domain::blob::whole_second(input.at),
        subject: input.origin.clone(),
        facts: vec![
            Fact::text("quarantine", input.id.as_str()),
            Fact::text("reason", input.reason.chars().take(REASON_SHOWN).collect::<String>()),
            Fact::number("size_bytes", input.size),
        ],
        link: None,
    }
}
