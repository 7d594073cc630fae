//! Reads the accesses of one recording.

use domain::record::access::{LifeSpan, Viewing};
use domain::record::accessor::AccessRole;
use domain::record::catalogue::Entry;
use domain::record::estate::Estate;

use crate::access::stored;
use crate::ports::{Catalogue, Checkpoints, Fault};
use crate::reading::CatalogueReader;

/// Accesses of one recording within its life, as far as the logs show them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordingAccesses {
    /// False if no access log is configured for its bastion; who accessed it is then not known.
    pub is_logged: bool,
    /// Accesses by time; those of one reader, one kind and close together are one.
    pub accesses: Vec<RecordingAccess>,
    /// Number of older half hours with accesses of this blob name that are only counted.
    pub folded: u64,
    /// True if there were more than counted.
    pub folded_has_more: bool,
}

/// Accesses of one kind by one reader, close together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingAccess {
    /// Who, when, from where, and how much.
    pub viewing: Viewing,
    /// Part in which the reader did it.
    pub role: AccessRole,
}

impl CatalogueReader<'_> {
    /// Returns the accesses of a recording. Costs one read, and a second one if there are any.
    pub async fn accesses(&self, entry: &Entry) -> Result<RecordingAccesses, Fault> {
        accesses(self.catalogue, self.checkpoints, self.estate, entry).await
    }
}

/// Like [`CatalogueReader::accesses`], from single ports.
pub async fn accesses(
    catalogue: &dyn Catalogue,
    checkpoints: &dyn Checkpoints,
    estate: &Estate,
    entry: &Entry,
) -> Result<RecordingAccesses, Fault> {
    let is_logged = estate.bastion(&entry.bastion).is_some_and(|bastion| bastion.access_logs.is_some());
    let Some((form, _)) = stored(checkpoints, &entry.address).await? else {
        return Ok(RecordingAccesses { is_logged, ..RecordingAccesses::default() });
    };
    let accesses = form.accesses()?;
    let lives = catalogue.lives(&entry.address).await?.lives;
    let known = estate.known_identities(&entry.bastion);
    let viewings = accesses.viewings(LifeSpan::of(entry, &lives.entries));
    let with_role = |viewing: Viewing| RecordingAccess { role: known.role(&viewing.accessor), viewing };
    Ok(RecordingAccesses {
        is_logged,
        accesses: viewings.into_iter().map(with_role).collect(),
        folded: accesses.folded.numbers.len() as u64,
        folded_has_more: accesses.folded.has_more,
    })
}
