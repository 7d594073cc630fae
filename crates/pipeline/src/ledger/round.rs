//! Stored progress of the daily verification, with the findings of the previous round.

use std::collections::BTreeMap;

use domain::past::is_ahead;
use domain::record::ledger::{Mark, Seam, SegmentNumber, Sha256};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::walk::LedgerPlace;
use crate::stored::Schema;
use crate::stored::checkpoint::{CheckpointDocument, is_zero};

/// Progress of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Round {
    schema: Schema,
    /// Begin of the current or last round.
    pub(super) begun_at: Timestamp,
    /// True if all segments were read.
    pub(super) is_whole: bool,
    /// Number of breaks found.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) broken: u64,
    /// Position after the last line read; after a finished round, the end of the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    behind: Option<PositionForm>,
    /// End of the ledger in the previous round, until this round reaches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<MarkForm>,
    /// Breaks notified in the previous round, each with the begin of the round of its first finding.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) known: BTreeMap<String, Timestamp>,
    /// Breaks notified in this round.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) told: BTreeMap<String, Timestamp>,
}

/// Position after a complete line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LinePosition {
    /// State of the chain at the position.
    pub seam: Seam,
    /// Bytes of the segment before the position.
    pub bytes: u64,
    /// True if more of the segment may follow.
    pub is_within: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PositionForm {
    segment: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    torn: Option<TornForm>,
    #[serde(default, skip_serializing_if = "is_zero")]
    lines: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    bytes: u64,
    /// Number of the next line.
    #[serde(default, skip_serializing_if = "is_zero")]
    seq: u64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    closed: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    within: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TornForm {
    /// Absent if equal to the segment of the position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    segment: Option<String>,
    line: u64,
    byte: u64,
    hash: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkForm {
    segment: String,
    bytes: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
}

impl CheckpointDocument for Round {
    const WHAT: &str = "daily verification of the ledger";

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, begun_at, is_whole, broken, behind, ended, known, told } = self;
        // The content does not depend on a clock, so a running round continues; the next one is due after it.
        let begun_at = if is_whole && is_ahead(begun_at, now) {
            Timestamp::UNIX_EPOCH
        } else {
            begun_at
        };
        Self { schema, begun_at, is_whole, broken, behind, ended, known, told }
    }
}

impl Round {
    /// Starts the round after `last`.
    pub(super) fn after(last: Option<Self>, now: Timestamp) -> Self {
        let ended = last.as_ref().and_then(Self::position).map(|end| MarkForm::from_position(&end));
        let known = last.map(|last| last.told).unwrap_or_default();
        let (schema, told) = (Schema, BTreeMap::new());
        Self { schema, begun_at: now, is_whole: false, broken: 0, behind: None, ended, known, told }
    }

    /// Returns the position after the last line read. Returns `None` at the beginning, or if the stored position is
    /// invalid.
    pub(super) fn position(&self) -> Option<LinePosition> {
        self.behind.as_ref().and_then(PositionForm::read)
    }

    pub(super) fn come_to(&mut self, position: Option<LinePosition>) {
        self.behind = position.map(|position| PositionForm::from_position(&position));
    }

    /// Returns the end of the ledger in the previous round, or `None` if this round has passed it.
    pub(super) fn mark(&self) -> Option<Mark> {
        self.ended.as_ref().and_then(MarkForm::read)
    }

    /// Clears the mark after the round has passed it.
    pub(super) fn pass(&mut self) {
        self.ended = None;
    }
}

impl LinePosition {
    /// Returns the start of the next line.
    pub(super) fn place(&self) -> Option<LedgerPlace> {
        if self.is_within {
            return Some(LedgerPlace { segment: self.seam.segment, offset: self.bytes });
        }
        self.seam.segment.next().map(|segment| LedgerPlace { segment, offset: 0 })
    }
}

impl PositionForm {
    fn from_position(position: &LinePosition) -> Self {
        let LinePosition { seam, bytes, is_within } = *position;
        let torn = seam.torn.map(|(segment, line, byte, hash)| TornForm {
            segment: (segment != seam.segment).then(|| segment.to_string()),
            line,
            byte,
            hash: hash.to_string(),
        });
        Self {
            segment: seam.segment.to_string(),
            hash: seam.expected.map(|(hash, _)| hash.to_string()),
            torn,
            lines: seam.lines,
            bytes,
            seq: seam.expected.map_or(0, |(_, seq)| seq),
            closed: seam.closed,
            within: is_within,
        }
    }

    fn read(&self) -> Option<LinePosition> {
        let segment = SegmentNumber::parse(&self.segment)?;
        let torn = match &self.torn {
            Some(TornForm { segment: other, line, byte, hash }) => {
                let segment = other.as_deref().map_or(Some(segment), SegmentNumber::parse)?;
                Some((segment, *line, *byte, Sha256::parse(hash)?))
            }
            None => None,
        };
        let hash = hash(self.hash.as_deref())?;
        let expected = hash.map(|hash| (hash, self.seq));
        let seam = Seam { segment, lines: self.lines, expected, closed: self.closed, torn };
        Some(LinePosition { seam, bytes: self.bytes, is_within: self.within })
    }
}

impl MarkForm {
    fn from_position(end: &LinePosition) -> Self {
        let LinePosition { seam, bytes, .. } = end;
        let hash = seam.expected.map(|(hash, _)| hash.to_string());
        Self { segment: seam.segment.to_string(), bytes: *bytes, hash }
    }

    fn read(&self) -> Option<Mark> {
        let (segment, hash) = (SegmentNumber::parse(&self.segment)?, hash(self.hash.as_deref())?);
        Some(Mark { segment, bytes: self.bytes, hash })
    }
}

/// Returns the outer `None` if the text is no hash.
#[expect(clippy::option_option, reason = "an absent hash and an invalid one differ")]
fn hash(text: Option<&str>) -> Option<Option<Sha256>> {
    match text {
        Some(text) => Sha256::parse(text).map(Some),
        None => Some(None),
    }
}
