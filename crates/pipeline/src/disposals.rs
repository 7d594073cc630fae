//! Pages through the recordings due for the retention sweep.

use jiff::Timestamp;

use crate::ports::{Catalogue, Due, Fault};

/// Recordings per page.
const PAGE: usize = 64;

/// Cursor over the recordings due by a time. Recordings updated during the iteration are not returned again.
pub(crate) struct Disposals<'a> {
    catalogue: &'a dyn Catalogue,
    until: Timestamp,
    last: Option<Due>,
}

impl<'a> Disposals<'a> {
    /// Starts with the first recording.
    pub(crate) fn until(until: Timestamp, catalogue: &'a dyn Catalogue) -> Self {
        Self { catalogue, until, last: None }
    }

    /// Continues after this recording.
    pub(crate) fn behind(self, last: Option<Due>) -> Self {
        Self { last, ..self }
    }

    /// Returns the next page, or `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Due>>, Fault> {
        let page = self.catalogue.disposals(self.until, self.last.as_ref(), PAGE).await?;
        self.last = page.last().copied();
        Ok(self.last.is_some().then_some(page))
    }
}
