//! Public form of the calibration: how bastions write recordings.

use std::collections::BTreeMap;

use domain::decide::calibration::{ENOUGH, WayOfWriting};
use domain::decide::habits::{OffsetHabit, Share};
use domain::record::join::UndecidedReason;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::calibration::BastionHabits;

/// Calibration of all bastions.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BastionsView<'a> {
    /// Bastions, as configured.
    pub items: Vec<BastionView<'a>>,
}

/// Calibration of a bastion, learned from its last 14 days.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BastionView<'a> {
    /// Bastion name, as configured.
    pub bastion: &'a str,
    /// Oldest day with data; null if there is no data.
    pub learned_since: Option<Date>,
    /// Ended recordings of these days.
    pub recordings: u32,
    /// Number of recordings or pairs required for each learned number.
    pub needed: u32,
    /// Writing of the newest recordings: `live`, `at_end` (uploaded after the session), or `changing` (both).
    /// `null` if too few are known.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["live", "at_end", "changing", null])))]
    pub writes: Option<&'static str>,
    /// Writing of the recordings before those, as in `writes`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["live", "at_end", "changing", null])))]
    pub wrote_before: Option<&'static str>,
    /// Creation minus start of the session, for recordings written live.
    pub start: UsualOffsetView,
    /// Last write minus end of the session, for recordings written live.
    pub end: UsualOffsetView,
    /// Creation minus end of the session, for uploaded recordings.
    pub upload: UsualOffsetView,
    /// Recordings that stand alone with one session, out of all ended ones.
    pub alone: ShareView,
    /// Recordings whose session is missing in the log, out of those that stand alone.
    pub unlogged: ShareView,
    /// Sessions whose recording is lost, out of those that stand alone.
    pub lost: ShareView,
    /// Expected share of recordings with a wrong name that no matching can avoid: their session is missing in the log,
    /// which has a session of another person at the same times whose recording is lost. Null if too few are known.
    pub unavoidable: Option<f64>,
    /// Counts of recordings with a name, and reasons for the others.
    pub names: NamesView,
    /// The same in words.
    pub explained: Vec<ExplainedView>,
}

/// Usual difference between two times.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UsualOffsetView {
    /// Lower usual offset in seconds; null if too few pairs are known.
    pub low: Option<i16>,
    /// Upper usual offset in seconds; null if too few pairs are known.
    pub high: Option<i16>,
    /// Number of pairs of a recording and a session that stand alone, from which the offset was learned.
    pub pairs: u32,
    /// Median in seconds; null if too few pairs are known.
    pub median: Option<i16>,
    /// Median of the days before, in seconds; null if too few pairs are known.
    pub median_before: Option<i16>,
}

/// Share of a total.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShareView {
    /// From 0 to 1; null if too few are known.
    pub share: Option<f64>,
    /// Numerator.
    pub count: u32,
    /// Denominator.
    pub of: u32,
}

/// Counts of recordings with a name, and reasons for the others. A sweep updates them hourly.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NamesView {
    /// Time at which the newest day was counted; null if none was.
    pub as_of: Option<Timestamp>,
    /// Recordings with a certain session.
    pub matched: u32,
    /// Recordings that fit no session of the log.
    pub unmatched: u32,
    /// Undecided recordings, out of all except pending ones.
    pub undecided: ShareView,
    /// Undecided recordings by reason, as in `undecided.reason` of a recording.
    pub undecided_by_reason: BTreeMap<&'static str, u32>,
    /// Recordings that further records may still decide, by reason.
    pub pending_by_reason: BTreeMap<&'static str, u32>,
}

/// One learned fact in words.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainedView {
    /// Subject of the fact.
    pub about: &'static str,
    /// Text of the fact.
    pub known: String,
}

impl<'a> BastionsView<'a> {
    /// Returns the public form of the bastions' calibration.
    pub fn from_habits(all: &'a [BastionHabits]) -> Self {
        Self { items: all.iter().map(BastionView::from_habits).collect() }
    }
}

impl<'a> BastionView<'a> {
    fn from_habits(one: &'a BastionHabits) -> Self {
        let habits = &one.habits;
        let way = |way: WayOfWriting| (way != WayOfWriting::Unknown).then(|| way.name());
        let explained = habits.explained().into_iter().map(|(about, known)| ExplainedView { about, known });
        Self {
            bastion: one.bastion.as_str(),
            learned_since: one.since,
            recordings: habits.recordings,
            needed: ENOUGH,
            writes: way(habits.writes),
            wrote_before: way(habits.wrote_before),
            start: UsualOffsetView::from_habit(&habits.starts),
            end: UsualOffsetView::from_habit(&habits.ends),
            upload: UsualOffsetView::from_habit(&habits.uploads),
            alone: ShareView::from_share(habits.alone),
            unlogged: ShareView::from_share(habits.unlogged),
            lost: ShareView::from_share(habits.lost),
            unavoidable: habits.unavoidable.map(|million| f64::from(million) / 1e6),
            names: NamesView::from_habits(one),
            explained: explained.collect(),
        }
    }
}

impl UsualOffsetView {
    fn from_habit(offset: &OffsetHabit) -> Self {
        let OffsetHabit { pairs, usual, median, median_before } = *offset;
        Self { low: usual.map(|usual| usual.0), high: usual.map(|usual| usual.1), pairs, median, median_before }
    }
}

impl ShareView {
    fn from_share(share: Share) -> Self {
        Self { share: share.known(), count: share.count, of: share.of }
    }
}

impl NamesView {
    fn from_habits(one: &BastionHabits) -> Self {
        let names = &one.habits.names;
        let by_reason = |counts: &BTreeMap<UndecidedReason, u32>| {
            counts.iter().map(|(reason, count)| (reason.name(), *count)).collect()
        };
        Self {
            as_of: one.counted_at,
            matched: names.matched,
            unmatched: names.unmatched,
            undecided: ShareView::from_share(names.undecided_share()),
            undecided_by_reason: by_reason(&names.undecided),
            pending_by_reason: by_reason(&names.pending),
        }
    }
}
