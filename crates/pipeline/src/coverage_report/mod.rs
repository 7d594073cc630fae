//! Coverage report of a month: how much of each bastion was recorded, named, kept and looked at.
//!
//! One [table](FIGURES) defines every figure. The command, the page, the API and the monthly notification show the same
//! report.

mod accesses;
mod counts;
mod figures;
mod findings;
mod month;
mod read;
mod send;

use domain::record::estate::BastionName;
use jiff::Timestamp;
use jiff::civil::Date;

pub use counts::{
    AccessCounts, DeletionCounts, FigureResult, FigureUnknown, FindingCounts, MonthCounts, RecordingCounts,
};
pub use figures::{FIGURES, Figure, FigureScope, FigureUnit};
pub use month::{MonthNotBegun, ReportMonth};
pub use read::coverage_report;
pub use send::SendMonthlyReport;
#[cfg(test)]
pub(crate) use send::SentReport;

/// Report of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageReport {
    /// The month, in UTC.
    pub month: ReportMonth,
    /// Time of the report.
    pub as_of: Timestamp,
    /// Last day with counted sessions. `None` if some day before it was not counted.
    pub counted_to: Option<Date>,
    /// Begin of the last verification of the ledger.
    pub verified_at: Option<Timestamp>,
    /// Bastions in the order of the configuration, then those that are no longer in it.
    pub bastions: Vec<BastionCoverage>,
    /// All these bastions together.
    pub total: MonthCounts,
}

/// Report of one bastion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BastionCoverage {
    /// Name of the bastion.
    pub bastion: BastionName,
    /// Time up to which its audit log was read. `None` if it was not.
    pub log_read_to: Option<Timestamp>,
    /// Counts of the month.
    pub counts: MonthCounts,
}

impl CoverageReport {
    /// Returns true if the month was over when the report was made.
    pub fn is_over(&self) -> bool {
        self.as_of >= self.month.end()
    }
}
