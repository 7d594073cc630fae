//! How bastions write recordings, as everybody outside sees it.

use std::collections::BTreeMap;

use domain::calibration::{ENOUGH, OffsetHabit, Share, WayOfWriting};
use domain::join::Reason;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::calibration::BastionHabits;

/// How each bastion writes recordings.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BastionsView<'a> {
    /// The bastions, as configured.
    pub items: Vec<BastionView<'a>>,
}

/// How a bastion writes recordings, learned from its last 14 days.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BastionView<'a> {
    /// The bastion, as configured.
    pub bastion: &'a str,
    /// The oldest day that has taught anything; null where none has.
    pub learned_since: Option<Date>,
    /// Recordings of these days that have ended.
    pub recordings: u32,
    /// How many recordings or pairs it takes until a number is known.
    pub needed: u32,
    /// How the newest recordings are written: `live`, `at_end` (uploaded when the session is over), or `changing` (in both
    /// ways). `null` while too few are known.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["live", "at_end", "changing", null])))]
    pub writes: Option<&'static str>,
    /// How the recordings before those were written, as `writes`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["live", "at_end", "changing", null])))]
    pub wrote_before: Option<&'static str>,
    /// Creation minus start of the session, of recordings that are written live.
    pub start: UsualOffsetView,
    /// Last write minus end of the session, of recordings that are written live.
    pub end: UsualOffsetView,
    /// Creation minus end of the session, of recordings that are uploaded.
    pub upload: UsualOffsetView,
    /// Recordings that stand alone with one session, of all that have ended.
    pub alone: ShareView,
    /// Recordings whose session the log lacks, of those that stand alone.
    pub unlogged: ShareView,
    /// Sessions whose recording is lost, of those that stand alone.
    pub lost: ShareView,
    /// The share of recordings that must be expected to have a wrong name, whatever is done: the log lacks their session,
    /// and has one of another person at the same times whose recording is lost. Null while too few are known.
    pub unavoidable: Option<f64>,
    /// How many recordings have a name, and why others have none.
    pub names: NamesView,
    /// The same in words.
    pub explained: Vec<ExplainedView>,
}

/// How far two times are usually apart.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UsualOffsetView {
    /// The first usual offset in seconds; null while too few pairs are known.
    pub low: Option<i16>,
    /// The last usual offset in seconds; null while too few pairs are known.
    pub high: Option<i16>,
    /// From how many pairs of a recording and a session that stand alone it was learned.
    pub pairs: u32,
    /// The median in seconds; null while too few pairs are known.
    pub median: Option<i16>,
    /// The median of the days before in seconds; null while too few pairs are known.
    pub median_before: Option<i16>,
}

/// A share.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShareView {
    /// From 0 to 1; null while too few are known.
    pub share: Option<f64>,
    /// How many of them.
    pub count: u32,
    /// Of how many.
    pub of: u32,
}

/// How many recordings have a name, and why others have none. A sweep counts once an hour.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NamesView {
    /// When the newest day was counted; null where none was.
    pub as_of: Option<Timestamp>,
    /// Recordings whose session is certain.
    pub matched: u32,
    /// Recordings that no session of the log fits.
    pub unmatched: u32,
    /// Recordings that cannot be decided, of all that are not pending.
    pub undecided: ShareView,
    /// Recordings that cannot be decided, by reason, as in `undecided.reason` of a recording.
    pub undecided_by_reason: BTreeMap<&'static str, u32>,
    /// Recordings that further records may still decide, by reason.
    pub pending_by_reason: BTreeMap<&'static str, u32>,
}

/// One thing that is known, in words.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainedView {
    /// What it is about.
    pub about: &'static str,
    /// What is known of it.
    pub known: String,
}

impl<'a> BastionsView<'a> {
    /// The public form of what was read.
    pub fn of(all: &'a [BastionHabits]) -> Self {
        Self { items: all.iter().map(BastionView::of).collect() }
    }
}

impl<'a> BastionView<'a> {
    fn of(one: &'a BastionHabits) -> Self {
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
            start: UsualOffsetView::of(&habits.starts),
            end: UsualOffsetView::of(&habits.ends),
            upload: UsualOffsetView::of(&habits.uploads),
            alone: ShareView::of(habits.alone),
            unlogged: ShareView::of(habits.unlogged),
            lost: ShareView::of(habits.lost),
            unavoidable: habits.unavoidable.map(|million| f64::from(million) / 1e6),
            names: NamesView::of(one),
            explained: explained.collect(),
        }
    }
}

impl UsualOffsetView {
    fn of(offset: &OffsetHabit) -> Self {
        let OffsetHabit { pairs, usual, median, median_before } = *offset;
        Self { low: usual.map(|usual| usual.0), high: usual.map(|usual| usual.1), pairs, median, median_before }
    }
}

impl ShareView {
    fn of(share: Share) -> Self {
        Self { share: share.known(), count: share.count, of: share.of }
    }
}

impl NamesView {
    fn of(one: &BastionHabits) -> Self {
        let names = &one.habits.names;
        let by_reason =
            |counts: &BTreeMap<Reason, u32>| counts.iter().map(|(reason, count)| (reason.name(), *count)).collect();
        Self {
            as_of: one.counted_at,
            matched: names.matched,
            unmatched: names.unmatched,
            undecided: ShareView::of(names.undecided_share()),
            undecided_by_reason: by_reason(&names.undecided),
            pending_by_reason: by_reason(&names.pending),
        }
    }
}
