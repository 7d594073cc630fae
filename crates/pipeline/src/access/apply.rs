//! Adds access lines to the stored accesses of their blobs.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::address::{BlobAddress, ContainerAddress};
use domain::record::access::{AccessKind, AccessLine, BlobAccesses};
use domain::record::accessor::{AccessRole, KnownIdentities};
use domain::record::estate::{Bastion, Estate};

use crate::ports::{CheckpointKey, CheckpointKind, Checkpoints, Fault, Version};
use crate::save::save_with_retry;
use crate::stored::accesses::AccessesForm;
use crate::stored::checkpoint::{AS_WRITTEN, decode, encode};
use crate::time::TimeSource;

/// Adds access lines to the stored accesses of their blobs.
pub struct ApplyAccesses {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) is_quiet: bool,
    pub(crate) time: Arc<TimeSource>,
}

/// Returns the checkpoint key of a blob's accesses.
pub(crate) fn key(blob: &BlobAddress) -> CheckpointKey {
    let name = format!("{}/{}/{}", blob.account.as_str(), blob.container.as_str(), blob.name.as_str());
    CheckpointKey { kind: CheckpointKind::Access, name }
}

/// Reads the stored accesses of a blob, with the version to save against. `None` if there are none.
pub(crate) async fn stored(
    checkpoints: &dyn Checkpoints,
    blob: &BlobAddress,
) -> Result<Option<(AccessesForm, Version)>, Fault> {
    let Some(checkpoint) = checkpoints.get(&key(blob)).await? else {
        return Ok(None);
    };
    Ok(Some((decode(&checkpoint.doc, AS_WRITTEN)?, checkpoint.version)))
}

impl ApplyAccesses {
    /// Returns the bastion of a blob whose accesses are logged in this container. `None` for any other blob, such as one
    /// of another account.
    pub(crate) fn bastion_of(&self, log: &ContainerAddress, blob: &BlobAddress) -> Option<&Bastion> {
        let bastion = self.estate.bastion_of(&blob.container())?;
        self.estate.bastions_of_access_logs(log).any(|logged| logged.name == bastion.name).then_some(bastion)
    }

    /// Returns false for an access that is not stored: the archivist reads tags and properties of every recording, which
    /// says nothing about anybody.
    pub(crate) fn is_kept(bastion: &Bastion, line: &AccessLine) -> bool {
        let role = bastion.known_identities().role(&line.accessor);
        role != AccessRole::Archivist || !matches!(line.kind, AccessKind::Tags | AccessKind::Properties)
    }

    /// Adds the lines of each blob. Returns the number of blobs whose accesses changed.
    pub(crate) async fn apply_accesses(&self, lines: BTreeMap<BlobAddress, Vec<AccessLine>>) -> Result<usize, Fault> {
        let mut changed = 0;
        for (blob, lines) in lines {
            let known = self.estate.bastion_of(&blob.container()).map(Bastion::known_identities).unwrap_or_default();
            // While old logs are read, nobody is notified.
            let is_news = !self.is_quiet && lines.iter().any(|line| may_be_news(line, &known));
            changed += usize::from(self.apply_lines(&blob, &lines, is_news).await?);
        }
        Ok(changed)
    }

    async fn apply_lines(&self, blob: &BlobAddress, lines: &[AccessLine], is_news: bool) -> Result<bool, Fault> {
        save_with_retry(|| format!("save accesses of {blob}"), || Box::pin(self.try_lines(blob, lines, is_news))).await
    }

    /// Returns true if the accesses changed, or `None` after a lost race.
    async fn try_lines(&self, blob: &BlobAddress, lines: &[AccessLine], is_news: bool) -> Result<Option<bool>, Fault> {
        let key = key(blob);
        let before = stored(&*self.checkpoints, blob).await?;
        let (mut form, version) = match before.clone() {
            Some((form, version)) => (form, Some(version)),
            None => (AccessesForm::from_accesses(BlobAccesses::default()), None),
        };
        let mut accesses = form.accesses()?;
        lines.iter().for_each(|line| accesses.add(line));
        let is_open = form.is_open;
        form = AccessesForm::from_accesses(accesses);
        let is_changed = before.as_ref().is_none_or(|(before, _)| !before.is_same_set(&form));
        form.is_open = is_open || (is_news && is_changed);
        if is_changed && self.checkpoints.save(&key, version, &encode(&form)?).await?.is_none() {
            return Ok(None);
        }
        // Lines read again after a crash change nothing, but the crash may have come before the marker.
        if form.is_open && is_news {
            self.mark_news(&key.name).await?;
        }
        Ok(Some(is_changed))
    }
}

fn may_be_news(line: &AccessLine, known: &KnownIdentities) -> bool {
    match line.kind {
        AccessKind::Read => matches!(known.role(&line.accessor), AccessRole::Other | AccessRole::Unknown),
        AccessKind::Write => known.role(&line.accessor) == AccessRole::Other,
        _ => false,
    }
}
