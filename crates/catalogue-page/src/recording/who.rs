//! Matched session, candidates and evidence of a recording, as its page shows them.

use std::borrow::Cow;

use domain::address::Printable;
use domain::words;
use pipeline::view::{FactsView, JoinedView, RecordingView};

use crate::clock::PageClock;
use crate::fact::{self, FactRow};
use crate::own::Own;
use crate::text::{self, segment, sentence};

/// Matched session or candidate.
pub(crate) struct SessionRowView<'a> {
    pub(crate) path: String,
    pub(crate) tunnel: Cow<'a, str>,
    pub(crate) short: String,
    pub(crate) facts: Vec<FactRow<'a>>,
    pub(crate) explained: Option<String>,
    pub(crate) mark: Option<Own>,
    pub(crate) lead: Option<Lead>,
    pub(crate) evidence: Vec<EvidenceRow>,
}

/// Lead of a matched session over the next candidate, in points.
pub(crate) struct Lead {
    pub(crate) points: i32,
    pub(crate) needed: i32,
    pub(crate) most: i32,
}

/// Kind of evidence and its presence.
pub(crate) struct EvidenceRow {
    pub(crate) name: Own,
    pub(crate) meaning: Own,
    /// Distance of the two times, as in `0.7 s after`.
    pub(crate) off: Option<String>,
    pub(crate) speaks: bool,
}

/// Meaning of each kind of evidence, in the order of weight.
const EVIDENCE: [(&str, &str); 5] = [
    ("name", "the recording is named after the machine and the account"),
    ("start", "the recording was created about when the session began"),
    ("end", "the recording was last written, or uploaded, about when the session ended"),
    ("duration", "both lasted equally long"),
    ("only", "no other session is near"),
];

/// Offset in milliseconds from which minutes are shown.
const LONG_OFFSET: u64 = 600_000;

/// Minimum scale of the lead meter, in points.
const METER: i32 = 100;

/// Describes the match in sentences; a person's confirmation comes first.
pub(crate) fn with_word(recording: &RecordingView<'_>, clock: &PageClock) -> String {
    let Some(confirmed) = &recording.confirmed else { return in_words(recording) };
    let by = Printable(confirmed.by);
    let session = match (recording.matching, recording.person) {
        ("matched", Some(person)) => format!("that {} is on it", Printable(person)),
        ("matched", None) => "which session it is".to_owned(),
        _ => "that it is none of the sessions in the audit log".to_owned(),
    };
    let against: String =
        confirmed.contradicted_by.iter().map(|what| format!(" Against it: {}.", Printable(what))).collect();
    let (at, reason) = (clock.second(confirmed.at), Printable(confirmed.reason));
    format!("{by} said at {at} {session}, because: {reason}. The log alone says: {}.{against}", confirmed.log_says)
}

/// Describes the match in a sentence.
pub(crate) fn in_words(recording: &RecordingView<'_>) -> String {
    let person = recording.person.map(|person| Printable(person).to_string());
    match (recording.matching, person) {
        ("matched", Some(person)) => format!("{person} is on it: the session is certain."),
        ("matched", None) => "The session is certain; the audit log does not name the person.".to_owned(),
        ("ambiguous", Some(person)) => format!(
            "{person} is on it: all sessions that fit are of the same person. Which of them it is, is not certain{}",
            because(recording)
        ),
        ("ambiguous", None) => {
            let these = match (recording.candidates.len(), recording.more_candidates) {
                (0 | 1, 0) => "One session may be on it, and it is not certain".to_owned(),
                (_, 0) => "It may be one of these sessions, and it is not certain which".to_owned(),
                (_, more) => {
                    format!(
                        "It may be one of these sessions or of {more} more that are not listed, and it is not certain which"
                    )
                }
            };
            format!("{these}{} No person is named on a guess.", because(recording))
        }
        ("unmatched", _) if recording.attempt.is_some() => "No session: it comes from a failed login.".to_owned(),
        ("unmatched", _) => "The audit log has no session that fits.".to_owned(),
        _ => {
            let why = recording.undecided.as_ref().map(|why| format!(" {}", sentence(&why.explained)));
            format!("Not known yet: no person is named while the evidence can still change.{}", why.unwrap_or_default())
        }
    }
}

/// Returns the reason for the uncertainty, as the end of a sentence.
fn because(recording: &RecordingView<'_>) -> String {
    recording.undecided.as_ref().map_or_else(|| ".".to_owned(), |why| format!(": {}.", why.explained))
}

/// Lists the matched session, the candidates and the failed attempt.
pub(crate) fn sessions<'a>(recording: &'a RecordingView<'_>, clock: &PageClock) -> Vec<SessionRowView<'a>> {
    let certain = recording.session.iter().map(|joined| SessionRowView::certain(recording.bastion, joined, clock));
    let candidates = recording.candidates.iter().enumerate();
    let candidates =
        candidates.map(|(at, joined)| SessionRowView::candidate(recording.bastion, joined, at == 0, clock));
    let attempt = recording.attempt.iter().map(|facts| SessionRowView::from_facts(recording.bastion, facts, clock));
    certain.chain(candidates).chain(attempt).collect()
}

impl<'a> SessionRowView<'a> {
    fn certain(bastion: &str, joined: &'a JoinedView, clock: &PageClock) -> Self {
        let points = joined.lead;
        let lead = joined.lead_needed.map(|needed| Lead { points, needed, most: points.max(METER) });
        Self { lead, ..Self::joined(bastion, joined, clock) }
    }

    fn candidate(bastion: &str, joined: &'a JoinedView, is_first: bool, clock: &PageClock) -> Self {
        let mark = Own::new(if is_first && joined.is_likely() { "likely, not certain" } else { "possible" });
        Self { mark: Some(mark), ..Self::joined(bastion, joined, clock) }
    }

    fn joined(bastion: &str, joined: &'a JoinedView, clock: &PageClock) -> Self {
        let explained = Some(sentence(&joined.explained));
        Self { explained, evidence: evidence(joined), ..Self::from_facts(bastion, &joined.facts, clock) }
    }

    fn from_facts(bastion: &str, facts: &'a FactsView, clock: &PageClock) -> Self {
        Self {
            path: format!("/ui/sessions/{}/{}", segment(bastion), segment(&facts.tunnel_id)),
            tunnel: Printable(&facts.tunnel_id).text(),
            short: text::short_tunnel(&Printable(&facts.tunnel_id).text()),
            facts: fact::of_session(facts, clock),
            explained: None,
            mark: None,
            lead: None,
            evidence: Vec::new(),
        }
    }
}

fn evidence(joined: &JoinedView) -> Vec<EvidenceRow> {
    let evidence = |(name, meaning)| EvidenceRow {
        name: Own::new(name),
        meaning: Own::new(meaning),
        off: match name {
            "start" => joined.offsets.start_ms.map(off),
            "end" => joined.offsets.end_ms.map(off),
            _ => None,
        },
        speaks: joined.evidence.contains(&name),
    };
    EVIDENCE.map(evidence).into()
}

/// Formats an offset in milliseconds: `0.7 s after`.
fn off(millis: i64) -> String {
    let (apart, side) = (millis.unsigned_abs(), if millis < 0 { "before" } else { "after" });
    match apart {
        0..50 => "at the same time".to_owned(),
        50..LONG_OFFSET => format!("{}.{} s {side}", apart / 1000, apart % 1000 / 100),
        _ => format!("{} {side}", words::duration(apart)),
    }
}

#[cfg(test)]
mod tests {
    use super::off;

    #[test]
    fn an_offset_is_told_to_the_tenth_of_a_second() {
        let told = [700, -12_340, 0, 754_000].map(off);
        assert_eq!(told, ["0.7 s after", "12.3 s before", "at the same time", "12 min 34 s after"]);
    }
}
