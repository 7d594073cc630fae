//! Page of the coverage report.

use askama::Template;
use domain::address::Printable;
use pipeline::coverage_report::CoverageReport;
use pipeline::view::{CoverageView, FiguresView};

use crate::{Frame, NavigationEntry};

/// Page of the coverage report of a month.
#[derive(Template)]
#[template(path = "coverage.html")]
pub struct CoveragePage {
    frame: Frame,
    view: CoverageView,
    previous: String,
    next: Option<String>,
    bastions: Vec<String>,
    rows: Vec<FigureRow>,
}

/// Figure with its definition, for all bastions and for each.
struct FigureRow {
    title: &'static str,
    definition: &'static str,
    total: Cell,
    cells: Vec<Cell>,
}

/// Value, or the reason why there is none.
struct Cell {
    value: Option<String>,
    why: &'static str,
}

impl CoveragePage {
    /// Creates the page.
    pub fn new(frame: Frame, report: &CoverageReport) -> Self {
        let view = CoverageView::from_report(report);
        let path = |month: &dyn std::fmt::Display| format!("/ui/coverage?month={month}");
        let rows = view.definitions.iter().map(|definition| {
            let cell = |figures: &FiguresView| Cell::from_figures(figures, definition.name, definition.unit);
            FigureRow {
                title: definition.title,
                definition: definition.definition,
                total: cell(&view.total),
                cells: view.bastions.iter().map(|one| cell(&one.figures)).collect(),
            }
        });
        Self {
            previous: path(&report.month.previous()),
            next: report.is_over().then(|| path(&report.month.next())),
            bastions: view.bastions.iter().map(|one| Printable(&one.bastion).to_string()).collect(),
            rows: rows.collect(),
            frame,
            view,
        }
    }

    fn made(&self) -> String {
        self.frame.clock.minute(self.view.as_of)
    }

    fn verified(&self) -> Option<String> {
        self.view.ledger_verified_at.map(|at| self.frame.clock.minute(at))
    }
}

impl Cell {
    fn from_figures(figures: &FiguresView, name: &str, unit: &str) -> Self {
        let sign = if unit == "percent" { " %" } else { "" };
        let value = figures.figures.get(name).copied().flatten().map(|value| format!("{value}{sign}"));
        let of_all = "counted for all bastions together";
        Self { value, why: figures.unknown.get(name).copied().unwrap_or(of_all) }
    }
}
