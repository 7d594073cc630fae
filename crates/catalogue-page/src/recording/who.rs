//! Who is on a recording, and what speaks for it.

use std::borrow::Cow;

use domain::address::Printable;
use pipeline::view::{FactsView, JoinedView, RecordingView};

use crate::fact::{self, Fact};
use crate::own::Own;
use crate::text::segment;

/// A session that is, or may be, the recording's.
pub(crate) struct Session<'a> {
    pub(crate) path: String,
    pub(crate) tunnel: Cow<'a, str>,
    pub(crate) facts: Vec<Fact<'a>>,
    pub(crate) score: Option<i64>,
    pub(crate) evidence: Vec<Evidence>,
}

/// What may speak for a session.
pub(crate) struct Evidence {
    pub(crate) name: Own,
    pub(crate) meaning: Own,
    pub(crate) speaks: bool,
}

/// What each kind of evidence means, in the order of their weight.
const EVIDENCE: [(&str, &str); 5] = [
    ("name", "the recording is named after the machine and the account"),
    ("start", "the recording was created when the session began"),
    ("end", "the recording was last written when the session ended"),
    ("duration", "both lasted as long"),
    ("only", "no other session fits"),
];

/// What is known, in a sentence.
pub(crate) fn in_words(recording: &RecordingView<'_>) -> String {
    let person = recording.person.map(|person| Printable(person).to_string());
    match (recording.matching, person) {
        ("matched", Some(person)) => format!("{person} is on it: the session is certain."),
        ("matched", None) => "The session is certain; the audit log does not name the person.".to_owned(),
        ("ambiguous", Some(person)) => format!(
            "{person} is on it: all sessions that fit are of the same person. Nothing tells which of them it is."
        ),
        ("ambiguous", None) => {
            let more = match recording.more_candidates {
                0 => String::new(),
                more => format!(" or of {more} more that are not listed"),
            };
            format!("It is one of these sessions{more}, and nothing tells which. Nobody is named on a guess.")
        }
        ("unmatched", _) if recording.attempt.is_some() => "No session: it was left by a login that failed.".to_owned(),
        ("unmatched", _) => "The audit log tells of no session that fits.".to_owned(),
        _ => "Not known yet: nobody is named on evidence that could still turn.".to_owned(),
    }
}

/// The sessions to show.
pub(crate) fn sessions<'a>(recording: &'a RecordingView<'_>) -> Vec<Session<'a>> {
    let joined = recording.session.iter().chain(&recording.candidates);
    let attempt = recording.attempt.iter().map(|facts| Session::of(recording.bastion, facts, None));
    joined.map(|joined| Session::of(recording.bastion, &joined.facts, Some(joined))).chain(attempt).collect()
}

impl<'a> Session<'a> {
    fn of(bastion: &str, facts: &'a FactsView, joined: Option<&JoinedView>) -> Self {
        Self {
            path: format!("/ui/sessions/{}/{}", segment(bastion), segment(&facts.tunnel_id)),
            tunnel: Printable(&facts.tunnel_id).text(),
            facts: fact::of_session(facts),
            score: joined.map(|joined| joined.score),
            evidence: joined.map(evidence).unwrap_or_default(),
        }
    }
}

fn evidence(joined: &JoinedView) -> Vec<Evidence> {
    let evidence = |(name, meaning)| Evidence {
        name: Own::new(name),
        meaning: Own::new(meaning),
        speaks: joined.evidence.contains(&name),
    };
    EVIDENCE.map(evidence).into()
}
