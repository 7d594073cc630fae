//! Finds the sessions that a recording could show, given the limits of all delays.

use std::collections::BTreeMap;

use super::build::{Equipment, Trace};
use super::estate::WorldEstate;
use super::plan::{HOUR, SECOND};
use super::recorder::{Delays, LATE_WRITE, RecordedTimes, UPLOAD};
use super::truth::WrittenAs;
use super::world::Millis;

/// Longest session of any world.
const LONGEST: Millis = 21 * HOUR;

/// Storage times have whole seconds.
const ROUNDING: Millis = SECOND;

/// Finds the rivals of a recording's own session.
pub(crate) struct WorldRivals<'a> {
    estate: &'a WorldEstate,
    equipment: &'a [Equipment],
    traces: &'a [Trace],
    keys: Vec<(usize, String)>,
    lists: BTreeMap<(usize, String), Lists>,
}

/// Logged sessions with one key, by their true times. Sessions that lack the other time have separate lists.
#[derive(Default)]
struct Lists {
    begins: Sorted,
    ends: Sorted,
    only_begins: Sorted,
    only_ends: Sorted,
}

#[derive(Default)]
struct Sorted(Vec<(Millis, usize)>);

impl Sorted {
    fn range(&self, from: Millis, to: Millis) -> impl Iterator<Item = usize> + '_ {
        let start = self.0.partition_point(|(at, _)| *at < from);
        self.0[start..].iter().take_while(move |(at, _)| *at <= to).map(|(_, index)| *index)
    }
}

impl<'a> WorldRivals<'a> {
    pub(crate) fn new(estate: &'a WorldEstate, equipment: &'a [Equipment], traces: &'a [Trace]) -> Self {
        let keys: Vec<_> = estate
            .places
            .iter()
            .map(|place| (estate.bastions[place.bastion].container, alike(&place.spelling.base)))
            .collect();
        let mut lists: BTreeMap<_, Lists> = BTreeMap::new();
        for (index, trace) in traces.iter().enumerate() {
            if trace.is_logged() && !trace.connection.is_native {
                lists.entry(keys[trace.connection.place].clone()).or_default().add(index, trace);
            }
        }
        lists.values_mut().for_each(Lists::sort);
        Self { estate, equipment, traces, keys, lists }
    }

    /// Returns the logged sessions, other than its own, that the recording of a trace could show.
    pub(crate) fn of_trace(&self, index: usize) -> Vec<usize> {
        let trace = &self.traces[index];
        let (Some(written), Some(lists)) = (trace.written, self.lists.get(&self.keys[trace.connection.place])) else {
            return Vec::new();
        };
        let most = self.equipment.iter().map(|one| one.recorder.delays().begin.1).max().unwrap_or(0) * 2 + ROUNDING;
        let (created, last, late) = (written.created, written.last_write, self.late());
        let (by_time, by_other_time) = match written.way {
            WrittenAs::Live => {
                (lists.begins.range(created - most, created), lists.only_ends.range(last - most - late, last + most))
            }
            WrittenAs::Uploaded => (
                lists.ends.range(created - UPLOAD.1 - ROUNDING - late, created),
                lists.only_begins.range(created - LONGEST - UPLOAD.1 - late, created),
            ),
        };
        by_time.chain(by_other_time).filter(|rival| *rival != index && self.fits(written, *rival)).collect()
    }

    /// Returns the maximum extra delay of a write; 0 if no recorder has late writes.
    fn late(&self) -> Millis {
        if self.equipment.iter().any(|one| one.recorder.is_ever_late()) {
            LATE_WRITE.1
        } else {
            0
        }
    }

    fn fits(&self, written: RecordedTimes, rival: usize) -> bool {
        let trace = &self.traces[rival];
        let bastion = self.estate.places[trace.connection.place].bastion;
        match written.way {
            WrittenAs::Live => self.fits_live(written, trace, self.equipment[bastion].recorder.delays()),
            WrittenAs::Uploaded => self.fits_upload(written, trace),
        }
    }

    fn fits_live(&self, written: RecordedTimes, rival: &Trace, delays: Delays) -> bool {
        let (begin, end) = (rival.connection.begin, rival.connection.end);
        let (created, last) = (written.created, written.last_write);
        let after_begin = delays.begin.0 - ROUNDING..=delays.begin.1 + ROUNDING;
        let begin_fits = match rival.logged.begin {
            Some(_) => after_begin.contains(&(created - begin)),
            None => created <= end + delays.begin.1 + ROUNDING,
        };
        let latest = created.max(end + delays.end.1) + ROUNDING + self.late();
        begin_fits && (rival.logged.end.is_none() || (end + delays.end.0 - ROUNDING..=latest).contains(&last))
    }

    fn fits_upload(&self, written: RecordedTimes, rival: &Trace) -> bool {
        let (begin, end) = (rival.connection.begin, rival.connection.end);
        match rival.logged.end {
            Some(_) => {
                let after_end = UPLOAD.0 - ROUNDING..=UPLOAD.1 + ROUNDING + self.late();
                after_end.contains(&(written.created - end))
            }
            None => begin + UPLOAD.0 - ROUNDING <= written.created,
        }
    }
}

impl Lists {
    fn add(&mut self, index: usize, trace: &Trace) {
        let (begin, end) = (trace.connection.begin, trace.connection.end);
        match (trace.logged.begin, trace.logged.end) {
            (Some(_), Some(_)) => {
                self.begins.0.push((begin, index));
                self.ends.0.push((end, index));
            }
            (Some(_), None) => {
                self.begins.0.push((begin, index));
                self.only_begins.0.push((begin, index));
            }
            (None, _) => {
                self.ends.0.push((end, index));
                self.only_ends.0.push((end, index));
            }
        }
    }

    fn sort(&mut self) {
        for list in [&mut self.begins, &mut self.ends, &mut self.only_begins, &mut self.only_ends] {
            list.0.sort_unstable();
        }
    }
}

/// Normalizes names that are indistinguishable: ignores case and a trailing number.
fn alike(base: &str) -> String {
    let base = base.to_lowercase();
    match base.rsplit_once('.') {
        Some((front, digits)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => front.to_owned(),
        _ => base,
    }
}
