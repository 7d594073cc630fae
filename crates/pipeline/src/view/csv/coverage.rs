//! Coverage report in CSV: one row for each bastion and figure, and then for all of them together.

use jiff::Timestamp;
use serde::Serialize;

use super::CsvColumn;
use crate::view::{CoverageView, FigureDefinitionView, FiguresView};

/// Columns of the coverage report in CSV. New columns are appended.
pub const COVERAGE_COLUMNS: &[CsvColumn] = &[
    ("month", "/month"),
    ("scope", "/scope"),
    ("bastion", "/bastion"),
    ("figure", "/figure"),
    ("value", "/value"),
    ("unit", "/unit"),
    ("unknown_because", "/unknown_because"),
    ("title", "/title"),
    ("definition", "/definition"),
    ("as_of", "/as_of"),
];

/// Figure of one bastion or of all. An unknown value is empty.
#[derive(Debug, Serialize)]
pub struct CoverageRow<'a> {
    month: &'a str,
    /// `bastion` or `all`.
    scope: &'static str,
    bastion: Option<&'a str>,
    figure: &'static str,
    value: Option<u64>,
    unit: &'static str,
    unknown_because: Option<&'static str>,
    title: &'static str,
    definition: &'static str,
    as_of: Timestamp,
}

/// Returns the rows of a report.
pub fn coverage_rows(view: &CoverageView) -> Vec<CoverageRow<'_>> {
    let bastions = view.bastions.iter().map(|one| (Some(one.bastion.as_str()), &one.figures));
    bastions.chain([(None, &view.total)]).flat_map(|(bastion, figures)| rows(view, bastion, figures)).collect()
}

fn rows<'a>(view: &'a CoverageView, bastion: Option<&'a str>, figures: &FiguresView) -> Vec<CoverageRow<'a>> {
    let row = |definition: &'a FigureDefinitionView| {
        Some(CoverageRow {
            month: &view.month,
            scope: if bastion.is_some() { "bastion" } else { "all" },
            bastion,
            figure: definition.name,
            value: *figures.figures.get(definition.name)?,
            unit: definition.unit,
            unknown_because: figures.unknown.get(definition.name).copied(),
            title: definition.title,
            definition: definition.definition,
            as_of: view.as_of,
        })
    };
    view.definitions.iter().filter_map(row).collect()
}
