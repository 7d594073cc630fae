//! Every day everything is looked at, and people hear of what is new.

use domain::posture::{Check, Memory, Standing};
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::Report;
use super::remembered::MemoryForm;
use crate::archivist::Archivist;
use crate::ports::{CheckpointKey, CheckpointKind, Fault, Version};
use crate::stored::StoredError;
use crate::stored::checkpoint::{decode, encode};

/// How often a lost race is run again.
const RACES: usize = 8;

/// What a look at everything found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PostureChecked {
    /// How many questions were asked.
    pub asked: usize,
    /// How many have something to mend as an answer.
    pub findings: usize,
    /// How many could not be answered.
    pub not_checked: usize,
    /// Of how many people heard for the first time, or anew.
    pub told: usize,
}

impl Archivist {
    /// Looks at everything and tells each finding once, and again when it is another one. What was not checked is neither
    /// a finding nor mended.
    pub fn check_posture(&self) -> BoxFuture<'_, Result<PostureChecked, Fault>> {
        Box::pin(async move {
            let report = self.inspect().await;
            self.keep_report(&report).await?;
            let told = self.tell_findings(&report).await?;
            let count = |is: fn(&Standing) -> bool| report.checks.iter().filter(|check| is(&check.standing)).count();
            Ok(PostureChecked {
                asked: report.checks.len(),
                findings: count(|standing| matches!(standing, Standing::Finding(_))),
                not_checked: count(|standing| matches!(standing, Standing::NotChecked(_))),
                told,
            })
        })
    }

    /// Tells one finding, unless people have heard of it.
    pub(crate) async fn tell_check(&self, check: Check, at: Timestamp) -> Result<(), Fault> {
        if self.is_quiet {
            return Ok(());
        }
        self.tell_findings(&Report { at, checks: vec![check] }).await.map(drop)
    }

    /// What is told has the number of its telling in its id: whoever dies before it is remembered tells the same again.
    async fn tell_findings(&self, report: &Report) -> Result<usize, Fault> {
        for _ in 0..RACES {
            let (mut memory, version) = self.remembered().await?;
            let before = memory.clone();
            let mut told = 0;
            for check in &report.checks {
                match self.finding(check, report.at) {
                    Some(finding) => {
                        if let Some(times) = memory.found(&check.key(), &finding.gist, finding.severity) {
                            self.hand_over(&self.news_of(&finding, times, report.at)).await?;
                            told += 1;
                        }
                    }
                    None if matches!(check.standing, Standing::NotChecked(_)) => {}
                    None => memory.mended(&check.key()),
                }
            }
            if memory == before {
                return Ok(told);
            }
            let doc = encode(&MemoryForm::from(&memory))?;
            if self.ports.checkpoints.save(&key(), version, &doc).await?.is_some() {
                return Ok(told);
            }
        }
        Err(Fault::transient("save what was found", "others kept changing it at the same time"))
    }

    async fn remembered(&self) -> Result<(Memory, Option<Version>), Fault> {
        let Some(known) = self.ports.checkpoints.get(&key()).await? else {
            return Ok((Memory::default(), None));
        };
        let damaged =
            |source| StoredError::Damaged { what: "memory of what was found", source }.fault("read what was found");
        let memory = Memory::try_from(decode::<MemoryForm>(&known.doc, self.now())?).map_err(damaged)?;
        Ok((memory, Some(known.version)))
    }
}

fn key() -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Posture, name: "findings".to_owned() }
}
