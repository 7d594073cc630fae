//! Stores the log of findings: one document per month.

use domain::decide::posture::{FindingLog, FindingSpell};
use domain::past::is_ahead;
use domain::record::notification::Severity;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Report;
use crate::coverage_report::ReportMonth;
use crate::ports::{CheckpointKey, CheckpointKind, Checkpoints, Fault, Version};
use crate::posture::CheckPosture;
use crate::save::save_with_retry;
use crate::stored::Schema;
use crate::stored::checkpoint::{CheckpointDocument, decode, encode};

/// Number of earlier months in which the last check is looked for.
const MONTHS_BACK: usize = 13;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindingLogForm {
    schema: Schema,
    checked_from: Timestamp,
    checked_to: Timestamp,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    has_pause: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_cut: bool,
    spells: Vec<SpellForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpellForm {
    check: String,
    subject: String,
    severity: String,
    from: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<Timestamp>,
}

impl CheckpointDocument for FindingLogForm {
    const WHAT: &str = "log of findings";

    fn without_future(self, now: Timestamp) -> Self {
        // What a wrong clock wrote did not happen yet; its findings are found again.
        let Self { schema, checked_from, checked_to, has_pause, is_cut, mut spells } = self;
        let past = |at: Timestamp| if is_ahead(at, now) { now } else { at };
        spells.retain(|spell| !is_ahead(spell.from, now));
        spells.iter_mut().for_each(|spell| spell.to = spell.to.filter(|to| !is_ahead(*to, now)));
        let (checked_from, checked_to) = (past(checked_from), past(checked_to));
        Self { schema, checked_from, checked_to, has_pause, is_cut, spells }
    }
}

/// Returns the log of a month, or `None` if no check was made in it.
pub(crate) async fn finding_log(
    checkpoints: &dyn Checkpoints,
    month: ReportMonth,
    now: Timestamp,
) -> Result<Option<FindingLog>, Fault> {
    Ok(load(checkpoints, month, now).await?.map(|(log, _)| log))
}

impl CheckPosture {
    /// Adds a report of all checks to the log of its month.
    pub(super) async fn log_findings(&self, report: &Report) -> Result<(), Fault> {
        let month = ReportMonth::at(report.at);
        save_with_retry(
            || "save the log of findings".to_owned(),
            || {
                Box::pin(async move {
                    let known = load(&*self.checkpoints, month, report.at).await?;
                    let (mut log, version) = match known {
                        Some((log, version)) => (log, Some(version)),
                        None => (self.log_of_later_month(month, report.at).await?, None),
                    };
                    log.add(&report.checks, report.at, report.has_outages());
                    let doc = encode(&FindingLogForm::from(&log))?;
                    Ok(self.checkpoints.save(&key(month), version, &doc).await?.map(drop))
                })
            },
        )
        .await
    }

    /// Continues the last log before this month. Without one, nothing was ever checked.
    async fn log_of_later_month(&self, month: ReportMonth, at: Timestamp) -> Result<FindingLog, Fault> {
        let mut earlier = month;
        for _ in 0..MONTHS_BACK {
            earlier = earlier.previous();
            if let Some((log, _)) = load(&*self.checkpoints, earlier, at).await? {
                return Ok(log.of_later_month());
            }
        }
        Ok(FindingLog::begin(at))
    }
}

async fn load(
    checkpoints: &dyn Checkpoints,
    month: ReportMonth,
    now: Timestamp,
) -> Result<Option<(FindingLog, Version)>, Fault> {
    let Some(known) = checkpoints.get(&key(month)).await? else { return Ok(None) };
    Ok(Some((decode::<FindingLogForm>(&known.doc, now)?.into(), known.version)))
}

fn key(month: ReportMonth) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Posture, name: format!("findings-{month}") }
}

impl From<&FindingLog> for FindingLogForm {
    fn from(log: &FindingLog) -> Self {
        let FindingLog { checked_from, checked_to, has_pause, is_cut, .. } = *log;
        let form = |spell: &FindingSpell| SpellForm {
            check: spell.check.clone(),
            subject: spell.subject.clone(),
            severity: spell.severity.name().to_owned(),
            from: spell.from,
            to: spell.to,
        };
        Self {
            schema: Schema,
            checked_from,
            checked_to,
            has_pause,
            is_cut,
            spells: log.spells.iter().map(form).collect(),
        }
    }
}

impl From<FindingLogForm> for FindingLog {
    fn from(form: FindingLogForm) -> Self {
        let FindingLogForm { checked_from, checked_to, has_pause, is_cut, spells, .. } = form;
        let spell = |SpellForm { check, subject, severity, from, to }| {
            // A severity of a later release is at least as bad as any known one.
            let severity = Severity::parse(&severity).unwrap_or(Severity::Critical);
            FindingSpell { check, subject, severity, from, to }
        };
        Self { checked_from, checked_to, has_pause, is_cut, spells: spells.into_iter().map(spell).collect() }
    }
}
