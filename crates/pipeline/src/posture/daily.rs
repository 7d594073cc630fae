//! Runs all posture checks daily and notifies new findings.

use domain::decide::posture::CheckResult;
use futures_util::future::BoxFuture;

use crate::ports::Fault;
use crate::posture::CheckPosture;

/// Counts of one run of all checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PostureChecked {
    /// Checks run.
    pub asked: usize,
    /// Checks with a finding.
    pub findings: usize,
    /// Checks without an answer.
    pub not_checked: usize,
    /// Findings notified for the first time or again.
    pub notified: usize,
}

impl CheckPosture {
    /// Runs all checks and notifies each finding once, and again if it changes. A check without an answer is neither a
    /// finding nor a repair.
    pub fn check_posture(&self) -> BoxFuture<'_, Result<PostureChecked, Fault>> {
        Box::pin(async move {
            let report = self.inspect().await;
            self.keep_report(&report).await?;
            self.log_findings(&report).await?;
            let notified =
                self.findings.notify_findings(&report).await? + self.findings.notify_tags_over(report.at).await?;
            let count = |is: fn(&CheckResult) -> bool| report.checks.iter().filter(|check| is(&check.result)).count();
            Ok(PostureChecked {
                asked: report.checks.len(),
                findings: count(|result| matches!(result, CheckResult::Finding(_))),
                not_checked: count(|result| matches!(result, CheckResult::NotChecked(_))),
                notified,
            })
        })
    }
}
