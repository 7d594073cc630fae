//! What a world came to.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::catalogue::{Entry, State};
use domain::join::Match;
use domain::session::{SessionEntry, SessionFacts};
use host_stand_in::Counted;
use pipeline::ports::QueueName;

use super::day::Script;
use super::receiver::Accepted;

/// What a world came to.
pub struct Outcome {
    /// Which world.
    pub world: &'static str,
    /// How often its handler was killed.
    pub kills: u64,
    /// How its calls ended.
    pub counted: Counted,
    /// All functions of the app.
    pub functions: Vec<String>,
    /// What the receiver accepted, by id.
    pub accepted: BTreeMap<String, Accepted>,
    /// Everything that must be the same in every world, by name.
    pub found: BTreeMap<String, String>,
    /// How many lives are in the catalogue.
    pub lives: usize,
    /// How long after the day nothing was left to do.
    pub rested_after: Duration,
    /// What was still to be done when it was no longer waited for.
    pub left: Vec<String>,
}

impl Outcome {
    /// What is wrong with this world by itself.
    pub fn problems(&self, script: &Script, kills: u64) -> Vec<String> {
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
            problems.push(format!("given up: {:?} instead of the one that was made to be", self.counted.given_up));
        }
        problems.into_iter().map(|problem| format!("{}: {problem}", self.world)).collect()
    }
}

/// What became of a recording, without what a clock gives.
pub fn of_entry(entry: &Entry) -> String {
    let is = |is: bool, word: &'static str| if is { word } else { "" };
    let mut history: Vec<String> =
        entry.history.iter().map(|change| without_times(&format!("{:?}", change.what))).collect();
    // Who looks late finds it settled and final at once, and two changes that nothing puts in an order come in any.
    history.retain(|change| entry.final_at.is_none() || change != "Settled");
    history.sort();
    let retention = entry.custody.retention.as_ref();
    format!(
        "{:?}{}{} {} class={:?} hash={} told={:?} refused={:?} history={history:?}",
        entry.state,
        is(entry.settled_at.is_some(), " settled"),
        is(entry.final_at.is_some(), " final"),
        of_match(&entry.joined.verdict),
        retention.map(|retention| (&retention.class, &retention.rules)),
        entry.custody.fingerprint.is_some() || entry.state == State::Deleted,
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

/// What is known of a session, without what a clock gives.
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

/// The text with every time and date of this century made alike.
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
    fn times_and_dates_are_made_alike_and_nothing_else() {
        assert_eq!(
            without_times("at 2026-11-22T05:00:00.25Z in vm-20 until 2027-11-22."),
            "at (time) in vm-20 until (time)"
        );
        assert_eq!(without_times("2020"), "2020");
    }
}
