//! Remembers which channels were told of a trouble, so that exactly these are told that it is over.
//!
//! The channels of an end cannot be found by its own facts: routes test facts that change when the trouble ends, and a
//! quiet run tells nobody of the trouble.

use std::collections::BTreeMap;

use domain::record::notification::{Notification, NotificationId, NotificationKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::NotificationOutbox;
use crate::ports::{CheckpointKey, CheckpointKind, Fault, Version};
use crate::save::save_with_retry;
use crate::stored::checkpoint::{AS_WRITTEN, CheckpointDocument, decode, encode};
use crate::stored::{Schema, StoredError};

/// Channels with the route whose digest collects for them; `None` for those that are told at once.
pub(super) type TroubleRecipients = BTreeMap<String, Option<String>>;

/// Trouble that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenTrouble {
    /// Notified channels.
    pub(super) recipients: TroubleRecipients,
    /// Newest notification of the trouble.
    pub(super) newest: NotificationId,
    version: Version,
}

/// Stored form of an open trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenTroubleForm {
    schema: Schema,
    newest: String,
    told: TroubleRecipients,
}

impl CheckpointDocument for OpenTroubleForm {
    const WHAT: &str = "open trouble";

    fn without_future(self, _: Timestamp) -> Self {
        // The form has no times.
        self
    }
}

impl NotificationOutbox {
    /// Returns the trouble with this key, or `None` if no channel was told of one.
    pub(super) async fn open_trouble(&self, key: &NotificationKey) -> Result<Option<OpenTrouble>, Fault> {
        let Some(known) = self.checkpoints.get(&place(key)).await? else {
            return Ok(None);
        };
        let form = decode::<OpenTroubleForm>(&known.doc, AS_WRITTEN)?;
        let damaged = || StoredError::Damaged { what: OpenTroubleForm::WHAT, source: not_an_id(&form.newest) };
        let newest = NotificationId::parse(&form.newest).ok_or_else(|| damaged().fault("read an open trouble"))?;
        Ok(Some(OpenTrouble { recipients: form.told, newest, version: known.version }))
    }

    /// Returns the newest notification of the trouble with this key, and its time. `None` if no channel was told of one.
    pub(crate) async fn newest_of_trouble(
        &self,
        key: &NotificationKey,
    ) -> Result<Option<(NotificationId, Timestamp)>, Fault> {
        let Some(trouble) = self.open_trouble(key).await? else { return Ok(None) };
        let newest = self.notifications.get(&trouble.newest).await?;
        // A crash before the notification was stored leaves a trouble that nobody was told of; the next try tells it.
        Ok(newest.map(|stored| (trouble.newest, stored.record.at)))
    }

    /// Remembers that these channels are told of a trouble, beside those told before.
    pub(super) async fn open(&self, notification: &Notification, recipients: &TroubleRecipients) -> Result<(), Fault> {
        save_with_retry(
            || format!("save the trouble {}", notification.key.as_str()),
            || {
                Box::pin(async move {
                    let known = self.open_trouble(&notification.key).await?;
                    let (mut all, version) =
                        known.map_or((TroubleRecipients::new(), None), |known| (known.recipients, Some(known.version)));
                    all.extend(recipients.iter().map(|(channel, route)| (channel.clone(), route.clone())));
                    let newest = notification.id.as_str().to_owned();
                    let doc = encode(&OpenTroubleForm { schema: Schema, newest, told: all })?;
                    let saved = self.checkpoints.save(&place(&notification.key), version, &doc).await?;
                    Ok(saved.map(drop))
                })
            },
        )
        .await
    }

    /// Forgets a trouble that is over, unless it has come back meanwhile.
    pub(super) async fn close(&self, key: &NotificationKey, trouble: OpenTrouble) -> Result<(), Fault> {
        self.checkpoints.remove(&place(key), trouble.version).await.map(drop)
    }
}

fn place(key: &NotificationKey) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Trouble, name: key.as_str().to_owned() }
}

fn not_an_id(text: &str) -> serde_json::Error {
    serde::de::Error::custom(format_args!("{text:?} is not the id of a notification"))
}
