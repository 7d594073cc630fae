//! Tests of the page of reviews, and of reviews on the page of a recording.

use catalogue_page::{Frame, NavigationEntry, PageClock, RecordingPage, ReviewsPage, html};
use domain::record::blob::ETag;
use domain::record::catalogue::Entry;
use domain::record::estate::{BastionName, Estate};
use domain::record::hold::Actor;
use domain::record::recording_id::RecordingId;
use domain::record::review::ReviewOutcome;
use domain::record::review_mark::{ReviewMark, ReviewedContent};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::recording_review::{QueuePlace, ReviewQueue, ReviewQueueItem};
use pipeline::testing::sample;
use pipeline::view::DetailView;

/// ETag of a sample recording.
const ETAG: &str = "0x8DC0FFEE";

const ID: &str = "rec_01kjpyph1yv56czgxgxa6hk7hq";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn frame() -> Frame {
    let clock = PageClock::new(at("2026-03-04T12:00:00Z"), TimeZone::UTC);
    Frame::new(Some(NavigationEntry::Reviews), clock, None)
}

fn item() -> ReviewQueueItem {
    ReviewQueueItem {
        place: QueuePlace { due_at: at("2026-03-03T12:00:00Z"), id: RecordingId::parse(ID).unwrap() },
        is_overdue: true,
        rule: "out of <hours>".to_owned(),
        unknown_facts: vec!["person".to_owned()],
        name: "vm-user.3".to_owned(),
        bastion: BastionName::new("bas-hub-01"),
        person: None,
        created_at: None,
        uncounted_reviews: 1,
    }
}

fn page(queue: &ReviewQueue) -> String {
    html(&ReviewsPage::new(frame(), queue, true)).unwrap()
}

#[test]
fn a_waiting_review_shows_its_rule_unknown_facts_and_command() {
    let queue = ReviewQueue { items: vec![item()], total: 1, overdue: 1, next: None, is_complete: true };
    let page = page(&queue);
    let command = format!("<code>archivist review mark {ID} --outcome ok</code>");
    for said in ["1 recording waits for a review, 1 overdue", "not known: person", "1 stored, not counted", &command] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("<hours>"), "{page}");
    assert_eq!(page.matches("<form").count(), page.matches("<form class=\"zone\" method=\"get\"").count(), "{page}");
}

#[test]
fn an_incomplete_queue_claims_no_number() {
    let place = item().place;
    let queue = ReviewQueue { items: vec![item()], total: 7, overdue: 1, next: Some(place), is_complete: false };
    let page = page(&queue);
    assert!(page.contains("at least 7 recordings wait") && page.contains("not complete"), "{page}");
    assert!(page.contains(&format!("/ui/reviews?cursor={place}")), "{page}");
    let empty = html(&ReviewsPage::new(frame(), &ReviewQueue::default(), true)).unwrap();
    assert!(!empty.contains("No recording waits"), "{empty}");
}

fn reviewed(entry: &Entry) -> String {
    let view = DetailView::from_entry(entry, &Estate::default(), at("2026-03-04T12:00:00Z"));
    html(&RecordingPage::new(frame(), entry, &view, None)).unwrap()
}

#[test]
fn the_page_of_a_recording_shows_its_reviews_and_which_do_not_count() {
    let mut entry = sample::entry(&sample::address("vm-user"), at("2026-03-02T09:00:00Z"));
    assert!(!reviewed(&entry).contains("review mark"), "a recording that is not final cannot be reviewed");
    entry.final_at = Some(at("2026-03-02T15:00:00Z"));
    let mark = |name: &str, etag: &str, outcome| ReviewMark {
        outcome,
        by: Actor { name: name.to_owned(), is_verified: false },
        at: at("2026-03-03T09:00:00Z"),
        ticket: Some("INC-1".to_owned()),
        note: Some("<b>table</b>".to_owned()),
        content: Some(ReviewedContent { etag: ETag::new(etag), sha256: None }),
    };
    let facts = sample::facts("5e55-01", at("2026-03-02T09:00:00Z"));
    let person = facts.user_email.as_deref().unwrap().to_owned();
    entry.match_state.verdict = sample::matched(facts);
    entry.reviews = vec![
        mark("old", "0x0", ReviewOutcome::Ok),
        mark("jane.doe", ETAG, ReviewOutcome::Finding),
        mark(&person, ETAG, ReviewOutcome::Ok),
    ];
    let page = reviewed(&entry);
    for said in [
        "<strong>finding</strong> by <bdi>jane.doe</bdi> (not verified)",
        "INC-1",
        "their own session",
        "an earlier content",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(page.matches("does not count").count() == 2 && !page.contains("<b>table"), "{page}");
}
