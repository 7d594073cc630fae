//! Lists of the pages as CSV files, with the filters of the page.

use catalogue_page::{PageQuery, RecordingsPage, SessionsPage};
use domain::record::estate::BastionName;
use domain::record::join::Match;
use pipeline::coverage_report::{ReportMonth, coverage_report};
use pipeline::ports::Fault;
use pipeline::query::{self, GapQuery, Gaps, LARGEST_LIMIT, Query, SessionQuery};
use pipeline::recording_review::{ReviewQueueQuery, WALKED_PER_PAGE, review_queue};
use pipeline::view::csv::{
    BASTION_COLUMNS, COVERAGE_COLUMNS, CsvColumn, GAP_COLUMNS, HOLD_COLUMNS, RECORDING_COLUMNS, REVIEW_COLUMNS,
    SESSION_COLUMNS, bastion_periods, coverage_rows, csv_row, gap_of_recording, gap_of_session, gap_rows,
};
use pipeline::view::{CoverageView, GapsView, HoldView, RecordingView, ReviewQueueItemView, SessionView};
use pipeline::{Archivist, CatalogueReader};

use super::pages::{bastions, month_of, today};
use super::route::RequestedPage;

/// Maximum number of rows of a file.
pub const MOST_ROWS: usize = 5_000;
/// Maximum number of pages read for a file; a rare match may need many.
const MOST_PAGES: usize = 25;

/// CSV file in progress.
pub struct CsvFile {
    /// Kind of the list, which begins the file name.
    pub kind: &'static str,
    columns: &'static [CsvColumn],
    rows: Vec<Vec<String>>,
    /// Advice for getting the rest; `None` if the file is complete.
    more: Option<&'static str>,
}

/// Returns the list of a page as CSV, or `None` if the page has none or its filters are wrong.
pub async fn file(
    archivist: &Archivist,
    reading: &CatalogueReader<'_>,
    wanted: &RequestedPage,
    asked: &PageQuery,
) -> Result<Option<CsvFile>, Fault> {
    let bastion = asked.get("bastion").map(BastionName::new);
    match wanted {
        RequestedPage::Recordings => {
            let (_, query) = RecordingsPage::asked(asked, bastions(reading), reading.now, reading.time_zone);
            let Some(query) = query else { return Ok(None) };
            recordings(reading, query).await.map(Some)
        }
        RequestedPage::Sessions => {
            let (_, query) = SessionsPage::asked(asked, bastions(reading), reading.time_zone);
            let Some(query) = query else { return Ok(None) };
            sessions(reading, query).await.map(Some)
        }
        RequestedPage::Gaps => gaps(reading, bastion).await.map(Some),
        RequestedPage::Bastions => of_bastions(reading).await.map(Some),
        RequestedPage::Coverage => {
            let Ok(month) = month_of(reading, asked) else { return Ok(None) };
            coverage(reading, month).await.map(Some)
        }
        RequestedPage::Deletions => deletions(reading).await.map(Some),
        RequestedPage::Holds => holds(archivist).await.map(Some),
        RequestedPage::Reviews => reviews(reading, bastion).await.map(Some),
        _ => Ok(None),
    }
}

async fn recordings(reading: &CatalogueReader<'_>, query: Query) -> Result<CsvFile, Fault> {
    let mut file = CsvFile::new("recordings", RECORDING_COLUMNS);
    let more = "archivist recordings export --format csv";
    add_recordings(&mut file, reading, query, more, |_| true, |view| csv_row(RECORDING_COLUMNS, view)).await?;
    Ok(file)
}

async fn sessions(reading: &CatalogueReader<'_>, query: SessionQuery) -> Result<CsvFile, Fault> {
    let mut file = CsvFile::new("sessions", SESSION_COLUMNS);
    let more = "archivist sessions export --format csv";
    add_sessions(&mut file, reading, query, more, |view| csv_row(SESSION_COLUMNS, view)).await?;
    Ok(file)
}

/// Bastions that stopped, then all sessions without a recording, then all recordings without a session.
async fn gaps(reading: &CatalogueReader<'_>, bastion: Option<BastionName>) -> Result<CsvFile, Fault> {
    let CatalogueReader { catalogue, sessions, checkpoints, estate, now, .. } = *reading;
    let mut file = CsvFile::new("gaps", GAP_COLUMNS);
    let query = GapQuery { bastion: bastion.clone(), ..GapQuery::default() };
    let first = query::gaps(catalogue, sessions, checkpoints, estate, &query).await?;
    let stopped = Gaps {
        bastions: first.bastions,
        sessions: query::SessionPage { items: Vec::new(), next_cursor: None },
        recordings: query::Page::default(),
    };
    for row in gap_rows(&GapsView::from_gaps(&stopped, estate, now)).map_err(unwritten)? {
        file.push(csv_row(GAP_COLUMNS, &row))?;
    }
    let more = "archivist gaps --all --format csv";
    let without = SessionQuery { bastion: bastion.clone(), without_recording: true, ..SessionQuery::default() };
    add_sessions(&mut file, reading, without, more, |view| csv_row(GAP_COLUMNS, &gap_of_session(view)?)).await?;
    let unmatched = Match::Unmatched { attempt: None };
    let query = Query { bastion, matching: Some(unmatched.name().to_owned()), ..Query::default() };
    let row = |view: &RecordingView<'_>| csv_row(GAP_COLUMNS, &gap_of_recording(view)?);
    // A recording that a failed login explains is no gap.
    add_recordings(&mut file, reading, query, more, |entry| entry.match_state.verdict == unmatched, row).await?;
    Ok(file)
}

async fn of_bastions(reading: &CatalogueReader<'_>) -> Result<CsvFile, Fault> {
    let (statuses, days) = query::bastion_statuses(reading).await?;
    let mut file = CsvFile::new("bastions", BASTION_COLUMNS);
    for row in bastion_periods(&statuses, &days, today(reading)) {
        file.push(csv_row(BASTION_COLUMNS, &row))?;
    }
    Ok(file)
}

async fn coverage(reading: &CatalogueReader<'_>, month: ReportMonth) -> Result<CsvFile, Fault> {
    let view = CoverageView::from_report(&coverage_report(reading, month, &[]).await?);
    let mut file = CsvFile::new("coverage", COVERAGE_COLUMNS);
    for row in coverage_rows(&view) {
        file.push(csv_row(COVERAGE_COLUMNS, &row))?;
    }
    Ok(file)
}

async fn deletions(reading: &CatalogueReader<'_>) -> Result<CsvFile, Fault> {
    let CatalogueReader { catalogue, checkpoints, estate, now, .. } = *reading;
    let coming = query::coming_deletions(catalogue, checkpoints, now, LARGEST_LIMIT).await?;
    let mut file = CsvFile::new("deletions", RECORDING_COLUMNS);
    for entry in coming.in_grace.iter().chain(&coming.due) {
        file.push(csv_row(RECORDING_COLUMNS, &RecordingView::from_entry(entry, estate, now)))?;
    }
    file.more = (coming.more_waiting || coming.more_coming).then_some("archivist recordings export --format csv");
    Ok(file)
}

async fn holds(archivist: &Archivist) -> Result<CsvFile, Fault> {
    let mut file = CsvFile::new("holds", HOLD_COLUMNS);
    for known in archivist.holds.list_holds().await?.iter().rev() {
        file.push(csv_row(HOLD_COLUMNS, &HoldView::from_hold(known)))?;
    }
    Ok(file)
}

async fn reviews(reading: &CatalogueReader<'_>, bastion: Option<BastionName>) -> Result<CsvFile, Fault> {
    let walked_at_most = Some(WALKED_PER_PAGE);
    let query = ReviewQueueQuery { bastion, overdue: false, limit: MOST_ROWS, after: None, walked_at_most };
    let queue = review_queue(reading, &query).await?;
    let mut file = CsvFile::new("reviews", REVIEW_COLUMNS);
    for item in &queue.items {
        file.push(csv_row(REVIEW_COLUMNS, &ReviewQueueItemView::from_item(item)))?;
    }
    let is_whole = queue.next.is_none() && queue.is_complete;
    file.more = (!is_whole).then_some("archivist review list --all --format csv");
    Ok(file)
}

async fn add_recordings(
    file: &mut CsvFile,
    reading: &CatalogueReader<'_>,
    mut query: Query,
    more: &'static str,
    is_wanted: impl Fn(&domain::record::catalogue::Entry) -> bool,
    row: impl Fn(&RecordingView<'_>) -> Result<Vec<String>, serde_json::Error>,
) -> Result<(), Fault> {
    for _ in 0..MOST_PAGES {
        query.limit = file.room();
        if query.limit == 0 {
            break;
        }
        let page = query::recordings(reading.catalogue, reading.checkpoints, &query).await?;
        for entry in page.items.iter().filter(|entry| is_wanted(entry)) {
            file.push(row(&RecordingView::from_entry(entry, reading.estate, reading.now)))?;
        }
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return Ok(());
        }
    }
    file.more = Some(more);
    Ok(())
}

async fn add_sessions(
    file: &mut CsvFile,
    reading: &CatalogueReader<'_>,
    mut query: SessionQuery,
    more: &'static str,
    row: impl Fn(&SessionView) -> Result<Vec<String>, serde_json::Error>,
) -> Result<(), Fault> {
    for _ in 0..MOST_PAGES {
        query.limit = file.room();
        if query.limit == 0 {
            break;
        }
        let page = query::sessions(reading.sessions, reading.catalogue, &query).await?;
        for found in &page.items {
            file.push(row(&SessionView::from_session(found)))?;
        }
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return Ok(());
        }
    }
    file.more = Some(more);
    Ok(())
}

impl CsvFile {
    fn new(kind: &'static str, columns: &'static [CsvColumn]) -> Self {
        Self { kind, columns, rows: Vec::new(), more: None }
    }

    /// Number of rows to read next, at most one page.
    fn room(&self) -> usize {
        MOST_ROWS.saturating_sub(self.rows.len()).min(LARGEST_LIMIT)
    }

    fn push(&mut self, row: Result<Vec<String>, serde_json::Error>) -> Result<(), Fault> {
        self.rows.push(row.map_err(unwritten)?);
        Ok(())
    }

    /// Returns the text of the file: a header, the rows, and a last line if there are more. Every line has the same
    /// number of cells.
    pub fn text(mut self) -> Result<String, Fault> {
        if let Some(command) = self.more {
            let rows = self.rows.len();
            let mut line = vec![String::new(); self.columns.len()];
            line[0] = format!("MORE: the list ends after {rows} rows. Narrow the filters, or run {command}");
            self.rows.push(line);
        }
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header = self.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        for row in std::iter::once(&header).chain(&self.rows) {
            writer.write_record(row).map_err(unwritten)?;
        }
        let bytes = writer.into_inner().map_err(|error| unwritten(error.into_error()))?;
        String::from_utf8(bytes).map_err(unwritten)
    }
}

fn unwritten(error: impl std::error::Error + Send + Sync + 'static) -> Fault {
    Fault::permanent("write a CSV file", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_cut_says_so_in_a_line_of_the_same_width() {
        let mut file = CsvFile::new("sessions", SESSION_COLUMNS);
        file.rows.push(csv_row(SESSION_COLUMNS, &serde_json::json!({ "user_name": "=1+1" })).unwrap());
        file.more = Some("archivist sessions export --format csv");
        let text = file.text().unwrap();
        let mut lines = csv::ReaderBuilder::new().from_reader(text.as_bytes()).into_records().map(Result::unwrap);
        assert!(lines.next().unwrap().iter().any(|cell| cell == "'=1+1"), "{text}");
        let last = lines.next().unwrap();
        assert!(last.get(0).unwrap().starts_with("MORE: the list ends after 1 rows."), "{text}");
        assert_eq!((last.len(), lines.next().is_none()), (SESSION_COLUMNS.len(), true));
    }
}
