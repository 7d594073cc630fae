//! Places, lists and releases legal holds. Holds are read again before any deletion.

mod announce;
mod carry;
mod containers;
mod coverage;
mod release;
mod shown;
pub use announce::AnnounceHolds;
pub use coverage::CountCoverage;
pub use release::ReleaseHolds;

pub use coverage::{Coverage, CoverageCount};
pub use shown::{ShownHolds, counting_holds};

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::decide::context::Rules;
use domain::record::estate::Estate;
use domain::record::hold::{Actor, Hold, HoldId};
use domain::record::recording_id::RecordingId;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::all_checkpoints::all_checkpoints;
use crate::entries::UpdateEntries;
use crate::ports::{Catalogue, Checkpoint, CheckpointKey, CheckpointKind, Checkpoints, Fault, Version};
use crate::stored::StoredError;
use crate::stored::checkpoint::{AS_WRITTEN, decode, encode};
use crate::stored::hold::HoldForm;
use crate::time::TimeSource;

/// Hold with its release, if any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownHold {
    /// Hold as placed.
    pub hold: Hold,
    /// Person and time of the release.
    pub released: Option<(Actor, Timestamp)>,
}

/// Result of placing a hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Id of the hold.
    pub id: HoldId,
    /// True if the hold existed already.
    pub is_known: bool,
    /// Recordings that were about to be deleted and now carry the hold in entry and tag.
    pub carried: usize,
    /// Recordings that were about to be deleted and may not carry the hold yet, each with the reason. Their entries and
    /// the hold itself still prevent deletion by the archivist.
    pub not_carried: Vec<(RecordingId, String)>,
    /// Covered or possibly covered recordings that were deleted before the hold was stored, each with the reason.
    pub deleted: Vec<(RecordingId, String)>,
}

/// Places legal holds.
pub struct PlaceHold {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) entries: Arc<UpdateEntries>,
    pub(crate) hold_news: Arc<AnnounceHolds>,
}

impl PlaceHold {
    /// Places a hold, like [`place_hold_watching`](Self::place_hold_watching) without recordings to watch.
    pub fn place_hold<'a>(&'a self, hold: &'a Hold) -> BoxFuture<'a, Result<Placed, Fault>> {
        Box::pin(async move { self.place_hold_watching(hold, &BTreeSet::new()).await })
    }

    /// Places a hold. Idempotent. Returns after every possibly covered recording about to be deleted carries the hold.
    /// Recordings of `watched`, and the one that the hold names, are reported if they are deleted already. `watched` is
    /// what [`deleted_soon`](Self::deleted_soon) returned when the caller began to decide on the hold.
    ///
    /// After an error the hold may already be active; the next call continues.
    pub fn place_hold_watching<'a>(
        &'a self,
        hold: &'a Hold,
        watched: &'a BTreeSet<RecordingId>,
    ) -> BoxFuture<'a, Result<Placed, Fault>> {
        Box::pin(async move {
            let mut hold = hold.clone();
            containers::add_containers(&mut hold.scope, &self.estate, &*self.catalogue).await;
            let key = active(&hold.id);
            let mut is_known = true;
            if self.checkpoints.get(&key).await?.is_none() {
                let written = encode(&HoldForm::new(&hold))?;
                is_known = self.checkpoints.save(&key, None, &written).await?.is_none();
            }
            let (carried, not_carried, deleted) = (0, Vec::new(), Vec::new());
            let mut placed = Placed { id: hold.id.clone(), is_known, carried, not_carried, deleted };
            self.carry_hold(&hold, watched, &mut placed).await?;
            self.hold_news.announce_holds().await;
            Ok(placed)
        })
    }
}

/// Reads the stored legal holds.
pub struct KnownHolds {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) estate: Arc<Estate>,
}

impl KnownHolds {
    /// Returns all holds; see [`known_holds`].
    pub async fn list_holds(&self) -> Result<Vec<KnownHold>, Fault> {
        let mut known = known_holds(self.checkpoints.as_ref()).await?;
        known.iter_mut().for_each(|known| containers::add_configured(&mut known.hold.scope, &self.estate));
        Ok(known)
    }

    /// Returns the active holds.
    pub(crate) async fn holds(&self) -> Result<Vec<Hold>, Fault> {
        let mut holds = counting_holds(self.checkpoints.as_ref()).await?;
        holds.iter_mut().for_each(|hold| containers::add_configured(&mut hold.scope, &self.estate));
        Ok(holds)
    }

    async fn kept(&self, kind: CheckpointKind) -> Result<Vec<(Hold, HoldForm, Version)>, Fault> {
        kept(self.checkpoints.as_ref(), kind).await
    }
}

/// Returns all holds: active ones first, then released ones, each group by time.
pub async fn known_holds(checkpoints: &dyn Checkpoints) -> Result<Vec<KnownHold>, Fault> {
    let (placed, ended) = (counting_holds(checkpoints).await?, kept(checkpoints, CheckpointKind::ReleasedHold).await?);
    // A hold whose release is incomplete is still active.
    let ended = ended.into_iter().filter(|(hold, ..)| !placed.iter().any(|known| is_same(known, hold)));
    let released = |form: HoldForm| form.released.map(|release| (Actor::from(&release.by), release.at));
    let mut ended: Vec<KnownHold> = ended.map(|(hold, form, _)| KnownHold { hold, released: released(form) }).collect();
    let mut known: Vec<KnownHold> = placed.iter().cloned().map(|hold| KnownHold { hold, released: None }).collect();
    known.sort_by_key(|known| known.hold.placed_at);
    ended.sort_by_key(|known| known.released.as_ref().map(|(_, at)| *at));
    known.append(&mut ended);
    Ok(known)
}

async fn kept(checkpoints: &dyn Checkpoints, kind: CheckpointKind) -> Result<Vec<(Hold, HoldForm, Version)>, Fault> {
    let all = all_checkpoints(checkpoints, kind).await?.into_iter();
    let kept = all.map(|(name, Checkpoint { doc, version })| {
        let form: HoldForm = decode(&doc, AS_WRITTEN)?;
        let damaged = |source| StoredError::Damaged { what: "legal hold", source }.fault(format!("read hold {name}"));
        Ok((form.hold().map_err(damaged)?, form, version))
    });
    kept.collect()
}

/// Returns true for the same placement. The same id may have been placed again later.
fn is_same(one: &Hold, other: &Hold) -> bool {
    one.id == other.id && one.placed_at == other.placed_at
}

fn active(id: &HoldId) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Hold, name: id.as_str().to_owned() }
}
