//! Everything that the retention sweep must look at, page by page.

use jiff::Timestamp;

use crate::ports::{Catalogue, Due, Fault};

/// How many are asked for at a time.
const PAGE: usize = 64;

/// What is up for disposal by a time. What is worked on meanwhile does not come again.
pub(crate) struct Disposals<'a> {
    catalogue: &'a dyn Catalogue,
    until: Timestamp,
    last: Option<Due>,
}

impl<'a> Disposals<'a> {
    /// From the first on.
    pub(crate) fn until(until: Timestamp, catalogue: &'a dyn Catalogue) -> Self {
        Self { catalogue, until, last: None }
    }

    /// From behind this one on.
    pub(crate) fn behind(self, last: Option<Due>) -> Self {
        Self { last, ..self }
    }

    /// The next page; `None` behind the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Due>>, Fault> {
        let page = self.catalogue.disposals(self.until, self.last.as_ref(), PAGE).await?;
        self.last = page.last().copied();
        Ok(self.last.is_some().then_some(page))
    }
}
