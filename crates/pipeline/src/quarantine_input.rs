//! Quarantines input that fails on every retry, with its raw bytes, and announces it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use domain::address::BlobAddress;
use domain::record::notification::{Event, Notification, NotificationFact};

use crate::body::inputs_of;
use crate::deadline::MayGoOn;
use crate::deliver::NotificationOutbox;
use crate::message::Attempt;
use crate::ports::{
    Channels, Fault, Notifications, Quarantine, QuarantineId, QuarantineNote, QuarantinedInput, QueueName,
};
use crate::time::TimeSource;

/// Origin of pieces of audit logs.
pub(crate) const LOG_ORIGIN: &str = "audit_log_tail";
/// Unannounced inputs per page.
const LOOKED_AT: usize = 500;
/// Maximum number of inputs of one function with separate announcements.
const ALONE: usize = 8;
/// Maximum number of logs with separate announcements.
const LOGS_ANNOUNCED: usize = 16;
/// Separator before the log's name in the reason of a piece.
const OF_LOG: &str = " of audit log ";
/// Maximum length of a reason in a notification, in characters.
const REASON_SHOWN: usize = 300;

/// Quarantines input that fails on every retry, and announces it.
pub struct QuarantineInput {
    pub(crate) notifications: Arc<dyn Notifications>,
    pub(crate) quarantine: Arc<dyn Quarantine>,
    pub(crate) channels: Channels,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
}

impl QuarantineInput {
    /// Quarantines input that fails on every retry. `origin` is the function that received the input.
    ///
    /// Returns an error if the input could not be stored; the platform must then keep it.
    pub async fn quarantine(&self, raw: &[u8], reason: &str, origin: &str) -> Result<QuarantineId, Fault> {
        let input = self.keep(QuarantineId::derive(raw, origin), raw, reason, origin).await?;
        let id = input.id.clone();
        if let Err(fault) = self.announce(vec![input]).await {
            tracing::warn!(quarantine = %id, %fault, "quarantined input not announced, a sweep does it");
        }
        Ok(id)
    }

    /// Quarantines a piece of an audit log. All pieces of a log are announced together.
    pub(crate) async fn set_piece_of_log_aside(
        &self,
        raw: &[u8],
        log: &BlobAddress,
        range: &Range<u64>,
        why: &str,
    ) -> Result<(), Fault> {
        let reason = format!("{why}: bytes {}..{}{OF_LOG}{log}", range.start, range.end);
        let id = QuarantineId::derive(raw, &format!("{log} {}", range.start));
        self.keep(id, raw, &reason, LOG_ORIGIN).await.map(drop)
    }

    /// Quarantines input without an announcement.
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
            at: self.time.now(),
            origin: origin.to_owned(),
        };
        self.quarantine.put(&input).await?;
        tracing::error!(quarantine = %input.id, origin, reason, bytes = raw.len(), "input put into quarantine");
        Ok(input.note())
    }

    /// Announces all unannounced input of any age, grouped by function, or by log for pieces of logs. Returns the
    /// number of inputs, and true if all were processed.
    pub(crate) async fn announce_quarantined(&self, may_go_on: MayGoOn<'_>) -> Result<(usize, bool), Fault> {
        let mut announced = 0;
        loop {
            let page = self.quarantine.unannounced(LOOKED_AT).await?;
            let is_last = page.len() < LOOKED_AT;
            let mut result = Ok(());
            for together in together(page) {
                // An error in one group must not block the others.
                match self.announce(together).await {
                    Ok(count) => announced += count,
                    Err(fault) => result = Err(fault),
                }
            }
            result?;
            if is_last || !may_go_on() {
                return Ok((announced, is_last));
            }
        }
    }

    /// Announces quarantined pieces of logs. A sweep retries failures.
    pub(crate) async fn announce_pieces(&self) {
        if let Err(fault) = self.announce_quarantined(&|| false).await {
            tracing::warn!(%fault, "pieces of audit logs not announced, a sweep does it");
        }
    }

    /// Announces a group of inputs in one notification, oldest first. Returns the number of newly announced inputs.
    async fn announce(&self, mut inputs: Vec<QuarantineNote>) -> Result<usize, Fault> {
        let mut silent = Vec::new();
        for input in &inputs {
            if self.delivers_announcement(input).await {
                silent.push(input.id.clone());
            }
        }
        inputs.retain(|input| !silent.contains(&input.id));
        let mut count = 0;
        if let Some(notification) = announcement(&inputs) {
            match self.notifications.get(&notification.id).await? {
                // A crash interrupted an earlier announcement before it was noted. Later inputs are announced next.
                Some(stored) => inputs.truncate(inputs_of(&stored.record.body)),
                None => {
                    self.outbox.hand_over(&notification).await?;
                    count = if self.channels.is_empty() { 0 } else { inputs.len() };
                }
            }
        }
        silent.extend(inputs.into_iter().map(|input| input.id));
        self.quarantine.announced(&silent).await?;
        Ok(count)
    }

    /// Returns true if the input is a delivery attempt of a quarantine announcement.
    ///
    /// Such input is quarantined without an announcement. Otherwise, a channel crashing the handler each time would
    /// send each announcement into quarantine and trigger the next one. Input is announced if the lookup fails.
    async fn delivers_announcement(&self, input: &QuarantineNote) -> bool {
        if input.origin != QueueName::Notifications.function() {
            return false;
        }
        let Ok(Some(kept)) = self.quarantine.get(&input.id).await else {
            return false;
        };
        let Ok(attempt) = Attempt::decode(&kept.raw) else { return false };
        let stored = self.notifications.get(&attempt.notification).await;
        matches!(stored, Ok(Some(stored)) if stored.record.event == Event::InputQuarantined)
    }
}

/// Groups inputs for announcement: by origin if there are many, pieces of logs by log. Beyond a limit, several logs
/// share one announcement.
fn together(inputs: Vec<QuarantineNote>) -> Vec<Vec<QuarantineNote>> {
    let mut found = BTreeMap::<(String, Option<String>), Vec<QuarantineNote>>::new();
    for input in inputs {
        let mut kind = (input.origin.clone(), log_of(&input).map(str::to_owned));
        let logs = found.keys().filter(|(_, log)| log.is_some()).count();
        if logs >= LOGS_ANNOUNCED && !found.contains_key(&kind) {
            kind.1 = None;
        }
        found.entry(kind).or_default().push(input);
    }
    let few =
        |inputs: &[QuarantineNote]| inputs.len() <= ALONE && inputs.iter().all(|input| input.origin != LOG_ORIGIN);
    let (few, many): (Vec<_>, Vec<_>) = found.into_values().partition(|inputs| few(inputs));
    few.into_iter().flatten().map(|input| vec![input]).chain(many).collect()
}

/// Returns the log of a piece.
fn log_of(input: &QuarantineNote) -> Option<&str> {
    let (_, log) = input.reason.rsplit_once(OF_LOG).filter(|_| input.origin == LOG_ORIGIN)?;
    Some(log)
}

/// Builds the announcement from the first input and the total count. Returns `None` without inputs.
fn announcement(inputs: &[QuarantineNote]) -> Option<Notification> {
    let first = inputs.first()?;
    let at = inputs.iter().map(|input| input.at).max()?;
    let mut facts = vec![
        NotificationFact::text("quarantine", first.id.as_str()),
        NotificationFact::text("reason", first.reason.chars().take(REASON_SHOWN).collect::<String>()),
        NotificationFact::number("size_bytes", inputs.iter().map(|input| input.size).sum()),
    ];
    if inputs.len() > 1 {
        facts.push(NotificationFact::number("inputs", inputs.len() as u64));
    }
    Some(Notification {
        subject: first.origin.clone(),
        facts,
        ..Notification::new(first.id.as_str(), Event::InputQuarantined, "", at)
    })
}
