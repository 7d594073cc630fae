//! Stored form of the confidence of a match.

use domain::record::join::{MatchGrounds, MatchReasoning, Offset, Points, UndecidedReason, WritingMode};
use serde::{Deserialize, Serialize};

use super::known;

/// Points are in tenths, offsets in milliseconds, usual ranges in seconds.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct GroundsForm {
    points: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<OffsetForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<OffsetForm>,
    learned_from: u32,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OffsetForm {
    ms: i64,
    usual: (i16, i16),
}

impl GroundsForm {
    pub(super) fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl From<MatchGrounds> for GroundsForm {
    fn from(grounds: MatchGrounds) -> Self {
        let MatchGrounds { points, needed, written, start, end, learned_from } = grounds;
        Self {
            points: points.tenths(),
            needed: needed.map(Points::tenths),
            written: (written != WritingMode::default()).then(|| written.name().to_owned()),
            start: start.map(OffsetForm::from),
            end: end.map(OffsetForm::from),
            learned_from,
        }
    }
}

impl TryFrom<GroundsForm> for MatchGrounds {
    type Error = serde_json::Error;

    fn try_from(form: GroundsForm) -> Result<Self, Self::Error> {
        let written = form.written.map(|name| known(WritingMode::parse(&name), "way of writing", &name)).transpose()?;
        Ok(Self {
            points: Points::from_tenths(form.points),
            needed: form.needed.map(Points::from_tenths),
            written: written.unwrap_or_default(),
            start: form.start.map(Offset::from),
            end: form.end.map(Offset::from),
            learned_from: form.learned_from,
        })
    }
}

/// Weighing of a verdict: points in tenths, the next candidate's offset in milliseconds.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ReasoningForm {
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lead: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_off: Option<i64>,
}

impl ReasoningForm {
    pub(super) fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl From<MatchReasoning> for ReasoningForm {
    fn from(MatchReasoning { reason, lead, needed, next_off }: MatchReasoning) -> Self {
        Self {
            reason: reason.map(|reason| reason.name().to_owned()),
            lead: lead.map(Points::tenths),
            needed: needed.map(Points::tenths),
            next_off,
        }
    }
}

impl TryFrom<ReasoningForm> for MatchReasoning {
    type Error = serde_json::Error;

    fn try_from(form: ReasoningForm) -> Result<Self, Self::Error> {
        let reason = form.reason.map(|name| known(UndecidedReason::parse(&name), "reason", &name)).transpose()?;
        Ok(Self {
            reason,
            lead: form.lead.map(Points::from_tenths),
            needed: form.needed.map(Points::from_tenths),
            next_off: form.next_off,
        })
    }
}

impl From<Offset> for OffsetForm {
    fn from(Offset { millis, usual }: Offset) -> Self {
        Self { ms: millis, usual }
    }
}

impl From<OffsetForm> for Offset {
    fn from(OffsetForm { ms, usual }: OffsetForm) -> Self {
        Self { millis: ms, usual }
    }
}
