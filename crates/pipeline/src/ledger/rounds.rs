//! Verifies the chain of the ledger once a day, unasked.

use domain::blob::whole_second;
use domain::ledger::{Break, Chain, Flaw, Reason, Seam, SegmentNumber, Sha256};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::tell::broken;
use super::walk::{Item, Place, Walk};
use crate::archivist::Archivist;
use crate::ports::{CheckpointKey, CheckpointKind, Fault};
use crate::stored::checkpoint::{Document, decode, encode, is_zero};
use crate::stored::fact;

/// Of how many breaks people hear one by one in a round; whoever looks then sees all.
const TOLD: u64 = 10;
/// After how many lines it is asked whether there is time.
const LINES: u32 = 10_000;

/// How far a round has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Round {
    schema: u32,
    /// When the round under way, or the last one, began.
    begun_at: Timestamp,
    /// Whether all segments were read.
    is_whole: bool,
    /// How many breaks it has found.
    #[serde(default, skip_serializing_if = "is_zero")]
    broken: u64,
    /// Where the last segment ends that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    behind: Option<SeamForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeamForm {
    segment: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    torn: Option<TornForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TornForm {
    line: u64,
    byte: u64,
    hash: String,
}

impl Document for Round {
    const WHAT: &str = "daily verification of the ledger";
    const SCHEMA: u32 = 1;

    fn schema(&self) -> u32 {
        self.schema
    }
}

impl Archivist {
    /// Verifies the chain of the ledger where the last round began longer ago than this, or goes on with one. Tells people
    /// of each break once, however often it is found. Half a line at the very end is none: somebody may be writing it.
    pub(crate) async fn verify_ledger(
        &self,
        every: SignedDuration,
        may_go_on: &impl Fn() -> bool,
    ) -> Result<(), Fault> {
        if self.is_quiet {
            // Whoever tells nobody leaves it to others, who do.
            return Ok(());
        }
        let key = CheckpointKey { kind: CheckpointKind::Ledger, name: "round".to_owned() };
        let (now, known) = (self.ports.clock.now(), self.ports.checkpoints.get(&key).await?);
        let mut version = known.as_ref().map(|known| known.version);
        let known = known.map(|known| decode::<Round>(&known.doc)).transpose()?;
        let is_over = |round: &Round| round.is_whole && now.duration_since(round.begun_at) >= every;
        let fresh = || Round { schema: Round::SCHEMA, begun_at: now, is_whole: false, broken: 0, behind: None };
        let mut round = known.filter(|round| !is_over(round)).unwrap_or_else(fresh);
        if round.is_whole {
            return Ok(());
        }
        let seam = round.behind.as_ref().and_then(SeamForm::read);
        let next = seam.and_then(|seam| seam.segment.next());
        let place = next.map_or(Place::BEGIN, |segment| Place { segment, offset: 0 });
        let mut chain = seam.map_or_else(Chain::new, Chain::behind);
        let mut walk = Walk::from(&*self.ports.ledger, place).await?;
        let (mut segment, mut lines) = (place.segment, 0);
        while let Some(item) = walk.next().await? {
            let (is_end, found) = match item {
                Item::Begin(begun) => {
                    segment = begun;
                    (false, chain.begin(begun))
                }
                Item::Line(offset, bytes) => {
                    lines += 1;
                    (false, line(&mut chain, segment, offset, bytes))
                }
                Item::End(offset, torn) => (true, chain.end(offset, torn)),
            };
            if let Some(found) = found {
                self.tell_broken(&mut round, &found, now).await?;
            }
            if is_end {
                round.behind = chain.seam().map(|seam| SeamForm::of(&seam));
                let Some(saved) = self.ports.checkpoints.save(&key, version, &encode(&round)?).await? else {
                    // Somebody else is at it.
                    return Ok(());
                };
                version = Some(saved);
            }
            if (is_end || lines >= LINES) && !may_go_on() {
                // The next run reads this segment from its beginning.
                return Ok(());
            }
            lines %= LINES;
        }
        (round.is_whole, round.behind) = (true, None);
        self.ports.checkpoints.save(&key, version, &encode(&round)?).await.map(drop)
    }

    async fn tell_broken(&self, round: &mut Round, found: &Break, now: Timestamp) -> Result<(), Fault> {
        tracing::error!(broken = %found, "the chain of the ledger is broken: see `archivist ledger verify`");
        round.broken = round.broken.saturating_add(1);
        if round.broken > TOLD {
            return Ok(());
        }
        self.hand_over(&broken(found, whole_second(now))).await
    }
}

fn line(chain: &mut Chain, segment: SegmentNumber, offset: u64, bytes: &[u8]) -> Option<Break> {
    let taken = chain.take(offset, bytes);
    // Whoever chained it did not write it as we do.
    let is_other = taken.fact.is_some_and(|(_, text)| fact::decode(text).is_err());
    let other = Break { segment, line: taken.line, offset, reason: Reason::Flaw(Flaw::Form) };
    taken.broken.or(is_other.then_some(other))
}

impl SeamForm {
    fn of(seam: &Seam) -> Self {
        let torn = seam.torn.map(|(line, byte, hash)| TornForm { line, byte, hash: hash.to_string() });
        Self { segment: seam.segment.to_string(), hash: seam.hash.map(|hash| hash.to_string()), torn }
    }

    /// `None` where it makes no sense: then the round begins anew.
    fn read(&self) -> Option<Seam> {
        let torn = match &self.torn {
            Some(TornForm { line, byte, hash }) => Some((*line, *byte, Sha256::parse(hash)?)),
            None => None,
        };
        let hash = match &self.hash {
            Some(hash) => Some(Sha256::parse(hash)?),
            None => None,
        };
        Some(Seam { segment: SegmentNumber::parse(&self.segment)?, hash, torn })
    }
}
