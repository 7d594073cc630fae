//! Reads the accesses of one recording.

use domain::record::access::{LifeSpan, Viewing};
use domain::record::accessor::AccessRole;
use domain::record::catalogue::Entry;
use domain::record::estate::{Bastion, Estate};
use jiff::Timestamp;

use crate::access::stored;
use crate::audit_log::{UnreadTime, logged_hours};
use crate::ports::{Catalogue, Checkpoints, Fault};
use crate::reading::CatalogueReader;
use crate::stored::checkpoint::AS_WRITTEN;

/// Accesses of one recording within its life, as far as the logs show them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordingAccesses {
    /// False if no access log is configured for its bastion; who accessed it is then not known.
    pub is_logged: bool,
    /// Times of its life for which no log of reads was read; who read it then is not known. Empty without a log.
    pub unread: Vec<UnreadTime>,
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
    /// Returns the accesses of a recording. Costs two reads, one more if an access log is configured, and the read of its
    /// lives.
    pub async fn accesses(&self, entry: &Entry) -> Result<RecordingAccesses, Fault> {
        accesses(self.catalogue, self.checkpoints, self.estate, entry, self.now).await
    }

    /// Like [`accesses`](Self::accesses), as of `until`. Does not depend on the current time.
    pub(crate) async fn accesses_until(&self, entry: &Entry, until: Timestamp) -> Result<RecordingAccesses, Fault> {
        let of = AccessesOf { entry, until, now: AS_WRITTEN };
        of.find(self.catalogue, self.checkpoints, self.estate).await
    }
}

/// Like [`CatalogueReader::accesses`], from single ports.
pub async fn accesses(
    catalogue: &dyn Catalogue,
    checkpoints: &dyn Checkpoints,
    estate: &Estate,
    entry: &Entry,
    now: Timestamp,
) -> Result<RecordingAccesses, Fault> {
    AccessesOf { entry, until: now, now }.find(catalogue, checkpoints, estate).await
}

struct AccessesOf<'e> {
    entry: &'e Entry,
    /// Time up to which the log should have been read.
    until: Timestamp,
    now: Timestamp,
}

impl AccessesOf<'_> {
    async fn find(
        self,
        catalogue: &dyn Catalogue,
        checkpoints: &dyn Checkpoints,
        estate: &Estate,
    ) -> Result<RecordingAccesses, Fault> {
        let Self { entry, until, now } = self;
        let bastion = estate.recorder(&entry.address.container(), &entry.bastion);
        let logs = bastion.and_then(|bastion| bastion.access_logs.as_ref());
        let stored = stored(checkpoints, &entry.address).await?;
        let mut found = RecordingAccesses { is_logged: logs.is_some(), ..RecordingAccesses::default() };
        if logs.is_none() && stored.is_none() {
            return Ok(found);
        }
        let lives = catalogue.lives(&entry.address).await?.lives;
        let life = LifeSpan::from_entry(entry, &lives.entries);
        if let Some(reads) = logs.and_then(|logs| logs.containers().next()) {
            let until = life.until.map_or(until, |end| end.min(until));
            let hours = logged_hours(checkpoints, &reads, &entry.address.account, now).await?;
            let from = life.from.map(|from| entry.created_at().map_or(from, |created| created.max(from)));
            found.unread = match hours {
                Some(hours) => hours.unread(from, until),
                None => vec![UnreadTime { from, to: until }],
            };
        }
        if let Some((form, _)) = stored {
            let accesses = form.accesses()?;
            let known = bastion.map(Bastion::known_identities).unwrap_or_default();
            let with_role = |viewing: Viewing| RecordingAccess { role: known.role(&viewing.accessor), viewing };
            found.accesses = accesses.viewings(life).into_iter().map(with_role).collect();
            found.folded = accesses.folded.numbers.len() as u64;
            found.folded_has_more = accesses.folded.has_more;
        }
        Ok(found)
    }
}
