//! Table of all query parameters and their allowed values; the parser and the OpenAPI document both use it.

use pipeline::query::{LONGEST_SEARCH, MOST_SEARCH_WORDS};

/// Query parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Name in the query.
    pub name: &'static str,
    /// Description for the OpenAPI document.
    pub says: &'static str,
    /// Allowed values.
    pub kind: ParameterKind,
}

/// Allowed values of a query parameter; an empty value is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// Any text of at most this many characters.
    Text(usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Whole number from 1 to this value.
    Number(usize),
    /// UTC date or RFC 3339 time; a date means the start of that day.
    Begin,
    /// UTC date or RFC 3339 time; a date means the start of the next day.
    End,
    /// UTC date.
    Day,
    /// Month in UTC.
    Month,
    /// Words that all must hold, as [`SearchText`](pipeline::query::SearchText) parses them.
    Search,
    /// Cursor for the next page of recordings.
    RecordingsCursor,
    /// Cursor for the next page of sessions.
    SessionsCursor,
    /// Cursor for the next page of reviews.
    ReviewsCursor,
}

impl ParameterKind {
    /// Describes the allowed values for error messages.
    pub fn write(self) -> String {
        match self {
            Self::Text(longest) => format!("1 to {longest} characters"),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Number(most) => format!("a number from 1 to {most}"),
            Self::Begin | Self::End => "a UTC date (2026-03-02) or an RFC 3339 time (2026-03-02T09:12:44Z)".to_owned(),
            Self::Day => "a UTC date (2026-03-02)".to_owned(),
            Self::Month => "a month (2026-03)".to_owned(),
            Self::Search => format!("up to {MOST_SEARCH_WORDS} words of together at most {LONGEST_SEARCH} bytes"),
            Self::RecordingsCursor | Self::SessionsCursor | Self::ReviewsCursor => {
                "the `next_cursor` of the previous page, unchanged".to_owned()
            }
        }
    }
}

const fn text(name: &'static str, longest: usize, says: &'static str) -> Parameter {
    Parameter { name, says, kind: ParameterKind::Text(longest) }
}

const fn word(name: &'static str, words: &'static [&'static str], says: &'static str) -> Parameter {
    Parameter { name, says, kind: ParameterKind::Word(words) }
}

/// Maximum number of items of a page.
pub(crate) const LARGEST_PAGE: usize = 200;
/// Maximum length of e-mail addresses, machine and account names, in characters.
const LONG: usize = 256;
/// Maximum length of names assigned by Azure, in characters.
const SHORT: usize = 80;
const TRUTHS: [&str; 2] = ["true", "false"];

const PERSON: Parameter =
    text("person", LONG, "Only items with this person, if certain, by e-mail address; case-insensitive.");
const MACHINE: Parameter = text("machine", LONG, "Only items on this machine; case-insensitive.");
const BASTION: Parameter = text("bastion", SHORT, "Only items of this bastion, by its name in the configuration.");
const FROM: Parameter =
    Parameter { name: "from", says: "Only items that began at this time or later.", kind: ParameterKind::Begin };
const TO: Parameter = Parameter {
    name: "to",
    says: "Only items that began before this time; a date includes its whole day.",
    kind: ParameterKind::End,
};
const LIMIT: Parameter = Parameter {
    name: "limit",
    says: "Maximum number of items of a page; default 50.",
    kind: ParameterKind::Number(LARGEST_PAGE),
};

/// Filters of `/recordings`.
pub(crate) const RECORDINGS: [Parameter; 12] = [
    PERSON,
    MACHINE,
    BASTION,
    word("state", &["active", "settled", "expiring", "missing", "deleted"], "Only recordings in this state."),
    word("match", &domain::record::join::Match::NAMES, "Only recordings with this match."),
    text("class", LONG, "Only recordings of this retention class."),
    FROM,
    TO,
    word("held", &TRUTHS, "With `true`, only recordings under a legal hold; with `false`, only the others."),
    Parameter {
        name: "q",
        says: "Only recordings that every word holds for: a day or range (today, tue, last tuesday, this week, last month, w42, 7d, 2w, 2026-11-17, 2026-11, 2026-11-17..2026-11-20; the configured time zone), a state (the values of `state` and `match`, held, due), an id of a recording (whole, or short as rec_…6hk7hq) or of a session, or else a part of a name, from the beginning of a word in it: certain person, machine or account, bastion, recording. In double quotes it is always a part of a name. At most 12 words and 256 bytes. Case-insensitive.",
        kind: ParameterKind::Search,
    },
    LIMIT,
    Parameter {
        name: "cursor",
        says: "The `next_cursor` of the previous page.",
        kind: ParameterKind::RecordingsCursor,
    },
];

/// Filters of `/sessions`.
pub(crate) const SESSIONS: [Parameter; 10] = [
    PERSON,
    MACHINE,
    text("account", LONG, "Only sessions with this account on the machine; case-insensitive."),
    BASTION,
    word("state", &["open", "ended", "failed"], "Only sessions in this state."),
    word("gap", &TRUTHS, "With `true`, only sessions that are known to have no recording."),
    FROM,
    TO,
    LIMIT,
    Parameter { name: "cursor", says: "The `next_cursor` of the previous page.", kind: ParameterKind::SessionsCursor },
];

/// Parameters of `/sessions/{tunnel_id}`: the bastion selects one of several sessions with the same id.
pub(crate) const SESSION: [Parameter; 1] = [BASTION];

/// Parameters of `/gaps`.
pub(crate) const GAPS: [Parameter; 2] = [
    BASTION,
    Parameter {
        name: "limit",
        says: "Maximum number of sessions, and of recordings; default 50.",
        kind: ParameterKind::Number(LARGEST_PAGE),
    },
];

/// Filters of `/reviews`.
pub(crate) const REVIEWS: [Parameter; 4] = [
    BASTION,
    word("overdue", &TRUTHS, "With `true`, only reviews that are overdue."),
    LIMIT,
    Parameter { name: "cursor", says: "The `next_cursor` of the previous page.", kind: ParameterKind::ReviewsCursor },
];

/// Parameters of `/summary`: first and last day.
pub(crate) const SUMMARY: [Parameter; 2] = [
    Parameter { name: "from", says: "First day; default 29 days before the last.", kind: ParameterKind::Day },
    Parameter {
        name: "to",
        says: "Last day; default today. Of more than 400 days, the newest are returned.",
        kind: ParameterKind::Day,
    },
];

/// Parameters of `/coverage`.
pub(crate) const COVERAGE: [Parameter; 2] =
    [Parameter { name: "month", says: "Month in UTC; default last month.", kind: ParameterKind::Month }, BASTION];

#[cfg(test)]
mod tests {
    use domain::record::catalogue::RecordingState;
    use domain::record::session::SessionState;

    use super::*;

    fn words(parameters: &[Parameter], name: &str) -> Vec<&'static str> {
        match parameters.iter().find(|parameter| parameter.name == name).map(|parameter| parameter.kind) {
            Some(ParameterKind::Word(words)) => words.to_vec(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_state_can_be_asked_for() {
        assert_eq!(words(&RECORDINGS, "state"), RecordingState::ALL.map(RecordingState::name));
        assert_eq!(words(&SESSIONS, "state"), SessionState::ALL.map(SessionState::name));
    }
}
