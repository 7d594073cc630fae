//! How far a daily verification has come, and what is remembered of the one before.

use std::collections::BTreeMap;

use domain::ledger::{Mark, Seam, SegmentNumber, Sha256};
use domain::past::is_ahead;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::walk::Place;
use crate::stored::checkpoint::{Document, is_zero};

/// How far a round has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Round {
    schema: u32,
    /// When the round under way, or the last one, began.
    pub(super) begun_at: Timestamp,
    /// Whether all segments were read.
    pub(super) is_whole: bool,
    /// How many breaks it has found.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) broken: u64,
    /// Behind the last line that was read; of a round that is whole, where the ledger ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    behind: Option<PositionForm>,
    /// Where the ledger ended in the round before, until this one has come so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<MarkForm>,
    /// The breaks that the round before has told of, each with the beginning of the round that told it first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) known: BTreeMap<String, Timestamp>,
    /// Those of this round.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) told: BTreeMap<String, Timestamp>,
}

/// A place behind a whole line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    /// How the chain goes on.
    pub seam: Seam,
    /// How many bytes of the segment lie before.
    pub bytes: u64,
    /// Whether more of the segment may follow.
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
    /// The number of the next line.
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
    /// Absent where it is the segment of the position.
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

impl Document for Round {
    const WHAT: &str = "daily verification of the ledger";
    const SCHEMA: u32 = 1;

    fn schema(&self) -> u32 {
        self.schema
    }

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, begun_at, is_whole, broken, behind, ended, known, told } = self;
        // Lines are read alike by any clock, so one under way goes on; after it the next one is due.
        let begun_at = if is_whole && is_ahead(begun_at, now) {
            Timestamp::UNIX_EPOCH
        } else {
            begun_at
        };
        Self { schema, begun_at, is_whole, broken, behind, ended, known, told }
    }
}

impl Round {
    /// A round that begins, after this one.
    pub(super) fn after(last: Option<Self>, now: Timestamp) -> Self {
        let ended = last.as_ref().and_then(Self::position).map(|end| MarkForm::of(&end));
        let known = last.map(|last| last.told).unwrap_or_default();
        let (schema, told) = (Self::SCHEMA, BTreeMap::new());
        Self { schema, begun_at: now, is_whole: false, broken: 0, behind: None, ended, known, told }
    }

    /// Behind the last line that was read. `None` at the beginning, and where it makes no sense.
    pub(super) fn position(&self) -> Option<Position> {
        self.behind.as_ref().and_then(PositionForm::read)
    }

    /// It has come so far.
    pub(super) fn come_to(&mut self, position: Option<Position>) {
        self.behind = position.map(|position| PositionForm::of(&position));
    }

    /// Where the ledger ended in the round before. `None` where this one has come so far.
    pub(super) fn mark(&self) -> Option<Mark> {
        self.ended.as_ref().and_then(MarkForm::read)
    }

    /// It has come to the mark.
    pub(super) fn pass(&mut self) {
        self.ended = None;
    }
}

impl Position {
    /// Where the next line begins.
    pub(super) fn place(&self) -> Option<Place> {
        if self.is_within {
            return Some(Place { segment: self.seam.segment, offset: self.bytes });
        }
        self.seam.segment.next().map(|segment| Place { segment, offset: 0 })
    }
}

impl PositionForm {
    fn of(position: &Position) -> Self {
        let Position { seam, bytes, is_within } = *position;
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

    fn read(&self) -> Option<Position> {
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
        Some(Position { seam, bytes: self.bytes, is_within: self.within })
    }
}

impl MarkForm {
    fn of(end: &Position) -> Self {
        let Position { seam, bytes, .. } = end;
        let hash = seam.expected.map(|(hash, _)| hash.to_string());
        Self { segment: seam.segment.to_string(), bytes: *bytes, hash }
    }

    fn read(&self) -> Option<Mark> {
        let (segment, hash) = (SegmentNumber::parse(&self.segment)?, hash(self.hash.as_deref())?);
        Some(Mark { segment, bytes: self.bytes, hash })
    }
}

/// `None` where it is no hash.
#[expect(clippy::option_option, reason = "there need be none, and what is there may be none")]
fn hash(text: Option<&str>) -> Option<Option<Sha256>> {
    match text {
        Some(text) => Sha256::parse(text).map(Some),
        None => Some(None),
    }
}
