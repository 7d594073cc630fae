//! Tests of the page of gaps.

use catalogue_page::{Frame, GapsPage, NavigationEntry, PageClock, html};
use domain::record::estate::Estate;
use jiff::tz::TimeZone;
use pipeline::query::{Cursor, Gaps, Page, SessionPage};
use pipeline::testing::sample;
use pipeline::view::GapsView;

/// Returns the section of recordings of a page without any gap.
fn recordings(next_cursor: Option<Cursor>) -> String {
    let gaps = Gaps {
        bastions: Vec::new(),
        sessions: SessionPage { items: Vec::new(), next_cursor: None },
        recordings: Page { next_cursor, ..Page::default() },
    };
    let now = sample::second(0);
    let frame = Frame::new(Some(NavigationEntry::Gaps), PageClock::new(now, TimeZone::UTC), None);
    let page = html(&GapsPage::new(frame, &gaps, &GapsView::from_gaps(&gaps, &Estate::default(), now))).unwrap();
    page.split_once("<h2 id=\"recordings\">").unwrap().1.to_owned()
}

#[test]
fn a_list_that_was_not_read_to_its_end_does_not_say_none() {
    let entry = sample::entry(&sample::address("vm-user"), sample::second(0));
    let cut = recordings(Some(Cursor::after(entry.id)));
    assert!(!cut.contains("None.") && cut.contains("were not read"), "{cut}");
    assert!(cut.contains("href=\"/ui/recordings?match=unmatched\""), "{cut}");
    let whole = recordings(None);
    assert!(whole.contains("None.") && !whole.contains("match=unmatched"), "{whole}");
}
