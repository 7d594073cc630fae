//! Query for everything that a person should look into and that is not over, from stored data only.

use std::collections::BTreeMap;

use domain::decide::posture::{CheckResult, Question, days_left, stage};
use domain::record::notification::Severity;
use jiff::Timestamp;

use crate::deliver::{ChannelTrouble, channel_troubles};
use crate::ledger::known_breaks;
use crate::ports::Fault;
use crate::posture::{Report, last_report};
use crate::reading::CatalogueReader;
use crate::retention::{WaitingPlan, waiting_plans};

/// Troubles beside the gaps and the counts of the summary.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attention {
    /// Findings of the last check of the setup, grouped by check.
    pub findings: Vec<FindingGroup>,
    /// Plans that wait for an approval.
    pub plans: Vec<WaitingPlan>,
    /// Channels that are disabled or off.
    pub channels: Vec<ChannelTrouble>,
    /// Number of breaks of the ledger, and the first round that found one.
    pub ledger: Option<(u64, Timestamp)>,
    /// Bastions whose access to storage ends soon or has ended, with the days left.
    pub access: Vec<(String, i64)>,
}

/// Findings of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingGroup {
    /// Check.
    pub question: Question,
    /// Greatest severity.
    pub severity: Severity,
    /// Subjects of the check, each once.
    pub subjects: Vec<String>,
    /// Fix of the first subject.
    pub fix: Option<String>,
    /// Time of the check.
    pub at: Timestamp,
}

/// Reads the troubles. Costs a read per kind, plus one per page of plans and channels.
pub async fn attention(reading: &CatalogueReader<'_>) -> Result<Attention, Fault> {
    let CatalogueReader { checkpoints, estate, now, .. } = *reading;
    let expiring = estate.bastions.iter().filter_map(|bastion| {
        let until = bastion.access_expires?;
        stage(until, now).map(|_| (bastion.name.as_str().to_owned(), days_left(until, now)))
    });
    let report = last_report(checkpoints).await?;
    Ok(Attention {
        findings: report.as_ref().map(grouped).unwrap_or_default(),
        plans: waiting_plans(checkpoints, now).await?,
        channels: channel_troubles(checkpoints).await?,
        ledger: known_breaks(checkpoints).await?,
        access: expiring.collect(),
    })
}

/// Groups the findings by check, the most severe first. Leaves out expiring access, which is told with its days.
fn grouped(report: &Report) -> Vec<FindingGroup> {
    let mut groups = BTreeMap::<Question, FindingGroup>::new();
    for check in &report.checks {
        let CheckResult::Finding(severity) = check.result else { continue };
        if severity == Severity::Info || check.question == Question::AccessExpiry {
            continue;
        }
        let group = groups.entry(check.question).or_insert_with(|| FindingGroup {
            question: check.question,
            severity,
            subjects: Vec::new(),
            fix: check.fix.clone(),
            at: report.at,
        });
        group.severity = group.severity.max(severity);
        if !group.subjects.contains(&check.subject) {
            group.subjects.push(check.subject.clone());
        }
    }
    let mut groups: Vec<FindingGroup> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.severity));
    groups
}

#[cfg(test)]
mod tests {
    use domain::decide::posture::Check;

    use super::*;

    fn finding(question: Question, subject: &str, severity: Severity) -> Check {
        let result = CheckResult::Finding(severity);
        Check { question, subject: subject.to_owned(), result, evidence: String::new(), fix: None }
    }

    #[test]
    fn findings_of_one_check_are_one_line_and_the_worst_come_first() {
        let native = (0..80).map(|n| finding(Question::BastionNativeClient, &format!("b{n}"), Severity::Warning));
        let checks = native.chain([
            finding(Question::OwnQuarantine, "quarantine", Severity::Critical),
            finding(Question::ContainerSuffixes, "c", Severity::Info),
            finding(Question::AccessExpiry, "b1", Severity::Critical),
        ]);
        let groups = grouped(&Report { at: Timestamp::UNIX_EPOCH, checks: checks.collect() });
        let shown: Vec<_> = groups.iter().map(|group| (group.question, group.subjects.len())).collect();
        assert_eq!(shown, [(Question::OwnQuarantine, 1), (Question::BastionNativeClient, 80)]);
    }
}
