//! Table of all figures of the coverage report. JSON, CSV, HTML, the notification and `docs/coverage.md` are made from
//! it.

use super::counts::{FigureResult, FigureUnknown, MonthCounts};

/// Figure of the coverage report.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Name in JSON and CSV.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// Definition.
    pub meaning: &'static str,
    /// Unit.
    pub unit: FigureUnit,
    /// Subject.
    pub scope: FigureScope,
    /// Computes the figure.
    pub value: fn(&MonthCounts) -> FigureResult<u64>,
}

/// Unit of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureUnit {
    /// Number of things.
    Count,
    /// Whole per cent, rounded down.
    Percent,
    /// Whole days.
    Days,
}

impl FigureUnit {
    /// Name in JSON and CSV.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Percent => "percent",
            Self::Days => "days",
        }
    }
}

/// Subject of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureScope {
    /// Each bastion, and all of them together.
    Bastion,
    /// All bastions together only.
    Estate,
}

const fn count(
    name: &'static str,
    title: &'static str,
    meaning: &'static str,
    value: fn(&MonthCounts) -> FigureResult<u64>,
) -> Figure {
    Figure { name, title, meaning, unit: FigureUnit::Count, scope: FigureScope::Bastion, value }
}

/// All figures, in the order of the report.
pub const FIGURES: [Figure; 30] = [
    count("sessions", "Sessions", "Sessions in the audit log that began in the month, failed logins included.", |of| {
        of.sessions.map(|sum| sum.sessions)
    }),
    count(
        "recordable",
        "Recordable",
        "Sessions of the month that should have a recording: they have ended, are not of a native client, and it is known whether they have a recording.",
        |of| of.sessions.map(|sum| sum.coverage.recordable),
    ),
    count("recorded", "Recorded", "Recordable sessions that have a recording.", |of| {
        of.sessions.map(|sum| sum.coverage.recorded)
    }),
    Figure {
        name: "recorded_percent",
        title: "Coverage",
        meaning: "Recorded out of recordable sessions, rounded down: 100 only if every one is recorded.",
        unit: FigureUnit::Percent,
        scope: FigureScope::Bastion,
        value: |of| of.sessions.and_then(|sum| sum.coverage.percent().ok_or(FigureUnknown::NothingRecordable)),
    },
    count(
        "gaps",
        "Gaps",
        "Sessions of the month that are known to have no recording, whatever the cause, those of native clients included.",
        |of| of.gaps.as_ref().map(|gaps| gaps.values().sum()).map_err(|why| *why),
    ),
    count(
        "gaps_native_client",
        "Gaps: native client",
        "Gaps because the bastion cannot record native clients.",
        |of| of.gaps_by("native_client"),
    ),
    count(
        "gaps_access_expired",
        "Gaps: access expired",
        "Gaps while the bastion's write access to storage had expired.",
        |of| of.gaps_by("access_expired"),
    ),
    count("gaps_recording_off", "Gaps: recording off", "Gaps since which the bastion has recorded nothing.", |of| {
        of.gaps_by("recording_off")
    }),
    count(
        "gaps_container_mismatch",
        "Gaps: wrong container",
        "Gaps with a matching recording in the container of another bastion.",
        |of| of.gaps_by("container_mismatch"),
    ),
    count(
        "gaps_one_of",
        "Gaps: one of several",
        "Sessions of which one in a group has no recording, but it is not known which; every session of the group counts.",
        |of| of.gaps_by("one_of"),
    ),
    count("gaps_unknown", "Gaps: no known cause", "Gaps without a known cause.", |of| of.gaps_by("unknown")),
    count("recordings", "Recordings", "Recordings first seen in the month, those deleted since included.", |of| {
        Ok(of.recordings.seen)
    }),
    count(
        "named",
        "Named",
        "Recordings of the month that are matched with a session whose person the audit log names.",
        |of| Ok(of.recordings.named),
    ),
    count("reviewed", "Reviewed", "Recordings of the month that a person has reviewed.", |of| {
        Ok(of.recordings.reviewed)
    }),
    count("held", "Under hold", "Recordings of the month that are still stored and under a legal hold now.", |of| {
        Ok(of.recordings.held)
    }),
    count("holds", "Holds", "Legal holds in force on a day of the month, unless they name another bastion.", |of| {
        Ok(of.holds)
    }),
    count("deletions", "Deletions", "Recordings deleted in the month, whenever they were made.", |of| {
        Ok(of.deletions.all())
    }),
    count(
        "deletions_archivist",
        "Deleted by the archivist",
        "Deletions by the archivist at the end of the retention.",
        |of| Ok(of.deletions.archivist),
    ),
    count(
        "deletions_lifecycle",
        "Deleted by lifecycle rule",
        "Deletions by a lifecycle rule of the storage account, ordered at the end of the retention.",
        |of| Ok(of.deletions.lifecycle),
    ),
    count(
        "deletions_others",
        "Deleted by others",
        "Deletions that the retention did not order: by a person or another program.",
        |of| Ok(of.deletions.others),
    ),
    count(
        "deletions_approved",
        "Deleted with approval",
        "Deletions at the end of the retention that a person approved; part of those by the archivist or a lifecycle rule.",
        |of| Ok(of.deletions.approved),
    ),
    count(
        "viewings",
        "Viewings",
        "Viewings that began in the month: reads of the content of a recording by one reader, with pauses of at most 30 minutes, without those of the archivist and of the bastion.",
        |of| of.accesses.map(|accesses| accesses.viewings),
    ),
    count("downloads", "Downloads", "Viewings in which one request read the whole content.", |of| {
        of.accesses.map(|accesses| accesses.downloads)
    }),
    count(
        "findings",
        "Findings open",
        "Findings of the last check of the setup when the report was made, by bastion. Whatever concerns no single bastion is not counted.",
        |of| of.findings,
    ),
    count(
        "findings_month",
        "Findings in the month",
        "Findings of the daily checks of the setup that were open at some time of the month, by bastion, those resolved since included.",
        |of| of.month_findings.map(|findings| findings.all),
    ),
    count(
        "findings_critical",
        "Critical findings in the month",
        "Those of these findings that were critical in at least one check.",
        |of| of.month_findings.map(|findings| findings.critical),
    ),
    Figure {
        unit: FigureUnit::Days,
        ..count(
            "findings_days",
            "Findings open for",
            "Whole days for which the longest of these findings had been open: from the check that found it first to the one that found it resolved, or to the end of the month.",
            |of| of.month_findings.map(|findings| findings.longest_days),
        )
    },
    count(
        "hashed",
        "Hashed",
        "Recordings of the month whose content hash is in the ledger, so that a later change can be proved.",
        |of| Ok(of.recordings.hashed),
    ),
    count(
        "changed",
        "Altered",
        "Recordings of the month whose content changed after its hash was stored in the ledger, as the hash of the later content shows. A content that was never hashed is not compared.",
        |of| of.recordings.changed(),
    ),
    Figure {
        scope: FigureScope::Estate,
        ..count(
            "ledger_breaks",
            "Breaks of the ledger",
            "Breaks of the hash chain that the last daily verification of the ledger found.",
            |of| of.ledger_breaks,
        )
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_figure_has_a_name_of_its_own_and_a_definition() {
        let names: BTreeSet<&str> = FIGURES.iter().map(|figure| figure.name).collect();
        assert_eq!(names.len(), FIGURES.len());
        assert!(FIGURES.iter().all(|figure| figure.meaning.ends_with('.')));
    }

    #[test]
    fn the_coverage_page_of_the_documentation_defines_every_figure_alike() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/coverage.md");
        let page = std::fs::read_to_string(path).unwrap();
        let rows: Vec<String> = FIGURES
            .iter()
            .map(|figure| {
                format!("| `{}` | {} | {} | {} |", figure.name, figure.title, figure.unit.name(), figure.meaning)
            })
            .collect();
        let shown: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).take(rows.len()).collect();
        assert_eq!(shown, rows);
    }
}
