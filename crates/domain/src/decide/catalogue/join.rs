//! Matches an entry with its session.

use jiff::{SignedDuration, Timestamp};

use super::announce::announce;
use super::confirm::keep_word;
use super::settle::settles_at;
use crate::decide::calibration::WayOfWriting;
use crate::decide::context::{Context, Rules};
use crate::decide::join::{
    Neighbourhood, RecordingEvidence, judge, judge_with_reasoning, match_explained, undecided_explained,
};
use crate::policy::join::MatchingRules;
use crate::record::blob::BlobProperties;
use crate::record::catalogue::{Entry, EntryChangeKind, JudgedTimes, MatchState, NotifiedVerdict, note};
use crate::record::effect::{Effect, EffectId};
use crate::record::join::Match;
use crate::record::notification::{Event, Notification, NotificationFact};

/// Shortest wait before an open question is asked again.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_mins(2);
/// Time within which a pass over the logs has read everything they contain.
const READ_WITHIN: SignedDuration = SignedDuration::from_mins(5);
/// First word of the stored description of an ambiguous verdict.
pub(super) const AMBIGUOUS: &str = "ambiguous";
/// Longest wait before an open question is asked again.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);

impl Entry {
    /// Schedules a new search for the session because something near has changed. Returns false if the recording was
    /// never judged.
    ///
    /// A due entry changes too: a concurrent decision may have read too early, and must fail to save.
    pub fn ask_now(&mut self, now: Timestamp) -> bool {
        let is_judged = self.match_state.judged.is_some();
        if is_judged {
            self.match_state.ask_at = Some(self.match_state.ask_at.map_or(now, |at| at.min(now)));
            self.wake_at = Some(self.wake_at.map_or(now, |at| at.min(now)));
            self.revision += 1;
        }
        is_judged
    }

    /// Returns true if the neighbourhood leads to another verdict than the stored one.
    pub fn is_outdated(&self, near: &Neighbourhood, matching: &MatchingRules) -> bool {
        let recording = self.evidence().filter(|_| self.match_state.judged.is_some());
        recording.is_some_and(|recording| !judge(&recording, near, matching).finds_the_same(self.match_state.found()))
    }

    /// Returns true if the session must be searched now: the recording has ended and was not judged with its present
    /// times, or an open question is due.
    pub fn wants_session(&self, now: Timestamp) -> bool {
        let Some(recording) = self.evidence().filter(|recording| recording.has_ended) else {
            return false;
        };
        self.match_state.judged != Some(JudgedTimes::from_evidence(&recording))
            || self.match_state.ask_at.is_some_and(|at| at <= now)
    }
}

impl MatchState {
    /// Describes the grounds of the match, or the reason why none is certain.
    fn explained(&self) -> Option<String> {
        match (&self.confirmed, &self.verdict) {
            (Some(confirmed), _) => Some(confirmed.explained()),
            (None, Match::Matched(matched)) => Some(match_explained(&matched.grounds, &self.reasoning)),
            (None, _) => undecided_explained(&self.reasoning),
        }
    }
}

impl Rules {
    /// Returns true if a blob with these properties had settled at this time.
    pub fn has_ended(&self, properties: &BlobProperties, at: Timestamp) -> bool {
        properties.size > 0 && settles_at(properties.last_modified, self) <= at
    }
}

impl JudgedTimes {
    fn from_evidence(recording: &RecordingEvidence) -> Self {
        Self { created_at: recording.created_at, last_modified: recording.last_modified }
    }
}

/// Searches the neighbourhood for the session, and queues a rejoin of nearby entries if the verdict changes.
pub(super) fn join(entry: &mut Entry, near: &Neighbourhood, context: &Context<'_>) {
    let Some(recording) = entry.evidence() else { return };
    let was = entry.match_state.clone();
    let (verdict, reasoning) = judge_with_reasoning(&recording, near, &context.rules.matching);
    let verdict = verdict.owned();
    entry.match_state.reasoning = reasoning;
    entry.match_state.is_written_live = near.calibration.writes == WayOfWriting::Live;
    entry.match_state.judged = recording.has_ended.then(|| JudgedTimes::from_evidence(&recording));
    let is_open = verdict == Match::Pending && context.estate.reads_log_of(&entry.bastion);
    entry.match_state.ask_at = is_open.then(|| ask_again(&recording, found_at(entry), near, context));
    let is_same = verdict.finds_the_same(was.found());
    if entry.match_state.confirmed.is_some() {
        keep_word(entry, verdict, near, context);
    } else {
        let person = verdict.person().and_then(|person| context.rules.privacy.in_tags.show(person));
        entry.match_state.tagged_person = person;
        entry.match_state.verdict = verdict;
    }
    if !is_same && entry.match_state.confirmed.is_none() {
        note_change(entry, &was, context.now);
        notify(entry, context);
    }
    let is_news = !is_same || entry.match_state.judged != was.judged;
    if is_news && entry.pending(&EffectId::Rejoin).is_none() {
        entry.pending.push(Effect::Rejoin.pending(context.now));
    }
}

fn found_at(entry: &Entry) -> Option<Timestamp> {
    entry.history.first().map(|change| change.at)
}

/// Returns when an open question is asked again. News wakes the entry, so there is no need to ask before late data
/// stops counting; from then on the log may be read far enough at any time. The wait grows with the age of the
/// question. The question is never older than the entry: if a recording is found late, its log is only just being read.
fn ask_again(
    recording: &RecordingEvidence,
    found_at: Option<Timestamp>,
    near: &Neighbourhood,
    context: &Context<'_>,
) -> Timestamp {
    let (now, ended_at) = (context.now, recording.last_modified);
    let confirmed_at = ended_at.saturating_add(context.rules.matching.confirm_after).unwrap_or(now);
    if near.steps_read > 1 && confirmed_at > now {
        return confirmed_at.saturating_add(READ_WITHIN).unwrap_or(confirmed_at);
    }
    let open_since = found_at.map_or(ended_at, |found_at| found_at.max(ended_at));
    let wait = (now.duration_since(open_since) / 4).clamp(SHORTEST_WAIT, LONGEST_WAIT);
    now.saturating_add(wait).unwrap_or(now)
}

/// Longest wait of an open question.
pub(super) fn longest_question(rules: &Rules) -> SignedDuration {
    rules.matching.confirm_after.saturating_add(READ_WITHIN).max(LONGEST_WAIT)
}

fn note_change(entry: &mut Entry, was: &MatchState, now: Timestamp) {
    let new = describe(&entry.match_state.verdict);
    // The verdict was open for a while and is again the notified one.
    let returned =
        was.verdict == Match::Pending && was.notified.as_ref().is_some_and(|notified| notified.verdict == new);
    let what = match (was.notified.as_ref().filter(|_| !returned), &entry.match_state.verdict) {
        (None, Match::Pending) => return,
        (None, Match::Matched(_)) => EntryChangeKind::Matched(new),
        (None, Match::Ambiguous { .. }) => EntryChangeKind::Ambiguous(new),
        (None, Match::Unmatched { .. }) => EntryChangeKind::Unmatched,
        (Some(notified), _) if notified.verdict == new => return,
        (Some(notified), _) => EntryChangeKind::LateMatch { withdrawn: notified.verdict.clone(), now: new },
    };
    note(&mut entry.history, now, what);
}

/// Queues the notification of a verdict unless it was the last one notified.
fn notify(entry: &mut Entry, context: &Context<'_>) {
    let event = match &entry.match_state.verdict {
        Match::Pending => return,
        Match::Matched(_) => Event::RecordingCatalogued,
        Match::Ambiguous { .. } => Event::RecordingAmbiguous,
        Match::Unmatched { .. } => Event::RecordingUnmatched,
    };
    let verdict = describe(&entry.match_state.verdict);
    let notified = entry.match_state.notified.take();
    let withdrawn = notified.as_ref().map(|notified| notified.verdict.clone());
    if withdrawn.as_ref() != Some(&verdict) {
        let count = notified.as_ref().map_or(0, |notified| notified.count);
        let mut notification = announce(entry, event, &format!("{count} {verdict}"), context.now, context);
        notification
            .facts
            .extend(entry.match_state.explained().map(|evidence| NotificationFact::text("evidence", evidence)));
        notification.facts.extend(withdrawn.as_ref().map(|withdrawn| NotificationFact::text("withdraws", withdrawn)));
        if event != Event::RecordingAmbiguous && withdrawn.is_some_and(|it| it.starts_with(AMBIGUOUS)) {
            let (over, occurrence) = (Event::RecordingAmbiguousResolved, format!("{count} {verdict}"));
            let over = Notification {
                facts: notification.facts.clone(),
                ..announce(entry, over, &occurrence, context.now, context)
            };
            entry.pending.push(Effect::Notify(over).pending(context.now));
        }
        entry.pending.push(Effect::Notify(notification).pending(context.now));
        entry.match_state.notified = Some(NotifiedVerdict { count: count + 1, verdict });
    } else {
        entry.match_state.notified = notified;
    }
}

/// Describes a verdict in one line, without personal data.
pub(super) fn describe(verdict: &Match) -> String {
    match verdict {
        Match::Matched(matched) => format!("matched {}", matched.session.tunnel_id),
        Match::Ambiguous { candidates, .. } => {
            let mut tunnels: Vec<&str> = candidates.iter().map(|one| one.session.tunnel_id.as_str()).collect();
            // The order of likelihood is not part of the verdict.
            tunnels.sort_unstable();
            format!("{AMBIGUOUS} {}", tunnels.join(" "))
        }
        Match::Pending | Match::Unmatched { .. } => verdict.name().to_owned(),
    }
}
