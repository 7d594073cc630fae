//! Explains in plain words what supports a session, and why no session is certain.
//!
//! The sentences contain numbers and words of this program only, no text from a log or a blob name.

use crate::record::join::{MatchGrounds, MatchReasoning, Offset, Points, UndecidedReason, WritingMode};
use crate::words;

/// Minimum number of recordings that stand alone for the usual offsets to count as known.
const KNOWN_FROM: u32 = 5;
/// Durations of at least this many seconds are shown in their two largest units.
const LONG_SECONDS: u64 = 600;

/// Explains what supports the session of a recording, and by how much. `grounds` and `reasoning` are those of the match.
pub fn match_explained(grounds: &MatchGrounds, reasoning: &MatchReasoning) -> String {
    let next = match reasoning.next_off {
        Some(off) => format!("the next candidate is {} off", apart(off.unsigned_abs())),
        None => "there is no other candidate".to_owned(),
    };
    let lead = format!("lead {}{}", grounds.points.floor(), of_needed(grounds.needed));
    join(offsets(grounds).into_iter().chain([next, lead]))
}

/// Explains what supports a candidate session.
pub fn candidate_explained(grounds: &MatchGrounds) -> String {
    let points = grounds.points.floor();
    let ahead = match points {
        0.. => format!("{points} points ahead of no session in the log"),
        _ => format!("{} points behind no session in the log", points.unsigned_abs()),
    };
    join(offsets(grounds).into_iter().chain([ahead]))
}

/// Explains why no session is certain. Returns `None` if one is certain, or if none fits.
pub fn undecided_explained(reasoning: &MatchReasoning) -> Option<String> {
    let reason = because(reasoning.reason?).to_owned();
    let lead = reasoning.lead.map(|lead| match reasoning.needed {
        None => format!("lead {}", lead.floor()),
        needed => format!("lead {}{}", lead.floor(), of_needed(needed)),
    });
    Some(join([reason].into_iter().chain(lead)))
}

/// Returns the words for a reason.
pub(crate) fn because(reason: UndecidedReason) -> &'static str {
    match reason {
        UndecidedReason::NotEnded => "the recording may be unfinished",
        UndecidedReason::NotJudged => "the recording has not been compared with the audit log",
        UndecidedReason::NoLog => "no part of the bastion's audit log has been read",
        UndecidedReason::NotRead => "the audit log has not been read far enough beyond the recording's end",
        UndecidedReason::NotAllRead => "the search for competing recordings and sessions was incomplete",
        UndecidedReason::RivalSession => "another session is nearly as likely",
        UndecidedReason::RivalRecording => "another recording is nearly as likely to be of the same session",
        UndecidedReason::OddTimes => "both times of the likeliest session are unusual that day, so no lead is enough",
        UndecidedReason::OddTime => "a time of the likeliest session is unusual that day",
        UndecidedReason::NoEnd => "the audit log lacks the end of the likeliest session",
        UndecidedReason::NoStart => "the audit log lacks the start of the likeliest session",
        UndecidedReason::NativeClient => {
            "the likeliest session was made with a client whose sessions are seldom recorded"
        }
        UndecidedReason::OpenSession => "a session whose end the audit log lacks may have ended at that time",
        UndecidedReason::ClockOff => {
            "the clocks of storage and of the audit log may be far apart, because recordings fit other sessions better then"
        }
        UndecidedReason::Unlogged => "a session that the audit log lacks is nearly as likely",
    }
}

fn of_needed(needed: Option<Points>) -> String {
    needed.map(|needed| format!(", needed {}", needed.floor())).unwrap_or_default()
}

/// Describes the offsets of a pair, with the usual ones.
fn offsets(grounds: &MatchGrounds) -> Vec<String> {
    let MatchGrounds { start, end, written, learned_from, .. } = *grounds;
    let is_known = learned_from >= KNOWN_FROM;
    let mut usual = Usual { learned_from: is_known.then_some(learned_from), is_explained: false };
    let mut sentences = match (written, start, end) {
        (WritingMode::AtEnd, _, Some(end)) => {
            vec![format!("uploaded {}{}", beside(end, "the session ended"), usual.describe(end))]
        }
        (WritingMode::AtEnd, _, None) => vec!["uploaded; the audit log lacks the session's end".to_owned()],
        (WritingMode::Live, Some(start), Some(end)) => vec![
            format!("created {}{}", beside(start, "the session began"), usual.describe(start)),
            format!("last written {}{}", beside(end, "it ended"), usual.describe(end)),
        ],
        (WritingMode::Live, Some(start), None) => vec![
            format!("created {}{}", beside(start, "the session began"), usual.describe(start)),
            "the audit log does not say when it ended".to_owned(),
        ],
        (WritingMode::Live, None, Some(end)) => vec![
            "the audit log does not say when the session began".to_owned(),
            format!("last written {}{}", beside(end, "it ended"), usual.describe(end)),
        ],
        (WritingMode::Live, None, None) => vec!["the audit log has no time of the session".to_owned()],
    };
    if !is_known && (start.is_some() || end.is_some()) {
        sentences.push("usual times are not known yet: too few recordings stand alone".to_owned());
    }
    sentences
}

/// Describes the usual offsets: with the first offset, and with each unusual one.
struct Usual {
    /// `None` if too few recordings taught them.
    learned_from: Option<u32>,
    is_explained: bool,
}

impl Usual {
    fn describe(&mut self, offset: Offset) -> String {
        let Some(learned_from) = self.learned_from else { return String::new() };
        let is_first = !std::mem::replace(&mut self.is_explained, true);
        let source = match is_first {
            true => format!(", from {} that stand alone", words::count(learned_from.into(), "recording")),
            false => String::new(),
        };
        match (offset.is_usual(), is_first) {
            (true, true) => format!(" (usual that day: {}{source})", range(offset.usual)),
            (true, false) => String::new(),
            (false, _) => format!(" (unusual: that day it is {}{source})", range(offset.usual)),
        }
    }
}

/// Formats an offset: `9 s after the session began`.
fn beside(offset: Offset, what: &str) -> String {
    match offset.seconds() {
        0 => format!("in the second in which {what}"),
        seconds if seconds < 0 => format!("{} before {what}", duration(seconds.unsigned_abs())),
        seconds => format!("{} after {what}", duration(seconds.unsigned_abs())),
    }
}

/// Formats a range of offsets: `1 s before to 23 s after`.
pub(crate) fn range((first, last): (i16, i16)) -> String {
    let [from, to] = [first, last].map(|seconds| duration(seconds.unsigned_abs().into()));
    match (first < 0, last < 0) {
        (true, false) => format!("{from} before to {to} after"),
        (true, true) if first == last => format!("{from} before"),
        (true, true) => format!("{from} to {to} before"),
        _ if first == last => format!("{from} after"),
        _ => format!("{from} to {to} after"),
    }
}

fn apart(millis: u64) -> String {
    duration(millis.saturating_add(500) / 1000)
}

fn duration(seconds: u64) -> String {
    if seconds < LONG_SECONDS {
        format!("{seconds} s")
    } else {
        words::duration(seconds.saturating_mul(1000))
    }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: MatchGrounds = MatchGrounds {
        points: Points::from_tenths(618),
        needed: Some(Points::whole(40)),
        written: WritingMode::Live,
        start: Some(Offset { millis: 9_000, usual: (-1, 23) }),
        end: Some(Offset { millis: 4_000, usual: (-3, 24) }),
        learned_from: 344,
    };

    fn told(grounds: MatchGrounds, next_off: Option<i64>) -> String {
        match_explained(&grounds, &MatchReasoning { next_off, ..MatchReasoning::default() })
    }

    fn offset(millis: i64, first: i16, last: i16) -> Option<Offset> {
        Some(Offset { millis, usual: (first, last) })
    }

    fn lead(reason: UndecidedReason, lead: i32, needed: Option<i32>) -> MatchReasoning {
        let (lead, needed) = (Some(Points::whole(lead)), needed.map(Points::whole));
        MatchReasoning { lead, needed, ..MatchReasoning::of_reason(reason) }
    }

    #[test]
    fn a_match_is_explained_by_times_next_candidate_and_lead() {
        assert_eq!(
            told(USUAL, Some(-148_000)),
            "created 9 s after the session began (usual that day: 1 s before to 23 s after, from 344 recordings that \
             stand alone); last written 4 s after it ended; the next candidate is 148 s off; lead 61, needed 40"
        );
    }

    #[test]
    fn an_uploaded_recording_is_explained_by_its_upload_time() {
        let end = offset(64_000, 30, 150);
        assert_eq!(
            told(MatchGrounds { written: WritingMode::AtEnd, start: None, end, ..USUAL }, None),
            "uploaded 64 s after the session ended (usual that day: 30 s to 150 s after, from 344 recordings that stand \
             alone); there is no other candidate; lead 61, needed 40"
        );
    }

    #[test]
    fn an_unusual_time_is_explained_beside_the_usual_range() {
        let end = offset(148_400, -3, 24);
        assert_eq!(
            told(MatchGrounds { end, ..USUAL }, None),
            "created 9 s after the session began (usual that day: 1 s before to 23 s after, from 344 recordings that \
             stand alone); last written 148 s after it ended (unusual: that day it is 3 s before to 24 s after); there \
             is no other candidate; lead 61, needed 40"
        );
        let start = offset(-290_000, -1, 23);
        let both = candidate_explained(&MatchGrounds { start, end, needed: None, ..USUAL });
        assert_eq!(
            both,
            "created 290 s before the session began (unusual: that day it is 1 s before to 23 s after, from 344 \
             recordings that stand alone); last written 148 s after it ended (unusual: that day it is 3 s before to 24 \
             s after); 61 points ahead of no session in the log"
        );
    }

    #[test]
    fn a_time_missing_from_the_log_is_explained() {
        let no_end = candidate_explained(&MatchGrounds { end: None, points: Points::from_tenths(-25), ..USUAL });
        assert_eq!(
            no_end,
            "created 9 s after the session began (usual that day: 1 s before to 23 s after, from 344 recordings that \
             stand alone); the audit log does not say when it ended; 3 points behind no session in the log"
        );
        let no_start = candidate_explained(&MatchGrounds { start: None, ..USUAL });
        assert_eq!(
            no_start,
            "the audit log does not say when the session began; last written 4 s after it ended (usual that day: 3 s \
             before to 24 s after, from 344 recordings that stand alone); 61 points ahead of no session in the log"
        );
    }

    #[test]
    fn without_enough_lone_recordings_no_offset_is_usual() {
        let end = offset(200_000, -120, 120);
        assert_eq!(
            told(MatchGrounds { learned_from: 4, end, ..USUAL }, None),
            "created 9 s after the session began; last written 200 s after it ended; usual times are not known yet: \
             too few recordings stand alone; there is no other candidate; lead 61, needed 40"
        );
        assert!(told(MatchGrounds { learned_from: 5, ..USUAL }, None).contains("from 5 recordings that stand alone"));
    }

    #[test]
    fn an_undecided_recording_is_explained_by_its_reason_and_lead() {
        let sentences = |reasoning| undecided_explained(&reasoning).unwrap();
        assert_eq!(
            sentences(lead(UndecidedReason::RivalSession, 12, Some(40))),
            "another session is nearly as likely; lead 12, needed 40"
        );
        assert_eq!(
            sentences(lead(UndecidedReason::OddTimes, 55, None)),
            "both times of the likeliest session are unusual that day, so no lead is enough; lead 55"
        );
        assert_eq!(
            sentences(MatchReasoning::of_reason(UndecidedReason::NotRead)),
            "the audit log has not been read far enough beyond the recording's end"
        );
        assert_eq!(undecided_explained(&MatchReasoning::default()), None);
    }

    #[test]
    fn every_reason_has_a_name_and_words_of_its_own() {
        let words: std::collections::BTreeSet<&str> = UndecidedReason::ALL.into_iter().map(because).collect();
        assert_eq!(words.len(), UndecidedReason::ALL.len());
        for reason in UndecidedReason::ALL {
            assert_eq!(UndecidedReason::parse(reason.name()), Some(reason));
        }
    }

    #[test]
    fn ranges_and_offsets_read_well_on_either_side_of_zero() {
        let ranges = [(-1, 23), (0, 5), (-9, -2), (-9, -9), (4, 4), (0, 0), (30, 900)].map(range);
        assert_eq!(
            ranges,
            [
                "1 s before to 23 s after",
                "0 s to 5 s after",
                "9 s to 2 s before",
                "9 s before",
                "4 s after",
                "0 s after",
                "30 s to 15 min after",
            ]
        );
        let at = |millis| beside(Offset { millis, usual: (0, 0) }, "it ended");
        assert_eq!(
            [at(499), at(-500), at(-501), at(899_600), at(3_723_000)],
            [
                "in the second in which it ended",
                "in the second in which it ended",
                "1 s before it ended",
                "15 min after it ended",
                "1 h 2 min after it ended",
            ]
        );
    }
}
