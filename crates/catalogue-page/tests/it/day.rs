//! Tests of the page of one day.

use catalogue_page::{DayLists, DayPage, Frame, LanesBy, PageClock, html};
use domain::record::catalogue::Contradicted;
use domain::record::estate::{BastionName, Estate};
use domain::record::session::{Gap, GapCause, SessionEntry};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::SessionPlace;
use pipeline::query::{Cursor, DayOfActivity, FoundSession, Page, SessionCursor, SessionPage};
use pipeline::testing::sample;
use pipeline::view::{PageView, SessionPageView};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn page(by: LanesBy, is_cut: bool) -> String {
    let begin: Timestamp = "2026-03-02T00:00:00Z".parse().unwrap();
    let gap = Gap { found_at: begin, cause: GapCause::Unknown, closed_at: None };
    let id = |tunnel| sample::session_id("hub", tunnel);
    let recorded = sample::ended(id("t1"), "vm-a", "root", begin + HOUR);
    let unrecorded = sample::ended(id("t2"), "VM-A", "root", begin + HOUR * 2);
    let failed = sample::failed(id("t3"), "vm-b", "root", begin + HOUR * 3);
    let entries = [recorded, SessionEntry { gap: Some(gap), ..unrecorded }, failed];
    let next = SessionCursor::after(SessionPlace { at: begin, id: id("t1") });
    let found = |entry| FoundSession { entry, recording: None, contradicted: Contradicted::default() };
    let sessions =
        SessionPage { items: entries.into_iter().map(found).collect(), next_cursor: Some(next).filter(|_| is_cut) };
    let recording = sample::entry(&sample::address("vm-c-user"), begin + HOUR);
    let recordings = Page { items: vec![recording], ..Page::default() };
    shown(by, &DayOfActivity { begin, end: begin + HOUR * 24, bastion: None, sessions, recordings })
}

fn shown(by: LanesBy, day: &DayOfActivity) -> String {
    let now = day.begin + HOUR * 48;
    let view = DayLists {
        sessions: SessionPageView::from_page(&day.sessions),
        recordings: PageView::from_page(&day.recordings, &Estate::default(), now),
    };
    let frame = Frame::new(None, PageClock::new(now, TimeZone::UTC), None);
    html(&DayPage::new(frame, "2026-03-02".parse().unwrap(), by, day, &view)).unwrap()
}

/// Returns the descriptions of the lanes.
fn lanes(page: &str) -> Vec<&str> {
    let lanes = page.split("role=\"img\" aria-label=\"").skip(1);
    lanes.map(|lane| lane.split_once('"').unwrap().0).collect()
}

#[test]
fn a_machine_has_one_lane_however_it_is_written() {
    let page = page(LanesBy::Machine, false);
    assert_eq!(
        lanes(&page),
        [
            "0 sessions, 0 without a recording, 1 recording, 0 failed logins",
            "2 sessions, 1 without a recording, 0 recordings, 0 failed logins",
            "0 sessions, 0 without a recording, 0 recordings, 1 failed login",
        ]
    );
    assert!(page.contains("machine not known") && !page.contains("more than is shown"), "{page}");
    assert!(page.contains("<rect class=\"lane-gap\" x=\"120\" y=\"2\" width=\"10\""), "{page}");
}

#[test]
fn a_recording_without_a_certain_person_is_in_a_lane_of_its_own() {
    let page = page(LanesBy::Person, false);
    assert_eq!(lanes(&page).len(), 2);
    let (unknown, _) = page.split_once("/ui/people/").unwrap();
    assert!(unknown.contains("person not known") && unknown.contains("lane-recording"), "{unknown}");
}

#[test]
fn a_cut_day_says_so() {
    assert!(page(LanesBy::Machine, true).contains("The day may have more than is shown"));
}

/// A day without any session or recording.
fn empty(bastion: Option<&str>, is_cut: bool) -> String {
    let begin: Timestamp = "2026-03-02T00:00:00Z".parse().unwrap();
    let entry = sample::entry(&sample::address("vm-c-user"), begin);
    let next_cursor = Some(Cursor::after(entry.id)).filter(|_| is_cut);
    let sessions = SessionPage { items: Vec::new(), next_cursor: None };
    let recordings = Page { next_cursor, ..Page::default() };
    let bastion = bastion.map(BastionName::new);
    shown(LanesBy::Machine, &DayOfActivity { begin, end: begin + HOUR * 24, bastion, sessions, recordings })
}

#[test]
fn a_day_that_was_not_read_to_its_end_does_not_count_as_empty() {
    let (whole, cut) = (empty(None, false), empty(None, true));
    assert!(whole.contains("No session and no recording began") && !whole.contains("more than is shown"), "{whole}");
    assert!(!cut.contains("No session and no recording began") && cut.contains("more than is shown"), "{cut}");
}

#[test]
fn the_links_of_a_day_keep_its_bastion() {
    let page = empty(Some("bas hub"), true);
    let links: Vec<&str> = page.split("href=\"").skip(1).filter_map(|link| link.split('"').next()).collect();
    let days = links.iter().filter(|link| link.starts_with("/ui/days/") || link.contains("from=2026-03-02"));
    let days: Vec<&&str> = days.collect();
    assert!(days.len() >= 5, "{links:?}");
    assert!(days.iter().all(|link| link.contains("bastion=bas%20hub")), "{days:?}");
    assert!(page.contains("<h1>2026-03-02, bastion <bdi>bas hub</bdi>"), "{page}");
}
