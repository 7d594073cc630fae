//! Checks the setup on request, daily, and after each change of a resource.

mod changed;
mod daily;
mod findings;
mod gather;
mod kept;
mod log;
mod news;
mod outages;
mod own;
mod remembered;
mod state;
mod tags_over;
pub use changed::CheckChange;
pub use findings::NotifyFindings;
pub use gather::ReadPostureFacts;
pub(crate) use gather::{known, read};

use std::sync::Arc;

use domain::decide::posture::{Check, ExpectedSetup, Question, SharedAccess, check_bastions, check_own, check_sas};
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::deliver::ChannelStates;
use crate::ports::posture::Unseen;
use crate::ports::{Channels, Checkpoints, Clock, Fault, Ledger, LiveSessions, Posture, Quarantine};
use crate::stores::KnownStores;
use crate::time::TimeSource;

pub use daily::PostureChecked;
#[cfg(test)]
pub(crate) use kept::ReportForm;
pub use kept::last_report;
#[cfg(test)]
pub(crate) use log::FindingLogForm;
pub(crate) use log::finding_log;
#[cfg(test)]
pub(crate) use remembered::MemoryForm;

/// Adapters and expectations of the posture checks.
#[derive(Clone)]
pub struct Watch {
    /// Reader of the setup.
    pub posture: Arc<dyn Posture>,
    /// Expected setup of each bastion.
    pub expected: Vec<ExpectedSetup>,
    /// API of live sessions, or `None` if not available.
    pub live: Option<Arc<dyn LiveSessions>>,
}

/// Empty watch, without access and without expectations.
impl Default for Watch {
    fn default() -> Self {
        Self {
            posture: Arc::new(Unseen("this program cannot check the setup".to_owned())),
            expected: Vec::new(),
            live: None,
        }
    }
}

/// Result of all checks of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Time of the run.
    pub at: Timestamp,
    /// Checks by bastion and group; the archivist's own checks come last.
    pub checks: Vec<Check>,
}

impl Report {
    /// Returns true if an outage prevented some checks.
    pub fn has_outages(&self) -> bool {
        self.checks.iter().any(|check| check.question == Question::OwnReach)
    }

    /// Returns true if there is a finding that is not only information.
    pub fn has_findings(&self) -> bool {
        self.checks.iter().any(Check::needs_fix)
    }
}

/// Checks the setup and keeps the report.
pub struct CheckPosture {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) quarantine: Arc<dyn Quarantine>,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) channels: Channels,
    pub(crate) refused: Option<Arc<str>>,
    pub(crate) watch: Arc<Watch>,
    pub(crate) stores: Arc<KnownStores>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) channel_states: Arc<ChannelStates>,
    pub(crate) findings: Arc<NotifyFindings>,
    pub(crate) posture_facts: Arc<ReadPostureFacts>,
}

impl CheckPosture {
    /// Runs all checks. Unreadable facts give unanswered checks, so there is always a report.
    pub fn inspect(&self) -> BoxFuture<'_, Report> {
        Box::pin(async move {
            let now = self.time.now();
            let watched = self.posture_facts.watched().await;
            let mut checks = check_bastions(&watched, now);
            checks.extend(check_own(&self.own_facts().await, now));
            Report { at: now, checks: outages::merged(checks) }
        })
    }

    /// Checks a shared access signature for the bastion of this name. Without a name, uses the only bastion.
    ///
    /// Returns an error if no bastion has this name, or if the name is missing and there are several.
    pub fn inspect_sas<'a>(
        &'a self,
        sas: &'a SharedAccess,
        bastion: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Report, Fault>> {
        Box::pin(async move {
            let now = self.time.now();
            let mut named = self.watch.expected.iter().filter(|one| bastion.is_none_or(|name| one.bastion == name));
            let (Some(expected), None) = (named.next(), named.next()) else {
                return Err(Fault::permanent("check the signature", "name its bastion: --bastion NAME"));
            };
            let mut one = self.posture_facts.watched_one(expected, &self.posture_facts.habits().await).await;
            if sas.names_policy() {
                one.policies = self.posture_facts.policies(&expected.recordings).await;
            }
            Ok(Report { at: now, checks: check_sas(sas, &one, now) })
        })
    }
}
