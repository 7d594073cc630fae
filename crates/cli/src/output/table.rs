//! Tables that fit the terminal.

use std::borrow::Cow;

use comfy_table::{Cell, CellAlignment, Color, Table, presets};
use unicode_width::UnicodeWidthStr;

use super::human::shortened;
use crate::Terminal;

/// Spaces between two columns.
const GAP: u16 = 2;
/// Minimum width of the last column, in terminal columns, before another column is dropped.
const LAST_WIDTH: usize = 20;

/// One column with all its cells.
pub(crate) struct TableColumn {
    header: Cow<'static, str>,
    cells: Vec<String>,
    colours: Option<Vec<Color>>,
    is_right: bool,
    gives_way: Option<usize>,
}

impl TableColumn {
    /// Creates a column. The cells must be escaped already.
    pub(crate) fn new(header: impl Into<Cow<'static, str>>, cells: impl IntoIterator<Item = String>) -> Self {
        Self {
            header: header.into(),
            cells: cells.into_iter().collect(),
            colours: None,
            is_right: false,
            gives_way: None,
        }
    }

    /// Aligns the cells to the right.
    pub(crate) fn right(self) -> Self {
        Self { is_right: true, ..self }
    }

    /// Sets the colour of each cell.
    pub(crate) fn coloured(self, colours: impl IntoIterator<Item = Color>) -> Self {
        Self { colours: Some(colours.into_iter().collect()), ..self }
    }

    /// Allows the table to drop this column on a narrow terminal, the lowest `order` first.
    pub(crate) fn gives_way(self, order: usize) -> Self {
        Self { gives_way: Some(order), ..self }
    }

    fn width(&self) -> usize {
        let cells = self.cells.iter().map(|cell| cell.width());
        cells.chain([self.header.width()]).max().unwrap_or_default()
    }

    fn cell(&self, row: usize) -> Cell {
        let cell = Cell::new(self.cells.get(row).map_or("", String::as_str));
        match self.colours.as_ref().and_then(|colours| colours.get(row)) {
            Some(colour) => cell.fg(*colour),
            None => cell,
        }
    }
}

/// Formats the table, one line per row, no line wider than the terminal. Long texts of the last column are
/// shortened.
///
/// If the columns that must stay are too wide, the terminal wraps the line: a cut id is useless.
pub(crate) fn table(columns: Vec<TableColumn>, terminal: Terminal) -> String {
    PagedTable::default().page(columns, terminal)
}

/// Table that is printed in pages. The first page has the header and sets the columns of the others.
#[derive(Default)]
pub(crate) struct PagedTable {
    kept: Option<Vec<(Cow<'static, str>, usize)>>,
}

impl PagedTable {
    /// Formats the next page.
    pub(crate) fn page(&mut self, columns: Vec<TableColumn>, terminal: Terminal) -> String {
        let width = terminal.width.map_or(usize::MAX, usize::from);
        if let Some(kept) = &self.kept {
            let is_kept = |column: &TableColumn| kept.iter().any(|(header, _)| *header == column.header);
            let columns = shorten_last(columns.into_iter().filter(is_kept).collect(), width);
            let widths = kept.iter().map(|(_, width)| *width);
            return render(&columns.into_iter().zip(widths).map(pad).collect::<Vec<_>>(), Header::Hidden, terminal);
        }
        let columns = fit(columns, width);
        self.kept = Some(columns.iter().map(|column| (column.header.clone(), column.width())).collect());
        render(&columns, Header::Shown, terminal)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Header {
    Shown,
    Hidden,
}

/// Pads the cells of a column to the width that it has on the first page.
fn pad((column, width): (TableColumn, usize)) -> TableColumn {
    let pad = |cell: String| {
        let blanks = " ".repeat(width.saturating_sub(cell.width()));
        if column.is_right { blanks + &cell } else { cell + &blanks }
    };
    TableColumn { cells: column.cells.into_iter().map(pad).collect(), ..column }
}

fn render(columns: &[TableColumn], header: Header, terminal: Terminal) -> String {
    let rows = columns.iter().map(|column| column.cells.len()).max().unwrap_or_default();
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if header == Header::Shown {
        table.set_header(columns.iter().map(|column| column.header.as_ref()));
    }
    table.add_rows((0..rows).map(|row| columns.iter().map(move |column| column.cell(row))));
    let last = columns.len().saturating_sub(1);
    for (at, (column, shown)) in columns.iter().zip(table.column_iter_mut()).enumerate() {
        shown.set_padding((0, if at == last { 0 } else { GAP }));
        if column.is_right {
            shown.set_cell_alignment(CellAlignment::Right);
        }
    }
    if terminal.colour {
        table.enforce_styling()
    } else {
        table.force_no_tty()
    };
    table.trim_fmt()
}

/// Drops columns until the others fit.
fn fit(mut columns: Vec<TableColumn>, width: usize) -> Vec<TableColumn> {
    let mut orders: Vec<usize> = columns.iter().filter_map(|column| column.gives_way).collect();
    orders.sort_unstable();
    for order in orders {
        if least_width(&columns) > width {
            columns.retain(|column| column.gives_way != Some(order));
        }
    }
    shorten_last(columns, width)
}

/// Shortens the texts of the last column to the remaining width.
fn shorten_last(mut columns: Vec<TableColumn>, width: usize) -> Vec<TableColumn> {
    let Some(mut last) = columns.pop() else { return columns };
    let rest = width.saturating_sub(taken(&columns)).max(1);
    for cell in &mut last.cells {
        *cell = shortened(cell, rest).into_owned();
    }
    columns.push(last);
    columns
}

/// Width of columns that another column follows.
fn taken(columns: &[TableColumn]) -> usize {
    columns.iter().map(|column| column.width() + usize::from(GAP)).sum()
}

/// Width of a table whose last column is as narrow as it may become.
fn least_width(columns: &[TableColumn]) -> usize {
    let Some((last, others)) = columns.split_last() else { return 0 };
    taken(others) + last.width().min(LAST_WIDTH)
}
