//! Legal holds: placed and released by people, read again whenever something is to go.

mod announce;
mod carry;
mod coverage;
mod release;
mod shown;

pub use coverage::{Count, Coverage};
pub use shown::{ShownHolds, counting_holds};

use domain::hold::{Actor, Hold, HoldId};
use domain::recording_id::RecordingId;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::archivist::Archivist;
use crate::ports::{Checkpoint, CheckpointKey, CheckpointKind, Checkpoints, Fault, Version};
use crate::stored::StoredError;
use crate::stored::checkpoint::{AS_WRITTEN, decode, encode};
use crate::stored::hold::HoldForm;

/// How many holds, and how many entries, are read at a time.
const PAGE: usize = 100;

/// A hold, and how it ended if it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownHold {
    /// The hold.
    pub hold: Hold,
    /// Who released it, and when.
    pub released: Option<(Actor, Timestamp)>,
}

/// What placing a hold came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The hold.
    pub id: HoldId,
    /// Whether it was there already.
    pub is_known: bool,
    /// Recordings that were about to go, and carry it now in entry and tag.
    pub carried: usize,
    /// Recordings that were about to go, and do not carry it for certain: with the reason. Their entries and the hold
    /// itself still keep the archivist from deleting them.
    pub not_carried: Vec<(RecordingId, String)>,
}

impl Archivist {
    /// Places a hold; the same one again changes nothing. Returns once every recording that is about to go and may be
    /// meant carries it. After a fault it may count already: called again, it goes on.
    pub fn place_hold<'a>(&'a self, hold: &'a Hold) -> BoxFuture<'a, Result<Placed, Fault>> {
        Box::pin(async move {
            let key = active(&hold.id);
            let mut is_known = true;
            if self.ports.checkpoints.get(&key).await?.is_none() {
                let written = encode(&HoldForm::new(hold))?;
                is_known = self.ports.checkpoints.save(&key, None, &written).await?.is_none();
            }
            let mut placed = Placed { id: hold.id.clone(), is_known, carried: 0, not_carried: Vec::new() };
            self.carry_hold(hold, &mut placed).await?;
            self.announce_holds().await;
            Ok(placed)
        })
    }

    /// All holds: those that count first, each kind in the order of their times.
    pub async fn list_holds(&self) -> Result<Vec<KnownHold>, Fault> {
        let (placed, ended) = (self.holds().await?, self.kept(CheckpointKind::ReleasedHold).await?);
        // One whose release did not come to its end still counts.
        let ended = ended.into_iter().filter(|(hold, ..)| !placed.iter().any(|known| is_same(known, hold)));
        let released = |form: HoldForm| form.released.map(|release| (Actor::from(&release.by), release.at));
        let mut ended: Vec<KnownHold> =
            ended.map(|(hold, form, _)| KnownHold { hold, released: released(form) }).collect();
        let mut known: Vec<KnownHold> = placed.iter().cloned().map(|hold| KnownHold { hold, released: None }).collect();
        known.sort_by_key(|known| known.hold.placed_at);
        ended.sort_by_key(|known| known.released.as_ref().map(|(_, at)| *at));
        known.append(&mut ended);
        Ok(known)
    }

    /// The holds that count now.
    pub(crate) async fn holds(&self) -> Result<Vec<Hold>, Fault> {
        counting_holds(self.ports.checkpoints.as_ref()).await
    }

    async fn kept(&self, kind: CheckpointKind) -> Result<Vec<(Hold, HoldForm, Version)>, Fault> {
        kept(self.ports.checkpoints.as_ref(), kind).await
    }
}

async fn kept(checkpoints: &dyn Checkpoints, kind: CheckpointKind) -> Result<Vec<(Hold, HoldForm, Version)>, Fault> {
    let (mut kept, mut last) = (Vec::new(), None::<String>);
    loop {
        let page = checkpoints.list(kind, last.as_deref(), PAGE).await?;
        let Some((end, _)) = page.last() else { return Ok(kept) };
        last = Some(end.clone());
        for (name, Checkpoint { doc, version }) in page {
            let form: HoldForm = decode(&doc, AS_WRITTEN)?;
            let damaged =
                |source| StoredError::Damaged { what: "legal hold", source }.fault(format!("read hold {name}"));
            kept.push((form.hold().map_err(damaged)?, form, version));
        }
    }
}

/// Whether the one is the other, and not placed again later under the same id.
fn is_same(one: &Hold, other: &Hold) -> bool {
    one.id == other.id && one.placed_at == other.placed_at
}

fn active(id: &HoldId) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Hold, name: id.as_str().to_owned() }
}
