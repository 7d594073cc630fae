//! Sections of the line of a recording. A further section is a function and a row of [`SECTIONS`].

use domain::policy::retention::{Explanation, facts_of_entry};
use domain::record::catalogue::Entry;
use domain::record::join::Match;
use domain::record::session::SessionFacts;
use evidence::{AuditSection, Unknown};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::Serialize;

use super::audit::FindAuditRecords;
use crate::ports::Fault;
use crate::query::{self, FoundSession, candidate_of};
use crate::reading::CatalogueReader;
use crate::view::{AccessesView, DetailView, ReviewView, SessionDetailView, explanation_view};

/// Name of a section with the function that writes it.
type Section =
    (&'static str, for<'s> fn(&'s mut SectionSources<'_>, &'s Subject) -> BoxFuture<'s, Result<String, Fault>>);

/// All sections, in the order of the line.
pub(super) const SECTIONS: [Section; 6] = [
    ("recording", |sources, subject| Box::pin(async move { json(&entry(sources, subject)) })),
    ("sessions", |sources, subject| Box::pin(sessions(sources, subject))),
    ("audit", |sources, subject| Box::pin(audit(sources, subject))),
    ("accesses", |sources, subject| Box::pin(accesses(sources, subject))),
    ("reviews", |_, subject| Box::pin(async move { json(&ReviewView::all_of(&subject.entry)) })),
    ("policy", |sources, subject| Box::pin(async move { policy(sources, subject) })),
];

/// Sources of the sections.
pub(super) struct SectionSources<'a> {
    pub reader: CatalogueReader<'a>,
    pub audit: FindAuditRecords<'a>,
    /// Receives what is not known.
    pub unknown: Vec<Unknown>,
}

/// Recording that the sections are about.
pub(super) struct Subject {
    pub entry: Entry,
    /// Newest time in its state.
    pub as_of: Timestamp,
    /// Its session, or the candidates, as far as the catalogue still has them.
    pub sessions: Vec<FoundSession>,
}

impl Subject {
    /// Reads the sessions of an entry.
    pub(super) async fn read(
        entry: Entry,
        head: Option<Timestamp>,
        reader: &CatalogueReader<'_>,
    ) -> Result<Self, Fault> {
        let newest = entry.history.last().map(|change| change.at);
        let as_of = newest.max(head).unwrap_or(Timestamp::UNIX_EPOCH);
        let mut sessions = Vec::new();
        for facts in possible_sessions(&entry.match_state.verdict) {
            let bastion = std::slice::from_ref(&entry.bastion);
            sessions.extend(query::session(reader.sessions, reader.catalogue, bastion, &facts.tunnel_id).await?);
        }
        Ok(Self { entry, as_of: domain::record::blob::whole_second(as_of), sessions })
    }
}

fn possible_sessions(verdict: &Match) -> Vec<&SessionFacts> {
    match verdict {
        Match::Pending => Vec::new(),
        Match::Matched(matched) => vec![&matched.session],
        Match::Ambiguous { candidates, .. } => candidates.iter().map(|candidate| &candidate.session).collect(),
        Match::Unmatched { attempt } => attempt.iter().map(|attempt| &**attempt).collect(),
    }
}

fn entry<'s>(sources: &SectionSources<'_>, subject: &'s Subject) -> DetailView<'s> {
    DetailView::from_entry(&subject.entry, sources.reader.estate, subject.as_of)
}

async fn sessions(sources: &mut SectionSources<'_>, subject: &Subject) -> Result<String, Fault> {
    let mut views = Vec::new();
    for found in &subject.sessions {
        let candidate_of = candidate_of(sources.reader.catalogue, &found.entry).await?;
        views.push(SessionDetailView::from_session(found, candidate_of));
    }
    json(&views)
}

async fn audit(sources: &mut SectionSources<'_>, subject: &Subject) -> Result<String, Fault> {
    let mut section = AuditSection::default();
    for found in &subject.sessions {
        sources.audit.find(&found.entry, &mut section).await?;
    }
    let about = subject.entry.id.to_string();
    for session in &section.sessions {
        if let Some(reason) = &session.unknown {
            let (about, what) = (about.clone(), "audit_records".to_owned());
            sources.unknown.push(Unknown { about, what, reason: format!("session {}: {reason}", session.tunnel_id) });
        }
    }
    json(&section)
}

async fn accesses(sources: &mut SectionSources<'_>, subject: &Subject) -> Result<String, Fault> {
    let accesses = sources.reader.accesses_until(&subject.entry, subject.as_of).await?;
    let mut unknown = |reason: &str| {
        let (about, what) = (subject.entry.id.to_string(), "accesses".to_owned());
        sources.unknown.push(Unknown { about, what, reason: reason.to_owned() });
    };
    if !accesses.is_logged {
        unknown("no access log is configured for the bastion");
    }
    if !accesses.unread.is_empty() {
        unknown("the access log was not read for the whole life of the recording");
    }
    if accesses.folded > 0 || accesses.folded_has_more {
        unknown("older accesses are only counted");
    }
    json(&AccessesView::from_accesses(&accesses))
}

fn policy(sources: &SectionSources<'_>, subject: &Subject) -> Result<String, Fault> {
    let Subject { entry, as_of, .. } = subject;
    let counted = sources.reader.policy.and_then(|policy| policy.counted_from(entry).map(|counted| (policy, counted)));
    let Some((policy, counted)) = counted else { return Ok("null".to_owned()) };
    let given = entry.custody.given_class.as_deref();
    let explained =
        facts_of_entry(entry, policy.tolerances, |facts| Explanation::new(policy, facts, given, counted.day));
    json(&explanation_view(&explained, Some((entry, *as_of))))
}

/// Returns the JSON form of a view, which always has one.
fn json(view: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(view).map_err(|error| Fault::permanent("write a section of the bundle", error))
}
