//! Releases legal holds.

use std::sync::Arc;

use domain::record::hold::{Actor, Hold, HoldId};
use futures_util::future::BoxFuture;

use super::{active, is_same};
use crate::hold::{AnnounceHolds, KnownHolds};
use crate::ports::{CheckpointKey, CheckpointKind, Checkpoints, Fault};
use crate::save::save_with_retry;
use crate::stored::StoredError;
use crate::stored::checkpoint::{AS_WRITTEN, decode, encode};
use crate::stored::hold::{ActorForm, HoldForm, ReleaseForm};
use crate::time::TimeSource;

/// Releases legal holds.
pub struct ReleaseHolds {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) holds: Arc<KnownHolds>,
    pub(crate) hold_news: Arc<AnnounceHolds>,
}

impl ReleaseHolds {
    /// Releases all active holds of a case. Returns them.
    ///
    /// # Errors
    /// Like [`release_these`](Self::release_these).
    pub fn release_holds<'a>(&'a self, case: &'a str, by: &'a Actor) -> BoxFuture<'a, Result<Vec<Hold>, Fault>> {
        Box::pin(async move {
            let mut holds = self.holds.holds().await?;
            holds.retain(|hold| hold.case == case);
            self.release_these(&holds, by).await
        })
    }

    /// Releases exactly these placements. A hold that was released and placed again since is another placement and
    /// stays. Returns the released holds. Their recordings may be deleted when due, after a new warning.
    ///
    /// # Errors
    /// Returns an error if others keep changing a hold.
    pub fn release_these<'a>(&'a self, holds: &'a [Hold], by: &'a Actor) -> BoxFuture<'a, Result<Vec<Hold>, Fault>> {
        Box::pin(async move {
            let mut released = Vec::new();
            for hold in holds {
                if self.release(hold, by).await? {
                    released.push(hold.clone());
                }
            }
            self.hold_news.announce_holds().await;
            Ok(released)
        })
    }

    /// Releases a hold. Returns false if this placement is not active.
    async fn release(&self, hold: &Hold, by: &Actor) -> Result<bool, Fault> {
        let id = &hold.id;
        save_with_retry(
            || format!("release {}", id.as_str()),
            || {
                Box::pin(async move {
                    // The announcement changes the form too. Such a lost race must not keep the hold active.
                    let Some(known) = self.checkpoints.get(&active(id)).await? else {
                        return Ok(Some(false));
                    };
                    let mut form: HoldForm = decode(&known.doc, AS_WRITTEN)?;
                    let damaged = |source| StoredError::Damaged { what: "legal hold", source };
                    let placed =
                        form.hold().map_err(|error| damaged(error).fault(format!("read hold {}", id.as_str())))?;
                    if !is_same(&placed, hold) {
                        return Ok(Some(false));
                    }
                    let at = self.time.now();
                    form.released = Some(ReleaseForm { by: ActorForm::from(by), at, is_announced: false });
                    // The released form is stored before the active one is removed, so the hold is never lost.
                    let is_released = self.keep_released(id, &form).await?
                        && self.checkpoints.remove(&active(id), known.version).await?;
                    Ok(is_released.then_some(true))
                })
            },
        )
        .await
    }

    /// Stores the released form. Returns false after a lost race.
    async fn keep_released(&self, id: &HoldId, form: &HoldForm) -> Result<bool, Fault> {
        let key = CheckpointKey { kind: CheckpointKind::ReleasedHold, name: id.as_str().to_owned() };
        // If the id was released before and placed again, the latest release replaces the earlier one.
        let before = self.checkpoints.get(&key).await?.map(|known| known.version);
        Ok(self.checkpoints.save(&key, before, &encode(form)?).await?.is_some())
    }
}
