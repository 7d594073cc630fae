//! Notifies people of each finding once.

use std::sync::Arc;

use domain::estate::Estate;
use domain::posture::{Check, CheckResult, Memory, WriteAccess};
use jiff::Timestamp;

use super::Report;
use super::remembered::MemoryForm;
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
    pub(crate) async fn tell_check(&self, check: Check, at: Timestamp) -> Result<(), Fault> {
        if self.is_quiet {
            return Ok(());
        }
        self.tell_findings(&Report { at, checks: vec![check] }).await.map(drop)
    }

    /// The id of a notification contains its repetition number: after a crash before the save, the same id is sent
    /// again.
    pub(super) async fn tell_findings(&self, report: &Report) -> Result<usize, Fault> {
        save_with_retry(
            || "save the findings".to_owned(),
            || {
                Box::pin(async move {
                    let (mut memory, version) = self.remembered().await?;
                    let before = memory.clone();
                    let mut told = 0;
                    for check in &report.checks {
                        match self.finding(check, report.at) {
                            Some(finding) => {
                                if let Some(times) = memory.found(&check.key(), &finding.gist, finding.severity) {
                                    self.outbox.hand_over(&self.news_of(&finding, times, report.at)).await?;
                                    told += 1;
                                }
                            }
                            None if matches!(check.standing, CheckResult::NotChecked(_)) => {}
                            None => {
                                if let Some(news) = memory.mended(&check.key()) {
                                    self.outbox.hand_over(&self.news_of_end(check, news, report.at)).await?;
                                    told += 1;
                                }
                            }
                        }
                    }
                    if memory == before {
                        return Ok(Some(told));
                    }
                    let doc = encode(&MemoryForm::from(&memory))?;
                    Ok(self.checkpoints.save(&key(), version, &doc).await?.map(|_| told))
                })
            },
        )
        .await
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
        expected.map_or(WriteAccess::NotSaid, |expected| expected.access)
    }
}

fn key() -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Posture, name: "findings".to_owned() }
}
