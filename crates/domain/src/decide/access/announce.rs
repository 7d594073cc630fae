//! Decides which accesses people are notified of, each once.

use jiff::{SignedDuration, Timestamp};

use crate::decide::catalogue::announce;
use crate::decide::context::Context;
use crate::policy::person::PersonForm;
use crate::record::access::{AccessGroupKey, AccessKind, AnnouncedAccess, BlobAccesses, LifeSpan, Viewing};
use crate::record::accessor::{AccessRole, Accessor, KnownIdentities};
use crate::record::catalogue::Entry;
use crate::record::notification::{Event, Notification, NotificationFact, SEVERITY, Severity};
use crate::record::person_name::is_same_person;

/// Time after an access in which its neighbours in the log are awaited, so that lines in another order give one viewing.
const SETTLES_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// Settings for the decision.
#[derive(Debug, Clone, Copy)]
pub struct AnnounceRules<'a> {
    /// Identities of the archivist and the bastion.
    pub known: &'a KnownIdentities,
    /// Time of the decision.
    pub now: Timestamp,
}

impl BlobAccesses {
    /// Decides on the accesses of an entry and adds those to be announced. Returns true if a later pass must decide
    /// again, because lines may still be missing.
    pub fn decide(&mut self, entry: &Entry, life: LifeSpan, rules: AnnounceRules<'_>) -> bool {
        let mut waits = false;
        for viewing in self.viewings(life) {
            for event in events(&viewing, entry, rules.known) {
                let is_known = |known: &AnnouncedAccess| {
                    known.event == event && known.recording == entry.id && known.covers(&viewing)
                };
                if self.announced.iter().any(is_known) {
                    continue;
                }
                if rules.now.duration_since(viewing.from) < SETTLES_AFTER {
                    waits = true;
                    continue;
                }
                self.announced.push(AnnouncedAccess {
                    recording: entry.id,
                    event,
                    kind: viewing.kind,
                    occurrence: format!("{} {}", viewing.reader.digest(), viewing.from),
                    reader: viewing.reader.clone(),
                    from: viewing.from,
                    to: viewing.to,
                    is_sent: false,
                });
            }
        }
        waits
    }
}

/// Returns the events of a viewing.
fn events(viewing: &Viewing, entry: &Entry, known: &KnownIdentities) -> Vec<Event> {
    let role = known.role(&viewing.accessor);
    match (viewing.kind, role) {
        (AccessKind::Read, AccessRole::Other | AccessRole::Unknown) => {
            // The log has no ranges: only one response of the full length shows that the whole content was read.
            let is_whole = viewing.is_download(&entry.life);
            if is_whole {
                vec![Event::RecordingViewed, Event::RecordingDownloaded]
            } else {
                vec![Event::RecordingViewed]
            }
        }
        // A writer who may be the bastion is no finding.
        (AccessKind::Write, AccessRole::Other) if entry.final_at.is_some_and(|at| viewing.to > at) => {
            vec![Event::RecordingOverwritten]
        }
        _ => Vec::new(),
    }
}

/// Builds the notification of an announced access, with what is known of it now.
pub fn access_notification(
    announced: &AnnouncedAccess,
    accesses: &BlobAccesses,
    entry: &Entry,
    life: LifeSpan,
    context: &Context<'_>,
) -> Notification {
    let word = |is_so: bool| if is_so { "yes" } else { "no" };
    let viewing = accesses.viewings(life).into_iter().find(|viewing| announced.covers(viewing));
    let mut facts = viewing.map_or_else(Vec::new, |viewing| {
        let mut facts = facts_of_accessor(&viewing.accessor, context.rules.privacy.in_notifications);
        facts.extend(viewing.addresses.iter().next().map(|at| NotificationFact::text("accessed_from", at.to_string())));
        facts.push(NotificationFact::number("requests", viewing.requests));
        facts.push(NotificationFact::number("bytes", viewing.bytes));
        let is_own = is_own_session(entry, &viewing).filter(|_| viewing.kind == AccessKind::Read);
        facts.extend(is_own.map(|is_own| NotificationFact::text("own_session", word(is_own))));
        facts
    });
    let is_held = entry.custody.is_held();
    facts.push(NotificationFact::text("accessed_at", announced.from.to_string()));
    facts.push(NotificationFact::text("held", word(is_held)));
    if announced.event == Event::RecordingViewed {
        let severity = if is_held { Severity::Warning } else { Severity::Info };
        facts.push(NotificationFact::text(SEVERITY, severity.name()));
    }
    let mut notification = announce(entry, announced.event, &announced.occurrence, announced.from, context);
    notification.facts.extend(facts);
    notification
}

/// Returns `None` if the person of the session or the viewer is not known, or if their names cannot be compared.
fn is_own_session(entry: &Entry, viewing: &Viewing) -> Option<bool> {
    let person = entry.match_state.verdict.session()?.user_email.as_deref()?;
    is_same_person(viewing.accessor.person.as_deref()?, person)
}

/// Returns the facts of the caller that deleted a recording.
pub fn deletion_caller_facts(caller: &AccessGroupKey, shown: PersonForm) -> Vec<NotificationFact> {
    let mut facts = facts_of_accessor(&caller.accessor, shown);
    facts.extend(caller.address.map(|at| NotificationFact::text("accessed_from", at.to_string())));
    facts
}

/// An object id stands for a person, so it is shown only where people are shown in full.
fn facts_of_accessor(accessor: &Accessor, shown: PersonForm) -> Vec<NotificationFact> {
    let text = |name: &str, value: Option<&str>| value.map(|value| NotificationFact::text(name, value));
    let person = accessor.person.as_deref().and_then(|person| shown.show(person));
    [
        text("accessed_by", person.as_deref()),
        text("accessed_by_id", accessor.object_id.as_deref().filter(|_| shown == PersonForm::Full)),
        text("accessed_by_application", accessor.application_id.as_deref()),
        text("authentication", Some(accessor.authentication.name())),
        text("token_hash", accessor.token_hash.as_deref()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
