//! Describes habits in plain words.

use std::collections::BTreeMap;

use super::RecordingHabits;
use super::offset::OffsetHabit;
use crate::decide::calibration::{ENOUGH, WayOfWriting};
use crate::decide::join::{because, range};
use crate::record::join::UndecidedReason;
use crate::words;

impl RecordingHabits {
    /// Returns a label and a plain description for each habit.
    pub fn explained(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![("recordings are", self.way_explained())];
        let shows = |offset: &OffsetHabit, other: WayOfWriting| offset.pairs > 0 || self.writes != other;
        if shows(&self.starts, WayOfWriting::AtEnd) {
            lines.push(("created", offset_explained(&self.starts, "the session began")));
        }
        if shows(&self.ends, WayOfWriting::AtEnd) {
            lines.push(("last written", offset_explained(&self.ends, "the session ended")));
        }
        if shows(&self.uploads, WayOfWriting::Live) {
            lines.push(("uploaded", offset_explained(&self.uploads, "the session ended")));
        }
        lines.extend([
            ("stand alone with one session", self.alone.to_string()),
            ("session is not in the log", self.unlogged.to_string()),
            ("sessions whose recording is lost", self.lost.to_string()),
            ("name cannot be decided", self.undecided_explained()),
            ("name is wrong, unavoidably", self.unavoidable_explained()),
        ]);
        if self.names.pending_total() > 0 {
            lines.push(("name is not decided yet", by_reason(&self.names.pending)));
        }
        lines
    }

    fn way_explained(&self) -> String {
        let way = match self.writes {
            WayOfWriting::Unknown => return too_few(self.recordings, "recordings"),
            WayOfWriting::Live => "written live, while the session goes on",
            WayOfWriting::AtEnd => "uploaded after the session",
            WayOfWriting::Both => "written in both ways: some live, some uploaded after the session",
        };
        match self.wrote_before {
            before if before == self.writes => way.to_owned(),
            WayOfWriting::Unknown => way.to_owned(),
            WayOfWriting::Live => format!("{way}; before that live"),
            WayOfWriting::AtEnd => format!("{way}; before that uploaded"),
            WayOfWriting::Both => format!("{way}; before that in both ways"),
        }
    }

    fn unavoidable_explained(&self) -> String {
        match self.unavoidable {
            None => too_few(self.unlogged.of.min(self.lost.of), "recordings and sessions that stand alone"),
            Some(0) => "fewer than 1 of 1,000,000 recordings are expected to be".to_owned(),
            Some(million) => format!("about 1 of {} recordings is expected to be", (1_000_000 / million).max(1)),
        }
    }

    fn undecided_explained(&self) -> String {
        let share = self.names.undecided_share();
        if self.names.undecided.is_empty() {
            return share.to_string();
        }
        format!("{share}: {}", by_reason(&self.names.undecided))
    }
}

fn offset_explained(offset: &OffsetHabit, what: &str) -> String {
    let Some(usual) = offset.usual else {
        return too_few(offset.pairs, "recordings that stand alone");
    };
    let from = words::count(offset.pairs.into(), "recording");
    let moved = offset.moved().map(|(before, _)| format!("; before that about {}", range((before, before))));
    format!("{} {what}, from {from} that stand alone{}", range(usual), moved.unwrap_or_default())
}

fn too_few(seen: u32, what: &str) -> String {
    format!("not known yet: not enough {what}, {seen} of {ENOUGH}")
}

/// Lists reasons with their counts, most frequent first.
fn by_reason(counts: &BTreeMap<UndecidedReason, u32>) -> String {
    let mut counts: Vec<(&UndecidedReason, &u32)> = counts.iter().collect();
    counts.sort_by_key(|(reason, count)| (std::cmp::Reverse(**count), **reason));
    let lines = counts.into_iter().map(|(reason, count)| format!("{count} because {}", because(*reason)));
    lines.collect::<Vec<_>>().join("; ")
}
