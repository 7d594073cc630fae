//! Attention list of the overview.

use std::collections::BTreeMap;

use domain::words;
use pipeline::query::{Attention, Gaps};
use pipeline::summary::Summary;
use pipeline::view::PageView;

use super::troubles::{of_recordings, of_setup};
use crate::clock::PageClock;
use crate::gaps::Stopped;

/// Findings listed on the overview.
pub struct Noticed<'a> {
    /// Sessions, recordings and bastions with gaps.
    pub gaps: &'a Gaps,
    /// Newest few of the ambiguous recordings.
    pub ambiguous: &'a PageView<'a>,
    /// Newest few of the expiring recordings.
    pub expiring: &'a PageView<'a>,
    /// Troubles of the setup and of our own work.
    pub troubles: &'a Attention,
}

pub(crate) struct AttentionItem {
    pub(crate) tone: &'static str,
    pub(crate) what: String,
    pub(crate) advice: String,
    pub(crate) path: &'static str,
}

/// Returns the attention list, the most urgent item first.
pub(crate) fn attention(summary: &Summary, noticed: &Noticed<'_>, clock: &PageClock) -> Vec<AttentionItem> {
    let Noticed { gaps, ambiguous, expiring, troubles } = noticed;
    let mut items: Vec<AttentionItem> = gaps
        .bastions
        .iter()
        .map(Stopped)
        .map(|gap| AttentionItem {
            tone: "critical",
            what: gap.what(),
            advice: format!("Last: {}. To do: {}.", gap.last(clock), gap.advice()),
            path: "/ui/gaps",
        })
        .collect();
    let counts = summary.outlook.iter().flat_map(|outlook| &outlook.troubles);
    items.extend(counts.map(|(trouble, count)| of_recordings(*trouble, *count)));
    items.extend(of_setup(troubles, clock));
    let (sessions, recordings) = (&gaps.sessions, &gaps.recordings);
    let totals = &summary.totals;
    let found = |items: usize, more: bool, counted: u64| Found { items: as_count(items), more, counted };
    let several = [
        (
            found(sessions.items.len(), sessions.next_cursor.is_some(), totals.gaps),
            "unrecorded session",
            "There is no recording to watch.",
            "/ui/gaps",
        ),
        (
            // The count would include recordings explained by a failed login, which are no gap; hence 0.
            found(recordings.items.len(), recordings.next_cursor.is_some(), 0),
            "unmatched recording",
            "The audit log has no session for them.",
            "/ui/gaps",
        ),
        (
            found(ambiguous.items.len(), ambiguous.next_cursor.is_some(), counted(&totals.by_match, "ambiguous")),
            "ambiguous recording",
            "Several sessions fit; no person is named on a guess.",
            "/ui/recordings?match=ambiguous",
        ),
        (
            found(expiring.items.len(), expiring.next_cursor.is_some(), counted(&totals.by_state, "expiring")),
            "expiring recording",
            "Deleted soon; a legal hold still prevents it.",
            "/ui/deletions",
        ),
    ];
    items.extend(several.into_iter().filter(|(found, ..)| found.items > 0 || found.more).map(
        |(found, what, advice, path)| AttentionItem {
            tone: "warning",
            what: found.in_words(what),
            advice: advice.to_owned(),
            path,
        },
    ));
    // Stable: within one tone, lines stay in the order of urgency.
    items.sort_by_key(|item| item.tone != "critical");
    items
}

/// Number of items of one kind in the attention list.
struct Found {
    /// Items in the loaded page.
    items: u64,
    /// True if more items follow the loaded page.
    more: bool,
    /// Number at the last count.
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

/// Returns the count stored under `name`, or 0.
pub(crate) fn counted(of: &BTreeMap<String, u64>, name: &str) -> u64 {
    of.get(name).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Found;

    #[test]
    fn an_incomplete_count_says_that_there_are_more() {
        let told = |items, more, counted| Found { items, more, counted }.in_words("gap");
        assert_eq!([told(1, false, 22), told(20, true, 22)], ["1 gap", "22 gaps"]);
        assert_eq!(told(20, true, 3), "20 gaps or more");
    }
}
