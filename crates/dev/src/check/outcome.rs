//! Result of a world.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::record::catalogue::{Entry, RecordingState};
use domain::record::join::Match;
use domain::record::session::{SessionEntry, SessionFacts};
use host_stand_in::CallCounts;
use pipeline::ports::QueueName;

use super::day::DayScript;
use super::receiver::ReceivedNotification;

/// Result of a world.
pub struct WorldOutcome {
    /// Name of the world.
    pub world: &'static str,
    /// Number of kills of its handler.
    pub kills: u64,
    /// Function calls by result.
    pub counted: CallCounts,
    /// All functions of the app.
    pub functions: Vec<String>,
    /// Notifications accepted by the receiver, by id.
    pub accepted: BTreeMap<String, ReceivedNotification>,
    /// Everything that must be equal in all worlds, by name.
    pub found: BTreeMap<String, String>,
    /// Number of catalogue entries.
    pub lives: usize,
    /// Time from the end of the day until no work remained.
    pub rested_after: Duration,
    /// Remaining work after the timeout.
    pub left: Vec<String>,
}

impl WorldOutcome {
    /// Lists the problems of this world alone.
    pub fn problems(&self, script: &DayScript, kills: u64) -> Vec<String> {
        let mut problems = self.left.iter().map(|left| format!("still to be done: {left}")).collect::<Vec<_>>();
        if self.kills != kills {
            problems.push(format!("killed {} times instead of {kills}", self.kills));
        }
        if self.lives != script.lives {
            problems.push(format!("{} lives in the catalogue instead of {}", self.lives, script.lives));
        }
        let well = |function: &String| self.counted.functions.get(function).is_some_and(|ended| ended.well > 0);
        let never = self.functions.iter().filter(|function| !well(function));
        problems.extend(never.map(|function| format!("{function} was never called with success")));
        let poison = BTreeMap::from([(QueueName::RecordingEventsPoison, 1)]);
        if self.counted.given_up != poison {
            problems.push(format!("given up: {:?} instead of the one that the check provokes", self.counted.given_up));
        }
        problems.into_iter().map(|problem| format!("{}: {problem}", self.world)).collect()
    }
}

/// Describes a recording without any time.
pub fn of_entry(entry: &Entry) -> String {
    let is = |is: bool, word: &'static str| if is { word } else { "" };
    let mut history: Vec<String> =
        entry.history.iter().map(|change| without_times(&format!("{:?}", change.what))).collect();
    // A late observation finds the recording settled and final at once, and independent changes occur in any order.
    history.retain(|change| entry.final_at.is_none() || change != "Settled");
    history.sort();
    let retention = entry.custody.retention.as_ref();
    format!(
        "{:?}{}{} {} class={:?} hash={} told={:?} refused={:?} history={history:?}",
        entry.state,
        is(entry.settled_at.is_some(), " settled"),
        is(entry.final_at.is_some(), " final"),
        of_match(&entry.match_state.verdict),
        retention.map(|retention| (&retention.class, &retention.rules)),
        entry.custody.fingerprint.is_some() || entry.state == RecordingState::Deleted,
        entry.announced,
        entry.refusals.iter().map(|refusal| &refusal.reason).collect::<Vec<_>>(),
    )
}

fn of_match(verdict: &Match) -> String {
    let tunnel = |session: &SessionFacts| session.tunnel_id.to_string();
    let sessions: Vec<String> = match verdict {
        Match::Pending => Vec::new(),
        Match::Matched(matched) => vec![tunnel(&matched.session)],
        Match::Ambiguous { candidates, .. } => candidates.iter().map(|one| tunnel(&one.session)).collect(),
        Match::Unmatched { attempt } => attempt.iter().map(|attempt| tunnel(attempt)).collect(),
    };
    format!("{} {sessions:?} person={:?}", verdict.name(), verdict.person())
}

/// Describes a session without any time.
pub fn of_session(entry: &SessionEntry) -> String {
    let gap = entry.gap.as_ref().map(|gap| (gap.cause.clone(), gap.closed_at.is_some()));
    let session = entry.session();
    format!(
        "{:?} {:?} gap={gap:?} told={:?} pending={}",
        session.state,
        session.facts.user_email,
        entry.announced,
        entry.pending.len()
    )
}

/// Replaces every time and date of this century by a placeholder.
pub fn without_times(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("20") {
        let (before, candidate) = rest.split_at(at);
        plain.push_str(before);
        let length = candidate.find(|c: char| !(c.is_ascii_digit() || "-:.TZ".contains(c))).unwrap_or(candidate.len());
        let is_date = length >= 10 && candidate.as_bytes()[4] == b'-' && candidate.as_bytes()[7] == b'-';
        let taken = if is_date { length } else { 2 };
        plain.push_str(if is_date { "(time)" } else { "20" });
        rest = &candidate[taken..];
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_times_and_dates_are_normalised() {
        assert_eq!(
            without_times("at 2026-11-22T05:00:00.25Z in vm-20 until 2027-11-22."),
            "at (time) in vm-20 until (time)"
        );
        assert_eq!(without_times("2020"), "2020");
    }
}
