//! Tests of the pages of a person and a machine.

use catalogue_page::{Frame, NavigationEntry, PageClock, PageQuery, ProfilePage, html};
use domain::record::catalogue::Contradicted;
use domain::record::estate::Estate;
use domain::record::session::SessionEntry;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::ports::SessionPlace;
use pipeline::query::{FoundSession, Page, Profile, SessionCursor, SessionPage, Subject};
use pipeline::testing::sample;
use pipeline::view::ProfileView;

fn found(sessions: Vec<SessionEntry>, is_last: bool) -> SessionPage {
    let place = |entry: &SessionEntry| SessionCursor::after(SessionPlace { at: entry.at(), id: entry.id.clone() });
    let next_cursor = sessions.last().map(place).filter(|_| !is_last);
    let found = |entry| FoundSession { entry, recording: None, contradicted: Contradicted::default() };
    SessionPage { items: sessions.into_iter().map(found).collect(), next_cursor }
}

fn page(subject: &Subject, sessions: Vec<SessionEntry>, is_last: bool) -> String {
    let recordings = Page::default();
    let profile = Profile { sessions: found(sessions, is_last), gaps: found(Vec::new(), true), recordings };
    let frame = Frame::new(Some(NavigationEntry::Sessions), PageClock::new(Timestamp::UNIX_EPOCH, TimeZone::UTC), None);
    let view = ProfileView::from_profile(&profile, &Estate::default(), Timestamp::UNIX_EPOCH);
    html(&ProfilePage::new(frame, subject, &PageQuery::default(), &view)).unwrap()
}

#[test]
fn failed_logins_are_listed_apart_from_sessions() {
    let (one, other) = (sample::session_id("hub", "t1"), sample::session_id("hub", "t2"));
    let sessions = vec![
        sample::ended(one, "vm-a", "root", sample::second(600)),
        sample::failed(other, "vm-a", "root", sample::second(0)),
    ];
    let page = page(&Subject::Machine("vm-a".to_owned()), sessions, true);
    let (before, after) = page.split_once("<h2 id=\"sessions\">").unwrap();
    let (_, failed) = before.split_once("<h2 id=\"failed\">").unwrap();
    assert!(failed.contains("/ui/sessions/hub/t2") && !failed.contains("/ui/sessions/hub/t1"), "{failed}");
    assert!(after.contains("/ui/sessions/hub/t1") && !after.contains("/ui/sessions/hub/t2"), "{after}");
    assert!(page.contains("First seen ") && !page.contains("or earlier"), "{page}");
    assert!(page.contains("<a href=\"/ui/machines/vm-a\"><bdi title=\"vm-a\">vm-a</bdi></a>"), "{page}");
}

#[test]
fn a_count_of_a_cut_list_says_that_there_are_more() {
    let session = sample::ended(sample::session_id("hub", "t1"), "vm-a", "root", sample::second(600));
    let page = page(&Subject::Machine("vm-a".to_owned()), vec![session], false);
    assert!(page.contains("<span class=\"value\">1+</span><span class=\"label\">sessions</span>"), "{page}");
    assert!(page.contains(" or earlier: older sessions or recordings follow."), "{page}");
    assert!(page.contains("<a class=\"button\" rel=\"next\" href=\"/ui/machines/vm-a?cursor="), "{page}");
}

#[test]
fn a_hostile_person_stays_text() {
    let page = page(&Subject::Person("<b>\u{202e}@x".to_owned()), Vec::new(), true);
    assert!(!page.contains("<b>") && !page.contains('\u{202e}'), "{page}");
}
