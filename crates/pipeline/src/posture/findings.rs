//! Notifies people of each finding once.

use std::sync::Arc;

use domain::decide::posture::{Check, Memory, WriteAccess};
use domain::record::estate::Estate;
use jiff::Timestamp;

use super::Report;
use super::remembered::MemoryForm;
use super::state::states;
use crate::deliver::NotificationOutbox;
use crate::ports::{CheckpointKey, CheckpointKind, Checkpoints, Fault, Version};
use crate::posture::Watch;
use crate::save::save_with_retry;
use crate::stored::StoredError;
use crate::stored::checkpoint::{decode, encode};
use crate::time::TimeSource;

/// Notifies people of each finding once.
pub struct NotifyFindings {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) is_quiet: bool,
    pub(crate) watch: Arc<Watch>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
}

impl NotifyFindings {
    /// Notifies one finding unless it is known.
    pub(crate) async fn notify_check(&self, check: Check, at: Timestamp) -> Result<(), Fault> {
        if self.is_quiet {
            return Ok(());
        }
        self.notify(&Report { at, checks: vec![check] }, false).await.map(drop)
    }

    /// Notifies the findings of a report of all checks. A finding whose check is no longer asked is over, unless another
    /// check of its kind had no answer.
    pub(super) async fn notify_findings(&self, report: &Report) -> Result<usize, Fault> {
        self.notify(report, true).await
    }

    /// The id of a notification contains its repetition number: after a crash before the save, the same id is sent
    /// again. Findings notified before a failure are saved.
    async fn notify(&self, report: &Report, is_full: bool) -> Result<usize, Fault> {
        let (notified, failed) = save_with_retry(
            || "save the findings".to_owned(),
            || {
                Box::pin(async move {
                    let (mut memory, version) = self.remembered().await?;
                    let before = memory.clone();
                    let mut notified = 0;
                    let mut failed = None;
                    for state in states(self, report, &before, is_full) {
                        let mut next = memory.clone();
                        let Some(notification) = self.news(&mut next, &state, report.at) else {
                            continue;
                        };
                        if let Err(fault) = self.outbox.hand_over(&notification).await {
                            failed = Some(fault);
                            break;
                        }
                        (memory, notified) = (next, notified + 1);
                    }
                    if memory == before {
                        return Ok(Some((notified, failed)));
                    }
                    let doc = encode(&MemoryForm::from(&memory))?;
                    Ok(self.checkpoints.save(&key(), version, &doc).await?.map(|_| (notified, failed)))
                })
            },
        )
        .await?;
        failed.map_or(Ok(notified), Err)
    }

    async fn remembered(&self) -> Result<(Memory, Option<Version>), Fault> {
        let Some(known) = self.checkpoints.get(&key()).await? else {
            return Ok((Memory::default(), None));
        };
        let damaged = |source| StoredError::Damaged { what: "memory of findings", source }.fault("read the findings");
        let memory = Memory::try_from(decode::<MemoryForm>(&known.doc, self.time.now())?).map_err(damaged)?;
        Ok((memory, Some(known.version)))
    }

    /// Returns the expected access of a bastion.
    pub(crate) fn access_of(&self, bastion: &str) -> WriteAccess {
        let expected = self.watch.expected.iter().find(|expected| expected.bastion == bastion);
        expected.map_or(WriteAccess::NotStated, |expected| expected.access)
    }
}

fn key() -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Posture, name: "findings".to_owned() }
}
