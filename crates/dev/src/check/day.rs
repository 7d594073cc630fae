//! Part of the sample day whose result does not depend on the speed of processing.
//!
//! Contains all hand-written sessions and one recording of each other name: two sessions of one name are hours apart
//! on the full day but only seconds here, too close to distinguish their recordings.

use std::collections::{BTreeMap, BTreeSet};

use domain::address::{AddressError, BlobName};
use host_stand_in::sample::{ChangeKind, LoggedRecords, RecordingChange, SampleConnectionKind, SampleDay, SampleVisit};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::day::SHORTENED;

/// Actions of the bastion and its owners, by time.
pub struct DayScript {
    /// All scenes, with the time since the start of the day.
    pub scenes: Vec<(SignedDuration, DayAction)>,
    /// Number of catalogue entries at the end; a name reused after a deletion has several.
    pub lives: usize,
}

/// Single action.
pub enum DayAction {
    /// A recording is written or deleted.
    Recording(RecordingChange),
    /// Lines are appended to an audit log. Their times have the same offsets from the start of the day as in the full
    /// day.
    Lines(BlobName, Vec<Value>),
}

/// Maximum length of a session: on the shortened day, the recording of a longer one would settle before the session
/// ends.
const LONGEST: SignedDuration = SignedDuration::from_mins(60);

/// Prefix of the machines of hand-written sessions.
const STAGED: &str = "vm-pay";

impl DayScript {
    /// Selects recordings of the day, including the hand-written ones.
    pub fn new(recordings: usize) -> Result<Self, AddressError> {
        let day = SampleDay::new()?;
        let visits = chosen(&day, recordings);
        let names: BTreeSet<&BlobName> = visits.iter().filter_map(|visit| visit.recording.as_ref()).collect();
        let lives = visits.iter().filter(|visit| visit.recording.is_some()).count();
        let actions = day.actions().iter().filter(|action| names.contains(&action.name));
        let mut scenes: Vec<_> = actions
            .map(|action| (action.at.duration_since(day.start()), DayAction::Recording(action.clone())))
            .collect();
        let tunnels: BTreeSet<&str> = visits.iter().map(|visit| visit.tunnel_id.as_str()).collect();
        for addition in day.additions() {
            let lines = addition.text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            let of_chosen =
                |line: &Value| line["properties"]["tunnelId"].as_str().is_some_and(|id| tunnels.contains(id));
            let lines: Vec<Value> = lines.filter(of_chosen).collect();
            if !lines.is_empty() {
                scenes.push((addition.at.duration_since(day.start()), DayAction::Lines(addition.log.clone(), lines)));
            }
        }
        scenes.sort_by_key(|(at, _)| *at);
        Ok(Self { scenes, lives })
    }
}

fn is_told(visit: &SampleVisit) -> bool {
    visit.told == LoggedRecords::Both && visit.kind == SampleConnectionKind::Browser
}

/// Selects all hand-written visits, then the first of each name until the number is reached.
fn chosen(day: &SampleDay, recordings: usize) -> Vec<&SampleVisit> {
    let special: BTreeSet<&BlobName> = day
        .actions()
        .iter()
        .filter(|it| it.deed == ChangeKind::Delete || !it.event_delay.is_zero())
        .map(|it| &it.name)
        .collect();
    let is_staged = |visit: &SampleVisit| {
        let is_special = visit.recording.as_ref().is_none_or(|name| special.contains(name));
        is_special || visit.machine.starts_with(STAGED) || !visit.is_recorded_whole
    };
    let is_long = |visit: &SampleVisit| visit.ended_at.duration_since(visit.started_at) > LONGEST;
    // Storage turns backslashes into slashes, so such a name would denote another blob.
    let is_other = |visit: &SampleVisit| visit.account.contains('\\');
    let visits = || day.visits().iter().filter(|visit| !is_long(visit) && !is_other(visit));
    let mut chosen: Vec<&SampleVisit> = visits().filter(|visit| is_staged(visit)).collect();
    let mut used: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for visit in &chosen {
        *used.entry((visit.machine, visit.account)).or_default() += 1;
    }
    for visit in visits().filter(|visit| is_told(visit)) {
        let count = chosen.iter().filter(|visit| visit.recording.is_some()).count();
        if count < recordings && !used.contains_key(&(visit.machine, visit.account)) {
            used.insert((visit.machine, visit.account), 1);
            chosen.push(visit);
        }
    }
    chosen.sort_by_key(|visit| visit.started_at);
    chosen
}

/// Moves the times of a line to a shortened day that began at `began`.
pub fn shortened(mut line: Value, began: Timestamp) -> Value {
    let day = SampleDay::new().map(|day| day.start()).unwrap_or_default();
    let moved = |at: &Value| {
        let at: Timestamp = at.as_str()?.parse().ok()?;
        Some((began + at.duration_since(day) / SHORTENED).to_string())
    };
    if let Some(at) = moved(&line["time"]) {
        line["time"] = at.into();
    }
    for name in ["sessionStartTime", "sessionEndTime"] {
        if let Some(at) = moved(&line["properties"][name]) {
            line["properties"][name] = at.into();
        }
    }
    if let Some(duration) = line["properties"]["duration"].as_i64() {
        line["properties"]["duration"] = (duration / i64::from(SHORTENED)).into();
    }
    line
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_script_stages_the_day_with_the_requested_recordings() {
        let script = DayScript::new(40).unwrap();
        assert_eq!(script.lives, 40);
        let deeds = || {
            script.scenes.iter().filter_map(|(_, scene)| match scene {
                DayAction::Recording(action) => Some(action),
                DayAction::Lines(..) => None,
            })
        };
        assert!(deeds().any(|action| action.deed == ChangeKind::Delete));
        assert!(deeds().any(|action| !action.event_delay.is_zero()));
        assert!(script.scenes.iter().any(|(_, scene)| matches!(scene, DayAction::Lines(..))));
    }

    #[test]
    fn a_line_of_a_shortened_day_keeps_its_relative_time() {
        let line = json!({ "time": "2026-03-02T07:00:00Z",
            "properties": { "sessionEndTime": "2026-03-02T06:14:00Z", "duration": 8400, "userName": "u" } });
        let short = shortened(line, Timestamp::UNIX_EPOCH);
        assert_eq!(short["properties"]["sessionEndTime"], "1970-01-01T00:00:01Z");
        assert_eq!((&short["properties"]["duration"], &short["properties"]["userName"]), (&json!(10), &json!("u")));
        assert!(short["time"].as_str().unwrap().starts_with("1970-01-01T00:00:04.28"));
    }
}
