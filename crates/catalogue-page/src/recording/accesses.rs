//! Accesses on the page of a recording.

use domain::address::Printable;
use pipeline::view::{AccessView, AccessesView};

use crate::clock::{PageClock, PageTime};
use crate::text;

/// Accesses of a recording, newest first.
pub struct AccessList {
    pub is_logged: bool,
    pub rows: Vec<AccessRow>,
    pub unread: Vec<UnreadRow>,
    pub older: Option<String>,
}

/// Time for which no log of reads was read. `from` is `None` for the begin of the recording.
pub struct UnreadRow {
    pub from: Option<PageTime>,
    pub to: PageTime,
}

/// One access.
pub struct AccessRow {
    pub at: PageTime,
    pub kind: &'static str,
    pub who: String,
    pub from: String,
    pub how: String,
    pub amount: String,
}

impl AccessList {
    pub fn from_view(view: Option<&AccessesView<'_>>, clock: &PageClock) -> Self {
        let Some(view) = view else {
            return Self { is_logged: false, rows: Vec::new(), unread: Vec::new(), older: None };
        };
        let more = if view.has_more_older { " or more" } else { "" };
        let older =
            (view.older > 0).then(|| format!("{}{more} older half hours with accesses are only counted.", view.older));
        Self {
            is_logged: view.logged,
            unread: view
                .unread
                .iter()
                .map(|unread| UnreadRow { from: unread.from.map(|from| clock.time(from)), to: clock.time(unread.to) })
                .collect(),
            rows: view.items.iter().rev().map(|access| AccessRow::from_view(access, clock)).collect(),
            older,
        }
    }
}

impl AccessRow {
    fn from_view(access: &AccessView<'_>, clock: &PageClock) -> Self {
        let addresses: Vec<String> = access.addresses.iter().map(ToString::to_string).collect();
        let least = if access.has_more { "at least " } else { "" };
        Self {
            at: clock.time(access.from),
            kind: access.kind,
            who: Printable(&access.in_words()).to_string(),
            from: if addresses.is_empty() {
                "an unknown address".to_owned()
            } else {
                addresses.join(", ")
            },
            how: text::readable(access.authentication),
            amount: format!("{least}{} requests, {}", access.requests, text::size(Some(access.bytes))),
        }
    }
}
