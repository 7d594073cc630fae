//! Handles foreign changes of our tags: notifies, restores our tags, and honours a hold among the changes.
//!
//! Storage raises no event for tags and does not say who wrote them. A value counts as ours if the entry plans it or
//! planned it lately; every other value was written by others.

use std::collections::BTreeSet;
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::decide::context::Context;
use crate::policy::tags::{hold_value, plan};
use crate::record::catalogue::{EarlierTags, Entry, EntryChangeKind, note};
use crate::record::effect::{Effect, EffectId};
use crate::record::notification::{Event, Notification, NotificationFact, SEVERITY, Severity};
use crate::record::retention::ForeignHold;
use crate::record::tags::{DUE, HOLD, NO_HOLD, OUR_PREFIX, PlannedTag, STATE, TagSet, is_hold, merge};

/// Time during which a writer may still write the tags of the revision it loaded. It writes them right after the load,
/// in a few calls of at most 20 seconds.
const WRITERS_LIVE: SignedDuration = SignedDuration::from_mins(15);
/// Name of the check in a finding about changed tags.
pub const CHECK: &str = "recording.tags";
/// Number of latest earlier tags kept per entry.
const EARLIER_KEPT: usize = 32;

impl EarlierTags {
    /// Returns true if no writer can put these tags on the blob any more. A time far in the future counts as passed.
    fn is_over(&self, now: Timestamp) -> bool {
        self.shown_at.is_some_and(|at| now.duration_since(at).abs() >= WRITERS_LIVE)
    }

    fn explains(&self, key: &str, found: Option<&str>, now: Timestamp) -> bool {
        !self.is_over(now)
            && match found {
                Some(value) => self.tags.iter().any(|tag| tag.key.as_str() == key && tag.value.as_str() == value),
                // An earlier plan may have left the tag out; only the hold tag is in every plan.
                None => key != HOLD && !self.tags.is_empty(),
            }
    }
}

/// Tag of ours with an unplanned value.
#[derive(Debug, Clone, PartialEq, Eq)]
struct TagChange {
    key: String,
    planned: Option<String>,
    known: Option<String>,
    found: Option<String>,
}

impl TagChange {
    /// Returns true if the change clears the way for a deletion.
    fn is_critical(&self) -> bool {
        let value = self.found.as_deref();
        self.key == STATE && value == Some(DUE)
            || self.key == HOLD && !value.is_some_and(is_hold) && self.known.as_deref().is_some_and(is_hold)
    }

    fn expected(&self) -> String {
        self.planned.as_ref().map_or_else(|| format!("no {}", self.key), |value| format!("{}={value}", self.key))
    }

    fn is_foreign_hold(&self) -> bool {
        self.key == HOLD && self.found.as_deref().is_some_and(is_hold)
    }
}

impl fmt::Display for TagChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, known, found, .. } = self;
        match (known, found) {
            (Some(known), Some(found)) => write!(f, "{key}={found}, was {known}"),
            (None, Some(found)) => write!(f, "{key}={found}, was not there"),
            (Some(known), None) => write!(f, "{key} removed, was {known}"),
            (None, None) => f.write_str(key),
        }
    }
}

impl Entry {
    /// Returns true if the blob's tags contain a foreign change still unknown to the entry. The entry must have been
    /// loaded after the tags were read, or not saved since.
    pub fn learns_from(&self, seen: &TagSet, now: Timestamp) -> bool {
        !self.changes_in(seen, now).is_empty()
    }

    fn changes_in(&self, seen: &TagSet, now: Timestamp) -> Vec<TagChange> {
        let plan = plan(self);
        let planned = plan.iter().map(|tag| tag.key.as_str());
        let found = seen.0.keys().map(String::as_str).filter(|key| key.starts_with(OUR_PREFIX));
        let keys: BTreeSet<&str> = planned.chain(found).collect();
        keys.into_iter().filter_map(|key| self.change_of(key, &plan, seen, now)).collect()
    }

    fn change_of(&self, key: &str, plan: &[PlannedTag], seen: &TagSet, now: Timestamp) -> Option<TagChange> {
        let planned = plan.iter().find(|tag| tag.key.as_str() == key).map(|tag| tag.value.as_str());
        let (known, found) = (self.tags.get(key), seen.get(key));
        if found == planned || self.earlier_tags.explains(key, found, now) {
            return None;
        }
        let [planned, known_value, found_value] = [planned, known, found].map(|value| value.map(str::to_owned));
        let change = TagChange { key: key.to_owned(), planned, known: known_value, found: found_value };
        if change.is_foreign_hold() {
            let is_known = self.custody.foreign_hold.as_ref().is_some_and(|hold| Some(hold.value.as_str()) == found);
            return (!is_known).then_some(change);
        }
        // A rewritten content does not carry the tags of the earlier one.
        let is_rewritten = self.tagged.as_ref().is_some_and(|tagged| self.life.etag().as_ref() != Some(&tagged.etag));
        let is_ours = found.is_none() && is_rewritten
            || key == HOLD && found.is_some_and(|value| value != NO_HOLD)
            // We are not known to have written any tags.
            || self.tagged.is_none() && !change.is_critical();
        (found != known && !is_ours).then_some(change)
    }

    /// Keeps the tags planned by the previous revision and not by this one.
    pub(super) fn remember_plan_of(&mut self, was: &Self, now: Timestamp) {
        let is = plan(self);
        if plan(was) == is {
            return;
        }
        if self.earlier_tags.is_over(now) {
            self.earlier_tags.tags.clear();
        }
        self.earlier_tags.shown_at = None;
        for tag in own_plan(was) {
            if !is.contains(&tag) && !self.earlier_tags.tags.contains(&tag) {
                self.earlier_tags.tags.push(tag);
            }
        }
        let surplus = self.earlier_tags.tags.len().saturating_sub(EARLIER_KEPT);
        self.earlier_tags.tags.drain(..surplus);
    }

    /// Notes when the blob first carries the plan.
    pub(super) fn note_shown(&mut self, now: Timestamp) {
        if !self.earlier_tags.tags.is_empty() {
            self.earlier_tags.shown_at.get_or_insert(now);
        }
    }
}

/// Returns the plan without a foreign hold, which never becomes ours.
pub(super) fn own_plan(entry: &Entry) -> Vec<PlannedTag> {
    let foreign = entry.custody.foreign_hold.as_ref().map(|hold| hold.value.as_str());
    let is_own = |value: &str| entry.custody.holds.iter().any(|held| hold_value(&held.case) == value);
    let mut plan = plan(entry);
    plan.retain(|tag| tag.key.as_str() != HOLD || Some(tag.value.as_str()) != foreign || is_own(tag.value.as_str()));
    plan
}

/// Applies the tags read from the blob: stores foreign tags, notifies and reverts foreign changes of ours, and keeps
/// the recording if the tags contain a foreign hold.
pub(super) fn take_tags(entry: &mut Entry, seen: &TagSet, context: &Context<'_>) {
    let changes = entry.changes_in(seen, context.now);
    take_foreign_hold(entry, &changes, seen, context.now);
    if !changes.is_empty() {
        let lines: Vec<String> = changes.iter().map(TagChange::to_string).collect();
        note(&mut entry.history, context.now, EntryChangeKind::TagsChanged(lines));
        let notification = notification(entry, &changes, context);
        if is_own_trouble(&changes) {
            entry.announced.insert(Event::PostureFinding);
        }
        entry.pending.push(Effect::Notify(notification).pending(context.now));
    } else if entry.custody.foreign_hold.is_none() && merge(seen, &plan(entry)).tags == *seen {
        end_trouble(entry, "as planned again", context);
    }
    entry.tags = seen.clone();
    if merge(seen, &plan(entry)).tags != *seen {
        entry.tagged = None;
        entry.pending.retain(|pending| pending.effect.id() != EffectId::Tags);
        entry.want_tags(context.now, context.now);
    }
}

fn take_foreign_hold(entry: &mut Entry, changes: &[TagChange], seen: &TagSet, now: Timestamp) {
    if let Some(value) = changes.iter().find(|change| change.is_foreign_hold()).and_then(|change| change.found.clone())
    {
        entry.custody.foreign_hold = Some(ForeignHold { value, since: now });
    } else if seen.hold() == Some(NO_HOLD) {
        // Only this value ends the foreign hold: a rewrite or removed tags say nothing about it.
        entry.custody.foreign_hold = None;
    }
}

/// Returns true if the changes are a trouble of this recording alone, and not one of its container.
fn is_own_trouble(changes: &[TagChange]) -> bool {
    changes.iter().any(|change| change.is_critical() || change.is_foreign_hold())
}

impl Entry {
    /// Returns true if people were told that others changed the tags of this recording, and not yet that it is over.
    pub fn has_tag_trouble(&self) -> bool {
        self.announced.contains(&Event::PostureFinding)
    }
}

/// Queues the end of the recording's own trouble with its tags, if it has one.
pub(super) fn end_trouble(entry: &mut Entry, found: &str, context: &Context<'_>) {
    if !entry.announced.remove(&Event::PostureFinding) {
        return;
    }
    let mut facts = vec![
        NotificationFact::text("check", CHECK),
        NotificationFact::text("expected", "the tags are as we wrote them"),
        NotificationFact::text("found", found),
    ];
    facts.extend(place(entry));
    let (event, occurrence) = (Event::PostureFindingResolved, format!("tags over {}", context.now));
    let over = Notification {
        subject: entry.address.name.as_str().to_owned(),
        facts,
        link: context.estate.portal_url(&entry.bastion),
        ..Notification::new(&entry.id.to_string(), event, &occurrence, context.now)
    };
    entry.pending.push(Effect::Notify(over).pending(context.now));
}

fn place(entry: &Entry) -> [NotificationFact; 4] {
    [
        NotificationFact::text("bastion", entry.bastion.as_str()),
        NotificationFact::text("recording", entry.id.to_string()),
        NotificationFact::text("account", entry.address.account.as_str()),
        NotificationFact::text("container", entry.address.container.as_str()),
    ]
}

fn notification(entry: &Entry, changes: &[TagChange], context: &Context<'_>) -> Notification {
    let is_critical = changes.iter().any(TagChange::is_critical);
    let is_held = changes.iter().any(TagChange::is_foreign_hold);
    let severity = if is_critical { Severity::Critical } else { Severity::Warning };
    // A program rewriting all tags is one problem per container and day; each recording keeps its own history.
    let (about, occurrence) = if is_own_trouble(changes) {
        (entry.id.to_string(), format!("tags {}", context.now))
    } else {
        let day = context.now.to_zoned(jiff::tz::TimeZone::UTC).date();
        (entry.address.container().to_string(), format!("tags {day}"))
    };
    let lines: Vec<String> = changes.iter().map(TagChange::to_string).collect();
    let expected: Vec<String> = changes.iter().map(TagChange::expected).collect();
    let mut facts = vec![
        NotificationFact::text("check", CHECK),
        NotificationFact::text("expected", expected.join(", ")),
        NotificationFact::text("found", lines.join("; ")),
        NotificationFact::text("fix", fix(entry, is_held)),
    ];
    facts.extend(place(entry));
    facts.push(NotificationFact::text(SEVERITY, severity.name()));
    Notification {
        subject: entry.address.name.as_str().to_owned(),
        facts,
        link: context.estate.portal_url(&entry.bastion),
        ..Notification::new(&about, Event::PostureFinding, &occurrence, context.now)
    }
}

fn fix(entry: &Entry, is_held: bool) -> String {
    if let Some(hold) = entry.custody.foreign_hold.as_ref().filter(|_| is_held) {
        return format!(
            "the tag keeps the recording; to place a recorded hold: archivist hold place --recording {} \
             --case '{}' --reason REASON; to release it: set the tag {HOLD} of the blob to {NO_HOLD}",
            entry.id, hold.value
        );
    }
    "our tags are restored; find out who can write tags and who did: StorageBlobLogs | where OperationName == 'SetBlobTags'"
        .to_owned()
}
