//! Input that no retry can save is put aside with its raw bytes, and people hear of it.

use std::collections::BTreeMap;
use std::ops::Range;

use domain::address::BlobAddress;
use domain::blob::whole_second;
use domain::notification::{Event, Fact, Notification, NotificationId};

use crate::archivist::{Archivist, MayGoOn};
use crate::body::inputs_of;
use crate::message::Attempt;
use crate::ports::{Fault, QuarantineId, QuarantineNote, QuarantinedInput, QueueName};

/// Whose input a piece of an audit log is.
pub(crate) const LOG_ORIGIN: &str = "audit_log_tail";
/// How many inputs a sweep reads of at a time that were not announced.
const LOOKED_AT: usize = 500;
/// How many inputs of one function are announced each by itself at a time.
const ALONE: usize = 8;
/// How many logs are announced each by itself at a time.
const LOGS_ANNOUNCED: usize = 16;
/// What stands before the name of the log in the reason of a piece.
const OF_LOG: &str = " of audit log ";
/// How much of a reason fits into a notification, in characters.
const REASON_SHOWN: usize = 300;

impl Archivist {
    /// Keeps input that no retry can save. `origin` is the function that was to take it.
    ///
    /// When this fails, the input is not kept: the platform must keep it.
    pub async fn set_aside(&self, raw: &[u8], reason: &str, origin: &str) -> Result<QuarantineId, Fault> {
        let input = self.keep(QuarantineId::derive(raw, origin), raw, reason, origin).await?;
        let id = input.id.clone();
        if let Err(fault) = self.announce(vec![input]).await {
            tracing::warn!(quarantine = %id, %fault, "quarantined input not announced, a sweep does it");
        }
        Ok(id)
    }

    /// Keeps a piece of an audit log, to be announced with all others of the log.
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
            at: self.now(),
            origin: origin.to_owned(),
        };
        self.ports.quarantine.put(&input).await?;
        tracing::error!(quarantine = %input.id, origin, reason, bytes = raw.len(), "input put into quarantine");
        Ok(input.note())
    }

    /// Announces all quarantined input that was not announced, however old: what came by one function together, the pieces
    /// of each log by themselves. Returns how many inputs there were, and whether there was time for all of them.
    pub(crate) async fn announce_quarantined(&self, may_go_on: MayGoOn<'_>) -> Result<(usize, bool), Fault> {
        let mut announced = 0;
        loop {
            let page = self.ports.quarantine.unannounced(LOOKED_AT).await?;
            let is_last = page.len() < LOOKED_AT;
            let mut result = Ok(());
            for together in together(page) {
                // None waits for another to succeed.
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

    /// Announces the pieces of logs that were put into quarantine. If that fails, a sweep does it.
    pub(crate) async fn announce_pieces(&self) {
        if let Err(fault) = self.announce_quarantined(&|| false).await {
            tracing::warn!(%fault, "pieces of audit logs not announced, a sweep does it");
        }
    }

    /// Tells people of quarantined inputs that belong together, oldest first, in one notification. Returns how many had
    /// not been announced.
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
            match self.ports.notifications.get(&notification.id).await? {
                // It was announced, and a crash kept that from being noted. What came since is announced next.
                Some(stored) => inputs.truncate(inputs_of(&stored.record.body)),
                None => {
                    self.hand_over(&notification).await?;
                    count = if self.settings.channels.is_empty() { 0 } else { inputs.len() };
                }
            }
        }
        silent.extend(inputs.into_iter().map(|input| input.id));
        self.ports.quarantine.announced(&silent).await?;
        Ok(count)
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

/// Inputs that are announced together: by origin where there are many, the pieces of logs by log. Beyond a limit, logs are
/// announced together.
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

/// The log that a piece is of.
fn log_of(input: &QuarantineNote) -> Option<&str> {
    let (_, log) = input.reason.rsplit_once(OF_LOG).filter(|_| input.origin == LOG_ORIGIN)?;
    Some(log)
}

/// Tells of the first input, and how many there are with it. `None` of no input.
fn announcement(inputs: &[QuarantineNote]) -> Option<Notification> {
    let first = inputs.first()?;
    let at = inputs.iter().map(|input| input.at).max()?;
    let mut facts = vec![
        Fact::text("quarantine", first.id.as_str()),
        Fact::text("reason", first.reason.chars().take(REASON_SHOWN).collect::<String>()),
        Fact::number("size_bytes", inputs.iter().map(|input| input.size).sum()),
    ];
    if inputs.len() > 1 {
        facts.push(Fact::number("inputs", inputs.len() as u64));
    }
    Some(Notification {
        id: NotificationId::derive(first.id.as_str(), Event::InputQuarantined, ""),
        event: Event::InputQuarantined,
        at: whole_second(at),
        subject: first.origin.clone(),
        facts,
        link: None,
    })
}
