//! Checks a resource again after a change and notifies people.

use std::sync::Arc;

use domain::decide::context::Rules;
use domain::decide::posture::{
    Check, CheckResult, Concern, ExpectedSetup, ResourceChange, ResourceOperation, check_bastion, gist_of,
};
use domain::record::estate::{BastionName, Estate};
use domain::record::notification::{Event, Notification, NotificationFact, SEVERITY};
use futures_util::future::BoxFuture;

use super::{Report, last_report};
use crate::deliver::NotificationOutbox;
use crate::outcome::{Ignored, Outcome};
use crate::ports::{Checkpoints, Fault};
use crate::posture::{ReadPostureFacts, Watch};
use crate::time::TimeSource;

/// Maximum number of findings per notification.
const MOST_FINDINGS: usize = 5;

/// Checks a resource again after a change.
pub struct CheckChange {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) watch: Arc<Watch>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
    pub(crate) posture_facts: Arc<ReadPostureFacts>,
}

impl CheckChange {
    /// Checks the changed resource for every dependent bastion, and sends a notification. Ignores resources without a
    /// dependent bastion.
    pub fn resource_changed<'a>(&'a self, change: &'a ResourceChange) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            let concerned: Vec<(&ExpectedSetup, Concern)> = self
                .watch
                .expected
                .iter()
                .filter_map(|expected| Some((expected, Concern::from_change(change, expected)?)))
                .collect();
            if concerned.is_empty() {
                return Ok(Outcome::Ignored(Ignored::ForeignResource));
            }
            let before = last_report(&*self.checkpoints).await?.filter(|report| report.at < change.at);
            let habits = self.posture_facts.habits().await;
            for (expected, concern) in concerned {
                let one = self.posture_facts.watched_one(expected, &habits).await;
                let now = self.time.now();
                let mut checks = check_bastion(&one, std::slice::from_ref(&one), now);
                // Findings from before the change have other causes and were notified earlier.
                checks.retain(|check| concern.asks(check.question) && !stood_before(check, before.as_ref()));
                self.outbox.hand_over(&self.alarm(change, concern, expected, &checks)).await?;
            }
            Ok(Outcome::Applied)
        })
    }

    fn alarm(
        &self,
        change: &ResourceChange,
        concern: Concern,
        expected: &ExpectedSetup,
        checks: &[Check],
    ) -> Notification {
        let severity = concern.severity(change.act, expected.access, checks);
        let shown = self.rules.privacy.in_notifications;
        let mut facts = vec![
            NotificationFact::text("bastion", &expected.bastion),
            NotificationFact::text("what", concern.name()),
            NotificationFact::text(
                "done",
                match change.act {
                    ResourceOperation::Write => "changed",
                    ResourceOperation::Delete => "deleted",
                    ResourceOperation::Action => "asked for",
                },
            ),
            NotificationFact::text("operation", &change.operation),
            NotificationFact::text("resource", change.resource.as_str()),
        ];
        facts.extend(change.by.as_deref().and_then(|by| shown.show(by)).map(|by| NotificationFact::text("by", by)));
        facts.extend(change.from.as_deref().map(|from| NotificationFact::text("from", from)));
        facts.extend(change.correlation.as_deref().map(|id| NotificationFact::text("correlation_id", id)));
        let (findings, others): (Vec<&Check>, Vec<&Check>) = checks.iter().partition(|check| check.needs_fix());
        let is_open = |check: &&&Check| matches!(check.result, CheckResult::NotChecked(_));
        let not_checked = others.iter().filter(is_open).count();
        facts.push(NotificationFact::number("findings", findings.len() as u64));
        facts.push(NotificationFact::number("not_checked", not_checked as u64));
        for check in findings.iter().take(MOST_FINDINGS) {
            facts.push(NotificationFact::text("found", format!("{}: {}", check.question.asks(), check.evidence)));
            facts.extend(check.fix.as_ref().map(|fix| NotificationFact::text("fix", fix)));
        }
        if concern == Concern::Keys && findings.is_empty() && severity > domain::record::notification::Severity::Info {
            facts.push(NotificationFact::text(
                "found",
                "an account key is new: signatures made with the old key are invalid",
            ));
            facts.push(NotificationFact::text(
                "fix",
                "archivist doctor --sas-stdin, with the signature that the bastion has",
            ));
        }
        facts.push(NotificationFact::text(SEVERITY, severity.name()));
        Notification {
            subject: change.resource.name().to_owned(),
            facts,
            link: self.estate.portal_url(&BastionName::new(&expected.bastion)),
            ..Notification::new(&change.id, Event::PostureChanged, &expected.bastion, change.at)
        }
    }
}

/// Returns true if the report has the same finding.
fn stood_before(check: &Check, before: Option<&Report>) -> bool {
    let is_same = |known: &Check| {
        known.key() == check.key()
            && known.severity() == check.severity()
            && gist_of(&known.evidence) == gist_of(&check.evidence)
    };
    check.is_finding() && before.is_some_and(|report| report.checks.iter().any(is_same))
}
