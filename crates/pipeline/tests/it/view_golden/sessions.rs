//! Sessions and gaps.

use domain::record::catalogue::Contradicted;
use domain::record::effect::{Effect, Pending};
use domain::record::estate::BastionName;
use domain::record::recording_id::RecordingId;
use domain::record::session::{Gap, GapCause, SessionEntry, Texts, TunnelId};
use pipeline::ports::SessionPlace;
use pipeline::query::{BastionGap, FoundSession, Gaps, Page, SessionCursor, SessionPage, Silence};
use pipeline::testing::sample;
use pipeline::view::{GapsView, SessionDetailView, SessionPageView, SessionView};

use crate::view_golden::check;
use crate::view_golden::recordings::{at, estate, now, settled};

fn id(tunnel: &str) -> domain::record::session::SessionId {
    sample::session_id("bas-hub-01", tunnel)
}

fn ended() -> SessionEntry {
    sample::ended(id("5e55-01"), "vm-web-01", "azureadmin", at("2026-03-02T09:12:44.123456789Z"))
}

/// A session whose records disagree, and which may be the one of several without a recording.
fn odd() -> SessionEntry {
    let mut entry = ended();
    entry.records.user_email = Texts::new(["ann@contoso.example".to_owned(), "bob@contoso.example".to_owned()]);
    entry.records.message = Texts::new(["Session ended.".to_owned(), "\u{1b}[2J".to_owned()]);
    let tunnels = ["5e55-01", "5e55-02"].map(|text| TunnelId::parse(text).unwrap());
    let (found_at, cause) = (at("2026-03-03T09:30:00.5Z"), GapCause::OneOf(tunnels.into()));
    entry.gap = Some(Gap { found_at, cause, closed_at: None });
    let since = at("2026-03-03T09:30:00Z");
    entry.pending = vec![Pending { effect: Effect::Rejoin, attempts: 1, since, retry_at: since }];
    entry
}

fn recording() -> Option<RecordingId> {
    Some(settled().id)
}

fn found(entry: SessionEntry, recording: Option<RecordingId>) -> FoundSession {
    FoundSession { entry, recording, contradicted: Contradicted::default() }
}

#[test]
fn a_session_keeps_the_fractions_of_its_times() {
    check("session.json", &SessionView::from_session(&found(ended(), recording())));
}

#[test]
fn a_failed_login_has_every_key_and_no_length() {
    let failed = sample::failed(id("5e55-03"), "vm-web-01", "root", at("2026-03-02T09:40:10.1Z"));
    check("session-failed.json", &SessionView::from_session(&found(failed, None)));
}

#[test]
fn a_detailed_session_shows_contradictions_between_records() {
    check("session-detail.json", &SessionDetailView::from_session(&found(odd(), None), vec![settled().id]));
}

#[test]
fn a_session_warns_of_times_that_its_recording_contradicts() {
    let contradicted = Contradicted { start: false, end: true };
    let view =
        serde_json::to_value(SessionView::from_session(&FoundSession { contradicted, ..found(ended(), recording()) }));
    assert_eq!(view.unwrap()["warnings"], serde_json::json!(["end_contradicts_storage"]));
}

#[test]
fn a_closed_gap_is_not_shown() {
    let mut entry = odd();
    entry.gap.as_mut().unwrap().closed_at = Some(at("2026-03-04T00:00:00Z"));
    assert!(SessionView::from_session(&found(entry, recording())).gap.is_none());
}

#[test]
fn a_page_of_sessions_has_the_cursor() {
    let next_cursor = Some(SessionCursor::after(SessionPlace { at: ended().at(), id: ended().id }));
    let items = vec![found(ended(), recording())];
    check("session-page.json", &SessionPageView::from_page(&SessionPage { items, next_cursor }));
}

#[test]
fn gaps_are_bastions_sessions_and_recordings() {
    let stopped = |silence, last| BastionGap { bastion: BastionName::new("bas-hub-01"), silence, last };
    let gaps = Gaps {
        bastions: vec![stopped(Silence::Recording, Some(at("2026-03-02T09:12:44Z"))), stopped(Silence::AuditLog, None)],
        sessions: SessionPage { items: vec![found(odd(), None)], next_cursor: None },
        recordings: Page { items: vec![settled()], ..Page::default() },
    };
    check("gaps.json", &GapsView::from_gaps(&gaps, &estate(), now()));
}
