//! What needs attention.

use std::collections::BTreeMap;

use domain::words;
use pipeline::query::Gaps;
use pipeline::summary::Summary;
use pipeline::view::PageView;

use crate::gaps::Stopped;

/// What is to be noticed, as it was found.
pub struct Noticed<'a> {
    /// What is missing.
    pub gaps: &'a Gaps,
    /// Of the recordings that may be of several sessions, the newest few.
    pub ambiguous: &'a PageView<'a>,
    /// Of those that people are warned of, the newest few.
    pub expiring: &'a PageView<'a>,
}

pub(crate) struct Item {
    pub(crate) tone: &'static str,
    pub(crate) what: String,
    pub(crate) advice: String,
    pub(crate) path: &'static str,
}

/// What needs attention, the most urgent first.
pub(crate) fn attention(summary: &Summary, noticed: &Noticed<'_>) -> Vec<Item> {
    let Noticed { gaps, ambiguous, expiring } = noticed;
    let mut items: Vec<Item> = gaps
        .bastions
        .iter()
        .map(Stopped)
        .map(|gap| Item {
            tone: "critical",
            what: gap.what(),
            advice: format!("Last: {}. To do: {}.", gap.last(), gap.advice()),
            path: "/ui/gaps",
        })
        .collect();
    let (sessions, recordings) = (&gaps.sessions, &gaps.recordings);
    let totals = &summary.totals;
    let found = |items: usize, more: bool, counted: u64| Found { items: as_count(items), more, counted };
    let several = [
        (
            found(sessions.items.len(), sessions.next_cursor.is_some(), totals.gaps),
            "unrecorded session",
            "Nobody can watch what was done in them.",
            "/ui/gaps",
        ),
        (
            // Those that a failed login explains are counted with the others, and no gap.
            found(recordings.items.len(), recordings.next_cursor.is_some(), 0),
            "unmatched recording",
            "No audit log tells who is on them.",
            "/ui/gaps",
        ),
        (
            found(ambiguous.items.len(), ambiguous.next_cursor.is_some(), counted(&totals.by_match, "ambiguous")),
            "ambiguous recording",
            "Several sessions fit; nobody is named on a guess.",
            "/ui/recordings?match=ambiguous",
        ),
        (
            found(expiring.items.len(), expiring.next_cursor.is_some(), counted(&totals.by_state, "expiring")),
            "expiring recording",
            "On the way out: a legal hold still stops it.",
            "/ui/recordings?state=expiring",
        ),
    ];
    items.extend(several.into_iter().filter(|(found, ..)| found.items > 0 || found.more).map(
        |(found, what, advice, path)| Item {
            tone: "warning",
            what: found.in_words(what),
            advice: advice.to_owned(),
            path,
        },
    ));
    items
}

/// How many there are of something that needs attention.
struct Found {
    /// That a look just now has found.
    items: u64,
    /// Whether that look had no end.
    more: bool,
    /// That were there when everything was counted.
    counted: u64,
}

impl Found {
    fn in_words(&self, what: &str) -> String {
        match self.more {
            true if self.counted > self.items => words::count(self.counted, what),
            true => format!("{} or more", words::count(self.items, what)),
            false => words::count(self.items, what),
        }
    }
}

fn as_count(items: usize) -> u64 {
    items.try_into().unwrap_or(u64::MAX)
}

/// How many were counted under a name.
pub(crate) fn counted(of: &BTreeMap<String, u64>, name: &str) -> u64 {
    of.get(name).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Found;

    #[test]
    fn a_look_without_an_end_says_what_was_counted_or_that_there_are_more() {
        let told = |items, more, counted| Found { items, more, counted }.in_words("gap");
        assert_eq!([told(1, false, 22), told(20, true, 22)], ["1 gap", "22 gaps"]);
        assert_eq!(told(20, true, 3), "20 gaps or more");
    }
}
