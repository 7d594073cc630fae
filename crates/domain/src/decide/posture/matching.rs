//! Checks if the bastion's way of writing recordings allows matching them with sessions.

use jiff::SignedDuration;

use super::check::{Check, FactJudgement, good, unknown, warning};
use super::facts::Watched;
use super::question::Question as Q;
use crate::decide::calibration::{ENOUGH, WayOfWriting, seconds};
use crate::decide::habits::{OffsetHabit, RecordingHabits};
use crate::decide::join::range;
use crate::policy::join::{Tolerances, UPLOADED_AFTER, UPLOADED_BEFORE};

/// Denominator of the fraction of a tolerance to be left free by usual offsets: one tenth.
const ROOM: i64 = 10;
/// Offsets lie beyond the tolerances if at least this share of lonely sessions and of lonely recordings has no partner.
const WITHOUT_PARTNER: f64 = 0.5;
/// Largest tolerance in the settings.
const LARGEST: SignedDuration = SignedDuration::from_hours(1);

/// Runs every check of the bastion's way of writing recordings.
pub(super) fn checks(one: &Watched) -> Vec<Check> {
    let name = one.expected.bastion.as_str();
    let ask = |question: Q, judge: &dyn Fn(&RecordingHabits) -> FactJudgement| {
        question.check(name, one.habits.as_ref(), judge)
    };
    vec![
        ask(Q::MatchingAlone, &alone),
        ask(Q::MatchingWay, &|habits| way(habits, name)),
        ask(Q::MatchingOffsets, &|habits| offsets(habits, one.tolerances)),
        ask(Q::MatchingClocks, &clocks),
    ]
}

fn alone(habits: &RecordingHabits) -> FactJudgement {
    let pairs = habits.alone.count;
    if habits.recordings < ENOUGH {
        return too_few(habits.recordings, "recordings");
    }
    if pairs < ENOUGH {
        return warning(
            format!("{pairs} of {} recordings stand alone with one session: too few to learn from", habits.recordings),
            "give each person an account of their own on the machines, and make sure that the audit log has the sessions: archivist gaps; until then broad assumptions apply, and fewer people are named",
        );
    }
    good(format!("{} stand alone with one session", habits.alone))
}

fn way(habits: &RecordingHabits, bastion: &str) -> FactJudgement {
    let in_words = |way| match way {
        WayOfWriting::Unknown => "in an unknown way",
        WayOfWriting::Live => "live",
        WayOfWriting::AtEnd => "after the session",
        WayOfWriting::Both => "in both ways, live and after the session",
    };
    if habits.writes == WayOfWriting::Unknown {
        return too_few(habits.recordings, "recordings");
    }
    let now = in_words(habits.writes);
    if !habits.is_changing() {
        return good(now);
    }
    let fix = format!(
        "no setting needed: each day is learned anew. People on recordings of the days of the change may stay open: archivist recordings list --bastion {bastion} --match ambiguous, then archivist recordings confirm"
    );
    match habits.wrote_before {
        before if before != WayOfWriting::Unknown && before != habits.writes => {
            warning(format!("the way has changed: recordings are written {now}, before that {}", in_words(before)), fix)
        }
        _ => warning(format!("recordings are written {now}"), fix),
    }
}

fn offsets(habits: &RecordingHabits, tolerances: Tolerances) -> FactJudgement {
    let share = |share: crate::decide::habits::Share| share.known().unwrap_or_default();
    if share(habits.unlogged) >= WITHOUT_PARTNER && share(habits.lost) >= WITHOUT_PARTNER {
        return warning(
            format!(
                "most recordings have no session and most sessions no recording ({} and {}): their times may be farther apart than the tolerances",
                habits.unlogged, habits.lost
            ),
            "compare one recording with its session by hand (archivist gaps); if their times are apart, set matching.start_tolerance and matching.end_tolerance to PT1H, else check that bastion and audit log belong together",
        );
    }
    let both = |tolerance: SignedDuration| (-tolerance, tolerance);
    let measured = [
        ("start", &habits.starts, both(tolerances.start)),
        ("end", &habits.ends, both(tolerances.end)),
        ("upload", &habits.uploads, (-UPLOADED_BEFORE, UPLOADED_AFTER)),
    ];
    let mut inside = Vec::new();
    for (what, offset, gate) in measured {
        let Some(usual) = offset.usual else { continue };
        if is_near(usual, gate) {
            return near(what, usual, gate.1);
        }
        inside.push(format!("{what} {}", range(usual)));
    }
    if inside.is_empty() {
        return too_few(most(habits).pairs, "recordings that stand alone");
    }
    good(inside.join("; "))
}

/// Returns true if usual offsets come near either end of a gate.
fn is_near((first, last): (i16, i16), (low, high): (SignedDuration, SignedDuration)) -> bool {
    let room = |gate: SignedDuration| i64::from(seconds(gate)) * (ROOM - 1) / ROOM;
    i64::from(first) <= room(low) || i64::from(last) >= room(high)
}

fn near(what: &str, usual: (i16, i16), tolerance: SignedDuration) -> FactJudgement {
    let seen = format!("the usual offset of the {what} is {}, at the tolerance", range(usual));
    let widest = usual.0.unsigned_abs().max(usual.1.unsigned_abs());
    let minutes = (u32::from(widest) * 2).div_ceil(60).clamp(1, 60);
    let fix = match what {
        "upload" => "no setting helps: later uploads match no session. Find the cause of the delay (network and load of the storage account), and confirm the people: archivist recordings confirm".to_owned(),
        _ if tolerance >= LARGEST => "the tolerance is at its maximum: find out why the bastion writes late".to_owned(),
        _ => format!("set matching.{what}_tolerance to PT{minutes}M in archivist.yaml"),
    };
    warning(seen, fix)
}

fn clocks(habits: &RecordingHabits) -> FactJudgement {
    if let Some(minutes) = habits.shifted {
        return warning(
            format!(
                "recordings fit sessions better that began {} minutes {} in the log than sessions of the same time",
                minutes.unsigned_abs(),
                if minutes > 0 { "earlier" } else { "later" }
            ),
            "until then no person is named there: compare a recording with its session by hand (archivist recordings list --match pending), correct the clock or the time zone of the side that is off, and confirm the people of these days: archivist recordings confirm",
        );
    }
    let measured = [("start", &habits.starts), ("end", &habits.ends), ("upload", &habits.uploads)];
    let moved = measured.into_iter().filter_map(|(what, offset)| {
        let (before, now) = offset.moved()?;
        Some(format!("the usual offset of the {what} was {} and is {}", range((before, before)), range((now, now))))
    });
    let moved: Vec<String> = moved.collect();
    if !moved.is_empty() {
        return warning(
            moved.join("; "),
            "no setting needed: each day is learned anew. If it continues, the clocks of storage and of the audit log drift apart; raise matching.start_tolerance and matching.end_tolerance before they are reached, and ask Azure support",
        );
    }
    let is_compared = |offset: &OffsetHabit| offset.median.is_some() && offset.median_before.is_some();
    if measured.iter().any(|(_, offset)| is_compared(offset)) {
        return good("they have not moved");
    }
    match most(habits) {
        offset if offset.median.is_some() => unknown("no earlier days to compare with yet"),
        offset => too_few(offset.pairs, "recordings that stand alone"),
    }
}

/// Returns the offset with the most pairs.
fn most(habits: &RecordingHabits) -> &OffsetHabit {
    if habits.uploads.pairs > habits.starts.pairs {
        &habits.uploads
    } else {
        &habits.starts
    }
}

fn too_few(seen: u32, what: &str) -> FactJudgement {
    unknown(format!("there are not enough {what} yet: {seen} of {ENOUGH}"))
}
