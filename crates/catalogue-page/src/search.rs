//! Search pages of recordings and sessions.

use askama::Template;
use domain::record::catalogue::RecordingState;
use domain::record::estate::BastionName;
use domain::record::join::Match;
use domain::record::session::SessionState;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::query::{
    Cursor, Query, SessionCursor, SessionQuery, TimeRange, UnknownWord, range_begin_in, range_end_in,
};
use pipeline::view::{PageView, SessionPageView};

use crate::form::{FormBuilder, PageForm, PageQuery};
use crate::row::{self, RecordingRow, SessionRow};
use crate::{Frame, NavigationEntry};

/// Rows per page.
const ROWS: usize = 50;

/// Search page of recordings.
#[derive(Template)]
#[template(path = "recordings.html")]
pub struct RecordingsPage<'a> {
    frame: Frame,
    form: PageForm,
    rows: Vec<RecordingRow<'a>>,
    pager: Pager,
}

/// Search page of sessions.
#[derive(Template)]
#[template(path = "sessions.html")]
pub struct SessionsPage<'a> {
    frame: Frame,
    form: PageForm,
    rows: Vec<SessionRow<'a>>,
    pager: Pager,
}

/// Links to the newest and the older rows.
pub(crate) struct Pager {
    pub(crate) newest: Option<String>,
    pub(crate) older: Option<String>,
}

impl Pager {
    pub(crate) fn new(path: &str, asked: &PageQuery, next: Option<&dyn std::fmt::Display>) -> Self {
        let address = |cursor| match asked.at(cursor) {
            question if question.is_empty() => path.to_owned(),
            question => format!("{path}?{question}"),
        };
        Self { newest: asked.get("cursor").map(|_| address(None)), older: next.map(|next| address(Some(next))) }
    }
}

impl<'a> RecordingsPage<'a> {
    /// Parses the search form, with days as of `now` in a time zone. Returns no query if a field is wrong; the form then
    /// shows the error.
    pub fn asked<'o>(
        asked: &PageQuery,
        bastions: impl IntoIterator<Item = &'o str>,
        now: Timestamp,
        time_zone: &TimeZone,
    ) -> (PageForm, Option<Query>) {
        let mut form = FormBuilder::new(asked);
        let query = Query {
            search: form.search().unwrap_or_default().at(now, time_zone),
            person: form.text("person", "Person"),
            machine: form.text("machine", "Machine"),
            class: form.text("class", "Class"),
            created: TimeRange {
                from: form.field("from", "Created from", "date", |text| {
                    range_begin_in(text, time_zone).map_err(|e| e.to_string())
                }),
                to: form
                    .field("to", "Created to", "date", |text| range_end_in(text, time_zone).map_err(|e| e.to_string())),
            },
            bastion: form.bastion(bastions).map(|name| BastionName::new(&name)),
            state: form
                .choice("state", "State", RecordingState::ALL.map(RecordingState::name))
                .and_then(|name| RecordingState::parse(&name)),
            matching: form.choice("match", "Session", Match::NAMES),
            held: form.tick("held").then_some(true),
            limit: ROWS,
            cursor: asked.get("cursor").and_then(|text| Cursor::parse(text).ok()),
        };
        let (mut form, is_right) = form.end();
        if let Some(search) = &mut form.search {
            search.understood(asked, &query.search, &[]);
        }
        (form, is_right.then_some(query))
    }

    /// Adds similar words for those that no name has.
    pub fn suggest(form: &mut PageForm, asked: &PageQuery, query: &Query, unknown: &[UnknownWord]) {
        if let Some(search) = &mut form.search {
            search.understood(asked, &query.search, unknown);
        }
    }

    /// Creates the page of the search results.
    pub fn new(frame: Frame, form: PageForm, asked: &PageQuery, found: &'a PageView<'a>) -> Self {
        let pager =
            Pager::new(NavigationEntry::Recordings.path(), asked, found.next_cursor.as_ref().map(|next| next as _));
        Self { frame, form, rows: row::recordings(&found.items), pager }
    }
}

impl<'a> SessionsPage<'a> {
    /// Parses the search form. Returns no query if a field is wrong; the form then shows the error.
    pub fn asked<'o>(
        asked: &PageQuery,
        bastions: impl IntoIterator<Item = &'o str>,
        time_zone: &TimeZone,
    ) -> (PageForm, Option<SessionQuery>) {
        let mut form = FormBuilder::new(asked);
        let states = SessionState::ALL.map(SessionState::name);
        let query = SessionQuery {
            person: form.text("person", "Person"),
            machine: form.text("machine", "Machine"),
            account: form.text("account", "Account"),
            began: TimeRange {
                from: form.field("from", "Began from", "date", |text| {
                    range_begin_in(text, time_zone).map_err(|e| e.to_string())
                }),
                to: form
                    .field("to", "Began to", "date", |text| range_end_in(text, time_zone).map_err(|e| e.to_string())),
            },
            bastion: form.bastion(bastions).map(|name| BastionName::new(&name)),
            state: form.choice("state", "State", states).and_then(|name| SessionState::parse(&name)),
            without_recording: form.tick("without_recording"),
            limit: ROWS,
            cursor: asked.get("cursor").and_then(|text| SessionCursor::parse(text).ok()),
        };
        let (form, is_right) = form.end();
        (form, is_right.then_some(query))
    }

    /// Creates the page of the search results.
    pub fn new(frame: Frame, form: PageForm, asked: &PageQuery, found: &'a SessionPageView) -> Self {
        let pager =
            Pager::new(NavigationEntry::Sessions.path(), asked, found.next_cursor.as_ref().map(|next| next as _));
        Self { frame, form, rows: row::sessions(&found.items), pager }
    }
}
