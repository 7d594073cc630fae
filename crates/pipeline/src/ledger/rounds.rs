//! Verifies the chain of the ledger once a day.

use std::sync::Arc;

use domain::record::blob::whole_second;
use domain::record::ledger::{Break, Chain, ChainBreak, Flaw, Mark, Passed, SegmentNumber};
use jiff::{SignedDuration, Timestamp};

use super::notify::broken;
use super::round::{LinePosition, Round};
use super::walk::{LedgerPlace, SegmentWalk, WalkItem};
use crate::deadline::MayGoOn;
use crate::deliver::NotificationOutbox;
use crate::ports::{CheckpointKey, CheckpointKind, Checkpoints, Fault, Ledger, Version};
use crate::stored::checkpoint::{AS_WRITTEN, decode, encode};
use crate::stored::fact;
use crate::time::TimeSource;

/// Maximum number of notified breaks per round. `archivist ledger verify` lists all of them.
const MOST_NOTIFIED: u64 = 10;
/// Lines between two checks of the deadline.
const LINES: u32 = 10_000;

/// Verifies the ledger round by round and notifies people of a break.
pub struct VerifyLedger {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) is_quiet: bool,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
}

impl VerifyLedger {
    /// Continues a round, also within a segment, or starts one if the last began at least `every` ago. Verifies the
    /// chain, and the presence of the last round's end.
    ///
    /// Announces each break once, and again only after a whole round without it. Half a line at the very end is no
    /// break, because a write may be in progress.
    pub(crate) async fn verify_ledger(&self, every: SignedDuration, may_go_on: MayGoOn<'_>) -> Result<(), Fault> {
        if self.is_quiet {
            // A quiet archivist leaves the verification to one that can notify.
            return Ok(());
        }
        let Some((mut round, mut version)) = self.round(every).await? else {
            return Ok(());
        };
        let begin = round.position();
        let mut reader = Reader::behind(begin, round.mark());
        let place = begin.map_or(Some(LedgerPlace::BEGIN), |position| position.place());
        let mut lines = 0;
        if let Some(place) = place {
            let mut walk = SegmentWalk::from(&*self.ledger, place).await?;
            while let Some(item) = walk.next().await? {
                let is_end = matches!(item, WalkItem::End(..));
                lines += u32::from(matches!(item, WalkItem::Line(..)));
                for found in reader.take(&item).into_iter().flatten() {
                    self.notify_broken(&mut round, &found).await?;
                }
                let is_over = (is_end || lines >= LINES) && !may_go_on();
                if is_end || is_over {
                    let (seam, bytes, is_within) = (reader.chain.seam(), walk.place().offset, !is_end);
                    round.come_to(seam.map(|seam| LinePosition { seam, bytes, is_within }));
                    if reader.mark.is_none() {
                        round.pass();
                    }
                    // If the save fails, another process continues the round.
                    let Some(saved) = self.save_round(&round, version).await? else {
                        return Ok(());
                    };
                    version = saved;
                }
                if is_over {
                    return Ok(());
                }
                lines %= LINES;
            }
        }
        if let Some(gone) = reader.mark.and_then(|mark| mark.gone(reader.segment())) {
            self.notify_broken(&mut round, &gone).await?;
        }
        round.is_whole = true;
        round.pass();
        self.save_round(&round, version).await.map(drop)
    }

    /// Returns the current round, or starts one; `None` if none is due. The round is saved before anything is read, so
    /// after a crash the same notifications get the same ids.
    async fn round(&self, every: SignedDuration) -> Result<Option<(Round, Version)>, Fault> {
        let now = self.time.now();
        let known = self.checkpoints.get(&key()).await?;
        let known =
            known.map(|known| decode::<Round>(&known.doc, now).map(|round| (round, known.version))).transpose()?;
        match known {
            Some((round, version)) if !round.is_whole => Ok(Some((round, version))),
            Some((round, _)) if now.duration_since(round.begun_at) < every => Ok(None),
            known => {
                let (last, version) = known.unzip();
                let round = Round::after(last, now);
                let saved = self.checkpoints.save(&key(), version, &encode(&round)?).await?;
                Ok(saved.map(|version| (round, version)))
            }
        }
    }

    async fn save_round(&self, round: &Round, before: Version) -> Result<Option<Version>, Fault> {
        self.checkpoints.save(&key(), Some(before), &encode(round)?).await
    }

    async fn notify_broken(&self, round: &mut Round, found: &Break) -> Result<(), Fault> {
        tracing::error!(broken = %found, "the chain of the ledger is broken: see `archivist ledger verify`");
        round.broken = round.broken.saturating_add(1);
        if round.broken > MOST_NOTIFIED {
            return Ok(());
        }
        let at = found.to_string();
        let since: Timestamp = round.known.get(&at).copied().unwrap_or(round.begun_at);
        round.told.insert(at, since);
        self.outbox.hand_over(&broken(found, since, whole_second(self.time.now()))).await
    }
}

/// Reader of the lines of a round.
struct Reader {
    chain: Chain,
    /// True if the round continues within a segment.
    is_within: bool,
    /// End of the ledger in the previous round, until passed.
    mark: Option<Mark>,
}

impl Reader {
    fn behind(position: Option<LinePosition>, mark: Option<Mark>) -> Self {
        match position {
            Some(LinePosition { seam, is_within, .. }) => Self { chain: Chain::behind(seam), is_within, mark },
            None => Self { chain: Chain::new(), is_within: false, mark },
        }
    }

    /// Returns the breaks at this item: of the chain itself, and against the previous round.
    fn take(&mut self, item: &WalkItem<'_>) -> [Option<Break>; 2] {
        match item {
            WalkItem::Begin(segment) => {
                let goes_on = std::mem::take(&mut self.is_within) && self.segment() == Some(*segment);
                [if goes_on { None } else { self.chain.begin(*segment) }, None]
            }
            WalkItem::Line(offset, bytes) => {
                let lost = self.pass(*offset, false);
                let taken = self.chain.take(*offset, bytes);
                // The line is chained, but not in our form.
                let is_other = taken.fact.is_some_and(|(_, text)| fact::decode(text).is_err());
                let segment = self.segment().filter(|_| is_other);
                let reason = ChainBreak::Flaw(Flaw::Form);
                let other = segment.map(|segment| Break { segment, line: taken.line, offset: *offset, reason });
                [lost, taken.broken.or(other)]
            }
            WalkItem::End(offset, torn) => [self.pass(*offset, true), self.chain.end(*offset, torn)],
        }
    }

    fn segment(&self) -> Option<SegmentNumber> {
        self.chain.seam().map(|seam| seam.segment)
    }

    /// Checks the mark of the previous round if this item reaches it. Returns a break if the ledger differs there.
    fn pass(&mut self, offset: u64, is_end: bool) -> Option<Break> {
        let (mark, seam) = (self.mark?, self.chain.seam()?);
        let hash = seam.expected.map(|(hash, _)| hash);
        let passed = if is_end {
            mark.end(seam.segment, offset, hash)
        } else {
            mark.at(seam.segment, offset, hash)
        };
        let reason = match passed {
            Passed::NotYet => return None,
            Passed::Intact => None,
            Passed::Lost(reason) => Some(reason),
        };
        self.mark = None;
        reason.map(|reason| Break { segment: seam.segment, line: seam.lines + 1, offset, reason })
    }
}

/// Returns the number of breaks that the last or the current round has notified, and the time of the first one.
pub(crate) async fn known_breaks(checkpoints: &dyn Checkpoints) -> Result<Option<(u64, Timestamp)>, Fault> {
    let Some(known) = checkpoints.get(&key()).await? else { return Ok(None) };
    let Round { is_whole, mut told, known, .. } = decode(&known.doc, AS_WRITTEN)?;
    // A whole round without a break of the round before shows that it is over.
    if !is_whole {
        told.extend(known);
    }
    Ok(told.values().min().map(|since| (told.len() as u64, *since)))
}

/// Returns the number of breaks that the daily verification found, and when its round began. `None` before the first
/// round has ended. While a round goes on, breaks of the round before count too.
pub(crate) async fn last_verification(checkpoints: &dyn Checkpoints) -> Result<Option<(u64, Timestamp)>, Fault> {
    let Some(known) = checkpoints.get(&key()).await? else { return Ok(None) };
    let round: Round = decode(&known.doc, AS_WRITTEN)?;
    let (begun_at, has_ended) = (round.begun_at, round.is_whole || round.mark().is_some());
    let breaks = if round.is_whole {
        round.broken
    } else {
        let earlier = round.known.keys().filter(|at| !round.told.contains_key(*at)).count();
        round.broken.saturating_add(earlier as u64)
    };
    Ok(has_ended.then_some((breaks, begun_at)))
}

fn key() -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Ledger, name: "round".to_owned() }
}
