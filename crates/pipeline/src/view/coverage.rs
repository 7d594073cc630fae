//! Public form of the coverage report.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::coverage_report::{CoverageReport, FIGURES, FigureScope, MonthCounts};

/// Coverage report of a month.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CoverageView {
    /// Month in UTC, as `2026-10`.
    pub month: String,
    /// First day of the month.
    pub from: Date,
    /// Last day of the month.
    pub to: Date,
    /// Time of the report.
    pub as_of: Timestamp,
    /// False if the month was not over yet.
    pub over: bool,
    /// Last day with counted sessions; null if a day before it was not counted.
    pub counted_to: Option<Date>,
    /// Begin of the last verification of the ledger; null if there was none.
    pub ledger_verified_at: Option<Timestamp>,
    /// Definition of each figure, in the order of the report.
    pub definitions: Vec<FigureDefinitionView>,
    /// Figures of each bastion.
    pub bastions: Vec<BastionCoverageView>,
    /// Figures of these bastions together.
    pub total: FiguresView,
}

/// Definition of a figure.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FigureDefinitionView {
    /// Name of the figure in `figures`.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// `count`, `percent` or `days`.
    pub unit: &'static str,
    /// Definition.
    pub definition: &'static str,
}

/// Figures of one bastion.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BastionCoverageView {
    /// Name of the bastion.
    pub bastion: String,
    /// Time up to which its audit log was read; null if it was not.
    pub log_read_to: Option<Timestamp>,
    /// Its figures.
    #[serde(flatten)]
    pub figures: FiguresView,
}

/// Values of figures.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FiguresView {
    /// Value by name of the figure; null if it is unknown.
    pub figures: BTreeMap<&'static str, Option<u64>>,
    /// Reason by name of each unknown figure.
    pub unknown: BTreeMap<&'static str, &'static str>,
}

impl CoverageView {
    /// Returns the public form.
    pub fn from_report(report: &CoverageReport) -> Self {
        let definitions = FIGURES.iter().map(|figure| FigureDefinitionView {
            name: figure.name,
            title: figure.title,
            unit: figure.unit.name(),
            definition: figure.meaning,
        });
        let bastions = report.bastions.iter().map(|one| BastionCoverageView {
            bastion: one.bastion.as_str().to_owned(),
            log_read_to: one.log_read_to,
            figures: FiguresView::from_counts(&one.counts, FigureScope::Bastion),
        });
        Self {
            month: report.month.to_string(),
            from: report.month.first(),
            to: report.month.last(),
            as_of: report.as_of,
            over: report.is_over(),
            counted_to: report.counted_to,
            ledger_verified_at: report.verified_at,
            definitions: definitions.collect(),
            bastions: bastions.collect(),
            total: FiguresView::from_counts(&report.total, FigureScope::Estate),
        }
    }
}

impl FiguresView {
    /// Returns the figures of one bastion, or those of the estate, which has all of them.
    fn from_counts(counts: &MonthCounts, scope: FigureScope) -> Self {
        let (mut figures, mut unknown) = (BTreeMap::new(), BTreeMap::new());
        for figure in FIGURES.iter().filter(|figure| figure.scope == FigureScope::Bastion || figure.scope == scope) {
            let value = (figure.value)(counts);
            figures.insert(figure.name, value.ok());
            if let Err(why) = value {
                unknown.insert(figure.name, why.reason());
            }
        }
        Self { figures, unknown }
    }
}
