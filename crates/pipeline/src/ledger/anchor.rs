//! Sends the head of the ledger out once a day, and keeps what was sent.

use std::sync::Arc;

use domain::past::is_ahead;
use domain::record::blob::whole_second;
use domain::record::ledger::{SegmentNumber, Sha256};
use domain::record::notification::{Event, Notification, NotificationFact};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::head::LedgerHead;
use crate::all_checkpoints::all_checkpoints;
use crate::deliver::NotificationOutbox;
use crate::ports::{CheckpointKey, CheckpointKind, Checkpoints, Fault, Ledger, Notifications, Version};
use crate::stored::Schema;
use crate::stored::checkpoint::{AS_WRITTEN, CheckpointDocument, decode, encode};
use crate::time::TimeSource;

/// Head of the ledger that was handed to channels. A receiver that keeps it can show later that the ledger up to this
/// line existed at that time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerAnchor {
    /// Segment of the line.
    pub segment: SegmentNumber,
    /// Number of the line in its segment, from 0.
    pub seq: u64,
    /// Time of the line.
    pub at: Timestamp,
    /// Hash of the line.
    pub hash: Sha256,
    /// Time of sending.
    pub sent_at: Timestamp,
    /// Id of the notification.
    pub notification: String,
}

/// Sends the head of the ledger out once a day.
pub struct AnchorLedger {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) notifications: Arc<dyn Notifications>,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) is_quiet: bool,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
}

/// Progress: the head about to be sent, and the last one. Stored before sending, so a crash sends the same head again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Anchoring {
    schema: Schema,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sending: Option<AnchorDocument>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last: Option<AnchorDocument>,
}

/// Stored form of an anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnchorDocument {
    schema: Schema,
    segment: String,
    seq: u64,
    at: Timestamp,
    hash: String,
    sent_at: Timestamp,
}

impl CheckpointDocument for Anchoring {
    const WHAT: &str = "last anchor of the ledger";

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, sending, last } = self;
        // The next head is due at once if a wrong clock dated the last one.
        let past = |last: AnchorDocument| {
            if is_ahead(last.sent_at, now) {
                AnchorDocument { sent_at: Timestamp::UNIX_EPOCH, ..last }
            } else {
                last
            }
        };
        Self { schema, sending, last: last.map(past) }
    }
}

impl CheckpointDocument for AnchorDocument {
    const WHAT: &str = "anchor of the ledger";

    fn without_future(self, _: Timestamp) -> Self {
        // Records what was sent, also under a wrong clock.
        let Self { schema, segment, seq, at, hash, sent_at } = self;
        Self { schema, segment, seq, at, hash, sent_at }
    }
}

impl AnchorLedger {
    /// Sends the head if it is new and the last one was sent at least `every` ago. Keeps a head that a channel takes.
    /// Idempotent.
    pub(crate) async fn anchor_ledger(&self, every: SignedDuration) -> Result<(), Fault> {
        if self.is_quiet {
            // A quiet archivist leaves the anchors to one that can notify.
            return Ok(());
        }
        let now = self.time.now();
        let stored = self.checkpoints.get(&progress()).await?;
        let (state, version) = match stored {
            Some(stored) => (decode::<Anchoring>(&stored.doc, now)?, Some(stored.version)),
            None => (Anchoring { schema: Schema, sending: None, last: None }, None),
        };
        if let Some(sending) = state.sending {
            return self.send(sending, version).await;
        }
        if state.last.as_ref().is_some_and(|last| now.duration_since(last.sent_at) < every) {
            return Ok(());
        }
        let Some(head) = LedgerHead::read(self.ledger.as_ref()).await? else {
            return Ok(());
        };
        let sending = AnchorDocument::from_head(&head, whole_second(now));
        if state.last.as_ref().is_some_and(|last| last.hash == sending.hash) {
            return Ok(());
        }
        let next = Anchoring { schema: Schema, sending: Some(sending.clone()), last: state.last };
        match self.checkpoints.save(&progress(), version, &encode(&next)?).await? {
            Some(saved) => self.send(sending, Some(saved)).await,
            // Another process sends a head.
            None => Ok(()),
        }
    }

    async fn send(&self, sending: AnchorDocument, version: Option<Version>) -> Result<(), Fault> {
        let notification = sending.notification();
        self.outbox.hand_over(&notification).await?;
        // Without a route to a channel, nobody outside has the head.
        if self.notifications.get(&notification.id).await?.is_some() {
            self.checkpoints.save(&sending.key(), None, &encode(&sending)?).await?;
        }
        let next = Anchoring { schema: Schema, sending: None, last: Some(sending) };
        self.checkpoints.save(&progress(), version, &encode(&next)?).await.map(drop)
    }
}

impl AnchorDocument {
    fn from_head(head: &LedgerHead, sent_at: Timestamp) -> Self {
        let LedgerHead { segment, seq, at, hash, .. } = head;
        Self { schema: Schema, segment: segment.to_string(), seq: *seq, at: *at, hash: hash.to_string(), sent_at }
    }

    /// Returns the notification. Its id depends on the head only.
    fn notification(&self) -> Notification {
        let Self { segment, seq, at, hash, sent_at, .. } = self;
        Notification {
            facts: vec![
                NotificationFact::text("segment", segment.clone()),
                NotificationFact::number("line", seq.saturating_add(1)),
                NotificationFact::text("written_at", at.to_string()),
                NotificationFact::text("head", hash.clone()),
                NotificationFact::text("verify_with", format!("archivist ledger verify --head {hash}")),
            ],
            ..Notification::new("ledger", Event::LedgerAnchored, hash, *sent_at)
        }
    }

    /// Returns the key of the kept anchor; keys sort as their lines.
    fn key(&self) -> CheckpointKey {
        let name = format!("{}-{:020}-{}", self.segment, self.seq, self.hash);
        CheckpointKey { kind: CheckpointKind::Anchor, name }
    }

    fn anchor(&self) -> Option<LedgerAnchor> {
        Some(LedgerAnchor {
            segment: SegmentNumber::parse(&self.segment)?,
            seq: self.seq,
            at: self.at,
            hash: Sha256::parse(&self.hash)?,
            sent_at: self.sent_at,
            notification: self.notification().id.as_str().to_owned(),
        })
    }
}

/// Returns all heads that were sent, in the order of the ledger.
pub async fn anchors(checkpoints: &dyn Checkpoints) -> Result<Vec<LedgerAnchor>, Fault> {
    let mut found = Vec::new();
    for (_, checkpoint) in all_checkpoints(checkpoints, CheckpointKind::Anchor).await? {
        found.extend(decode::<AnchorDocument>(&checkpoint.doc, AS_WRITTEN)?.anchor());
    }
    Ok(found)
}

fn progress() -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Ledger, name: "anchor".to_owned() }
}
