//! Selection of the recordings of a bundle.

use std::collections::BTreeSet;

use domain::record::catalogue::Entry;
use domain::record::hold::Hold;
use domain::record::recording_id::RecordingId;
use evidence::Selected;

use crate::hold::KnownHold;
use crate::ports::Fault;
use crate::query::{self, Query};
use crate::reading::CatalogueReader;

/// Entries per read.
const PAGE: usize = 100;

/// Selection, with its description for the manifest.
#[derive(Debug, Clone)]
pub struct EvidenceSelection {
    /// Recordings.
    pub recordings: SelectedRecordings,
    /// Options of the command, in words.
    pub described: Vec<Selected>,
}

/// Recordings of a bundle.
#[derive(Debug, Clone)]
pub enum SelectedRecordings {
    /// One recording.
    One(RecordingId),
    /// Recordings that a hold of this case covers or covered, certainly or possibly.
    Case(String),
    /// Recordings of a query.
    Query(Box<Query>),
}

/// Pages of the selected recordings, newest first.
pub(super) struct SelectedPages<'a> {
    reader: CatalogueReader<'a>,
    query: Query,
    one: Option<RecordingId>,
    /// Holds of the case; `None` if no case selects.
    holds: Option<Vec<Hold>>,
    is_at_end: bool,
}

impl<'a> SelectedPages<'a> {
    pub(super) fn new(reader: CatalogueReader<'a>, selected: &SelectedRecordings, known: &[KnownHold]) -> Self {
        let (query, one, holds) = match selected {
            SelectedRecordings::One(id) => (Query::default(), Some(*id), None),
            SelectedRecordings::Query(query) => ((**query).clone(), None, None),
            SelectedRecordings::Case(case) => {
                let of_case = known.iter().filter(|known| known.hold.case == *case);
                (Query::default(), None, Some(of_case.map(|known| known.hold.clone()).collect()))
            }
        };
        let query = Query { limit: PAGE, cursor: None, ..query };
        Self { reader, query, one, holds, is_at_end: false }
    }

    /// Reads the next page, which may be empty. Returns `None` after the last one.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Entry>>, Fault> {
        if std::mem::replace(&mut self.is_at_end, true) {
            return Ok(None);
        }
        let CatalogueReader { catalogue, checkpoints, .. } = self.reader;
        if let Some(id) = self.one {
            return Ok(Some(query::recording(catalogue, checkpoints, id).await?.into_iter().collect()));
        }
        let page = query::recordings(catalogue, checkpoints, &self.query).await?;
        self.is_at_end = page.next_cursor.is_none();
        self.query.cursor = page.next_cursor;
        let mut entries = page.items;
        if let Some(holds) = &self.holds {
            entries.retain(|entry| is_covered(entry, holds));
        }
        Ok(Some(entries))
    }
}

fn is_covered(entry: &Entry, holds: &[Hold]) -> bool {
    let carried = |held: &domain::record::hold::CarriedHold| holds.iter().any(|hold| hold.id == held.hold);
    entry.custody.holds.iter().any(carried) || !Hold::carried_by(entry, holds, |hold| hold.placed_at).is_empty()
}

/// Holds that a bundle shows: those of its case, and those that cover or covered one of its recordings.
pub(super) struct ShownCases {
    known: Vec<KnownHold>,
    shown: BTreeSet<usize>,
}

impl ShownCases {
    pub(super) fn new(known: Vec<KnownHold>, selected: &SelectedRecordings) -> Self {
        let is_selected =
            |known: &KnownHold| matches!(selected, SelectedRecordings::Case(case) if known.hold.case == *case);
        let shown = known.iter().enumerate().filter(|(_, known)| is_selected(known)).map(|(at, _)| at).collect();
        Self { known, shown }
    }

    /// Adds the holds of an entry. Returns false if it is under a hold that was not known when the export began.
    pub(super) fn add(&mut self, entry: &Entry) -> bool {
        for (at, known) in self.known.iter().enumerate() {
            if !self.shown.contains(&at) && is_covered(entry, std::slice::from_ref(&known.hold)) {
                self.shown.insert(at);
            }
        }
        entry.custody.holds.iter().all(|held| self.known.iter().any(|known| known.hold.id == held.hold))
    }

    /// Returns the holds, active ones first.
    pub(super) fn shown(&self) -> impl Iterator<Item = &KnownHold> {
        self.shown.iter().filter_map(|at| self.known.get(*at))
    }
}
