//! How an entry comes by its session.

use jiff::{SignedDuration, Timestamp};

use super::announce::announce;
use super::bounded::Contradicted;
use super::confirm::{Confirmed, keep_word};
use super::context::{Context, Rules};
use super::effect::{Effect, EffectId};
use super::entry::{Entry, State};
use super::history::{What, note};
use super::settle::settles_at;
use crate::blob::{BlobProperties, whole_second};
use crate::join::{
    Match, Matching, Neighbourhood, Reason, Recorded, Weighing, judge, judge_weighed, match_explained,
    undecided_explained,
};
use crate::notification::{Event, Fact};

/// The shortest wait before an open question is asked again.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_mins(2);
/// How soon a pass over the logs has read what stood in them at a time.
const READ_WITHIN: SignedDuration = SignedDuration::from_mins(5);
/// The longest wait before an open question is asked again.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);

/// What an entry knows of its session, and what was told of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Joined {
    /// What is known of the session.
    pub verdict: Match,
    /// What the verdict was weighed against when it was found.
    pub weighing: Weighing,
    /// The recording as it was when that was found.
    pub judged: Option<Judged>,
    /// What people were told last.
    pub told: Option<Told>,
    /// The person as tags show them.
    pub tagged_person: Option<String>,
    /// When to ask again what could not be told yet.
    pub ask_at: Option<Timestamp>,
    /// Which times of the session storage contradicts.
    pub contradicted: Contradicted,
    /// The person whose word the verdict is. `None` while it is what was found.
    pub confirmed: Option<Confirmed>,
}

/// The times of a recording that a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last written.
    pub last_modified: Timestamp,
}

/// What people were told of a recording's session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// How often a verdict was told.
    pub count: u32,
    /// The verdict: its name, and the session if it has one.
    pub verdict: String,
}

impl Entry {
    /// What counts of the recording when it is compared with sessions. `None` while its times are not known.
    pub fn recorded(&self) -> Option<Recorded> {
        let (created_at, last_modified) = (self.created_at()?, whole_second(self.life.last_modified()?));
        let has_ended = match self.state {
            State::Active => false,
            State::Settled | State::Expiring => true,
            // Of what was never seen, or never with a content, the last write may have been missed.
            State::Missing | State::Deleted => self.life.sighting.is_some() && self.life.has_content(),
        };
        Some(Recorded { id: Some(self.id), keys: self.keys.as_slice().into(), created_at, last_modified, has_ended })
    }

    /// Has the session looked for once more, because something near has changed. `false` where it was never looked for.
    ///
    /// One that is due changes too: whoever is looking right now may have looked too early, and must not save.
    pub fn ask_now(&mut self, now: Timestamp) -> bool {
        let is_judged = self.joined.judged.is_some();
        if is_judged {
            self.joined.ask_at = Some(self.joined.ask_at.map_or(now, |at| at.min(now)));
            self.wake_at = Some(self.wake_at.map_or(now, |at| at.min(now)));
            self.revision += 1;
        }
        is_judged
    }

    /// Whether what is near gives another verdict than the one that was saved.
    pub fn is_outdated(&self, near: &Neighbourhood, matching: &Matching) -> bool {
        let recorded = self.recorded().filter(|_| self.joined.judged.is_some());
        recorded.is_some_and(|recorded| !judge(&recorded, near, matching).finds_the_same(self.joined.found()))
    }

    /// True if the match was found for this final recording, and nothing near has changed since. A later write does not
    /// change who was on it, and begins its way to deletion anew.
    pub fn has_settled_match(&self) -> bool {
        let is_judged = self.joined.judged.is_some_and(|judged| Some(judged.created_at) == self.created_at());
        self.final_at.is_some() && is_judged && self.joined.ask_at.is_none()
    }

    /// Whether to look for the session now: the recording has ended, and was not judged yet as it is, or an open
    /// question is to be asked again.
    pub fn wants_session(&self, now: Timestamp) -> bool {
        let Some(recorded) = self.recorded().filter(|recorded| recorded.has_ended) else {
            return false;
        };
        self.joined.judged != Some(Judged::of(&recorded)) || self.joined.ask_at.is_some_and(|at| at <= now)
    }
}

impl Joined {
    /// Why no session is certain, and what else was weighed.
    pub fn weighing(&self, state: State) -> Weighing {
        match (&self.verdict, self.judged) {
            (Match::Pending, None) if state == State::Active => Weighing::of_reason(Reason::NotEnded),
            (Match::Pending, None) => Weighing::of_reason(Reason::NotJudged),
            _ => self.weighing,
        }
    }

    /// What speaks for the session, or why none is certain, in a person's words.
    fn explained(&self) -> Option<String> {
        match (&self.confirmed, &self.verdict) {
            (Some(confirmed), _) => Some(confirmed.explained()),
            (None, Match::Matched(matched)) => Some(match_explained(&matched.grounds, &self.weighing)),
            (None, _) => undecided_explained(&self.weighing),
        }
    }
}

impl Rules {
    /// Whether a blob with these properties was over at this time.
    pub fn has_ended(&self, properties: &BlobProperties, at: Timestamp) -> bool {
        properties.size > 0 && settles_at(properties.last_modified, self) <= at
    }
}

impl Judged {
    fn of(recorded: &Recorded) -> Self {
        Self { created_at: recorded.created_at, last_modified: recorded.last_modified }
    }
}

/// Looks for the session in what is near. Says whether others must look again because of it.
pub(super) fn join(entry: &mut Entry, near: &Neighbourhood, context: &Context<'_>) {
    let Some(recorded) = entry.recorded() else { return };
    let was = entry.joined.clone();
    let (verdict, weighing) = judge_weighed(&recorded, near, &context.rules.matching);
    let verdict = verdict.owned();
    entry.joined.weighing = weighing;
    entry.joined.judged = recorded.has_ended.then(|| Judged::of(&recorded));
    let is_open = verdict == Match::Pending && context.estate.reads_log_of(&entry.bastion);
    entry.joined.ask_at = is_open.then(|| ask_again(&recorded, found_at(entry), near, context));
    let is_same = verdict.finds_the_same(was.found());
    if entry.joined.confirmed.is_some() {
        keep_word(entry, verdict, near, context);
    } else {
        let person = verdict.person().and_then(|person| context.rules.privacy.in_tags.show(person));
        entry.joined.tagged_person = person;
        entry.joined.verdict = verdict;
    }
    if !is_same && entry.joined.confirmed.is_none() {
        note_change(entry, &was, context.now);
        tell(entry, context);
    }
    let is_news = !is_same || entry.joined.judged != was.judged;
    if is_news && entry.pending(&EffectId::Rejoin).is_none() {
        entry.pending.push(Effect::Rejoin.pending(context.now));
    }
}

/// When the entry was made.
fn found_at(entry: &Entry) -> Option<Timestamp> {
    entry.history.first().map(|change| change.at)
}

/// When an open question is asked again. News wakes the entry, so until late data no longer counts there is nothing to
/// ask for; from then on the log may be read far enough at any time. An old question is asked more rarely than a new
/// one, and is as old as the entry at most: a recording that is found late has a log that is just being read.
fn ask_again(
    recorded: &Recorded,
    found_at: Option<Timestamp>,
    near: &Neighbourhood,
    context: &Context<'_>,
) -> Timestamp {
    let (now, ended_at) = (context.now, recorded.last_modified);
    let confirmed_at = ended_at.saturating_add(context.rules.matching.confirm_after).unwrap_or(now);
    if near.steps_read > 1 && confirmed_at > now {
        return confirmed_at.saturating_add(READ_WITHIN).unwrap_or(confirmed_at);
    }
    let open_since = found_at.map_or(ended_at, |found_at| found_at.max(ended_at));
    let wait = (now.duration_since(open_since) / 4).clamp(SHORTEST_WAIT, LONGEST_WAIT);
    now.saturating_add(wait).unwrap_or(now)
}

/// The longest that a question waits.
pub(super) fn longest_question(rules: &Rules) -> SignedDuration {
    rules.matching.confirm_after.saturating_add(READ_WITHIN).max(LONGEST_WAIT)
}

fn note_change(entry: &mut Entry, was: &Joined, now: Timestamp) {
    let new = describe(&entry.joined.verdict);
    // Back at what had been told, after it had been open again.
    let returned = was.verdict == Match::Pending && was.told.as_ref().is_some_and(|told| told.verdict == new);
    let what = match (was.told.as_ref().filter(|_| !returned), &entry.joined.verdict) {
        (None, Match::Pending) => return,
        (None, Match::Matched(_)) => What::Matched(new),
        (None, Match::Ambiguous { .. }) => What::Ambiguous(new),
        (None, Match::Unmatched { .. }) => What::Unmatched,
        (Some(told), _) if told.verdict == new => return,
        (Some(told), _) => What::LateMatch { withdrawn: told.verdict.clone(), now: new },
    };
    note(&mut entry.history, now, what);
}

/// Tells a verdict that people have not been told last.
fn tell(entry: &mut Entry, context: &Context<'_>) {
    let event = match &entry.joined.verdict {
        Match::Pending => return,
        Match::Matched(_) => Event::RecordingCatalogued,
        Match::Ambiguous { .. } => Event::RecordingAmbiguous,
        Match::Unmatched { .. } => Event::RecordingUnmatched,
    };
    let verdict = describe(&entry.joined.verdict);
    let told = entry.joined.told.take();
    let withdrawn = told.as_ref().map(|told| told.verdict.clone());
    if withdrawn.as_ref() != Some(&verdict) {
        let count = told.as_ref().map_or(0, |told| told.count);
        let mut notification = announce(entry, event, &format!("{count} {verdict}"), context.now, context);
        notification.facts.extend(entry.joined.explained().map(|evidence| Fact::text("evidence", evidence)));
        notification.facts.extend(withdrawn.map(|withdrawn| Fact::text("withdraws", withdrawn)));
        entry.pending.push(Effect::Notify(notification).pending(context.now));
        entry.joined.told = Some(Told { count: count + 1, verdict });
    } else {
        entry.joined.told = told;
    }
}

/// A verdict in one line, without people.
pub(super) fn describe(verdict: &Match) -> String {
    match verdict {
        Match::Matched(matched) => format!("matched {}", matched.session.tunnel_id),
        Match::Ambiguous { candidates, .. } => {
            let mut tunnels: Vec<&str> = candidates.iter().map(|one| one.session.tunnel_id.as_str()).collect();
            // Which of them is likelier is no news.
            tunnels.sort_unstable();
            format!("ambiguous {}", tunnels.join(" "))
        }
        Match::Pending | Match::Unmatched { .. } => verdict.name().to_owned(),
    }
}
