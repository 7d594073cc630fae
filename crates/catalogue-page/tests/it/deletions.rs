//! Tests of the pages of deletions and holds.

use catalogue_page::{ComingData, DeletionsPage, Frame, HoldsPage, NavigationEntry, PageClock, html};
use domain::blob::ETag;
use domain::estate::Estate;
use domain::hold::{Actor, Hold, HoldScope};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::hold::KnownHold;
use pipeline::retention::{PastRun, WaitingPlan};
use pipeline::summary::{OutlookCounts, Summary};
use pipeline::testing::sample;
use pipeline::view::RecordingView;

fn frame() -> Frame {
    let now = at("2026-03-04T12:00:00Z");
    Frame::new(Some(NavigationEntry::Deletions), PageClock::new(now, TimeZone::UTC), None)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn counted(outlook: OutlookCounts) -> Summary {
    Summary { as_of: Some(at("2026-03-04T11:00:00Z")), is_whole: true, outlook: Some(outlook), ..Summary::default() }
}

fn deletions(summary: &Summary, plans: &[WaitingPlan], runs: &[PastRun]) -> String {
    let entry = sample::expiring(&sample::address("vm-user"), &ETag::new("0x1"), at("2026-03-01T09:00:00Z"));
    let frame = frame();
    let in_grace = [RecordingView::of(&entry, &Estate::default(), at("2026-03-04T12:00:00Z"))];
    let data = ComingData { policy: None, summary, in_grace: &in_grace, due: &[], has_more: false, plans, runs };
    html(&DeletionsPage::new(frame, &data)).unwrap()
}

#[test]
fn an_uncounted_forecast_says_so_and_shows_no_number() {
    let page = deletions(&Summary::default(), &[], &[]);
    assert!(page.contains("Not counted yet."), "{page}");
    let empty = deletions(&counted(OutlookCounts::default()), &[], &[]);
    assert!(empty.contains("Nothing until 2026-06-07.") && !empty.contains("Not counted yet."), "{empty}");
}

#[test]
fn a_recording_in_its_grace_period_has_its_class_rule_and_end() {
    let page = deletions(&Summary::default(), &[], &[]);
    let (_, row) = page.split_once("Warned until</th>").unwrap();
    let (row, _) = row.split_once("</tr>\n</tbody>").unwrap();
    for said in ["<bdi>brief</bdi>", "<bdi>the default</bdi>", "2026-03-02", "<td>delete</td>"] {
        assert!(row.contains(said), "{said}: {row}");
    }
}

#[test]
fn a_stopped_plan_has_its_reason_and_the_command_to_approve_it() {
    let plan = WaitingPlan {
        digest: "9f2c".to_owned(),
        kind: "delete".to_owned(),
        as_of: at("2026-03-04T11:00:00Z"),
        count: 212,
        stopped: Some("212 deletions in one run, of 100 allowed".to_owned()),
    };
    let page = deletions(&Summary::default(), &[plan], &[]);
    for said in ["212 recordings to delete", "of 100 allowed", "<code>archivist retention approve 9f2c</code>"] {
        assert!(page.contains(said), "{said}: {page}");
    }
}

fn holds(summary: &Summary, placed_at: &str) -> String {
    let scope = HoldScope { person: Some("ada@contoso.example".to_owned()), ..HoldScope::default() };
    let counsel = || Actor { name: "counsel".to_owned(), is_verified: true };
    let hold = Hold::new("2026-17", "<b>letter</b>", scope, counsel(), at(placed_at));
    let released = Hold { case: "2025-3".to_owned(), ..hold.clone() };
    let known = [
        KnownHold { hold, released: None },
        KnownHold { hold: released, released: Some((counsel(), at("2026-03-03T12:00:00Z"))) },
    ];
    html(&HoldsPage::new(frame(), &known, summary)).unwrap()
}

#[test]
fn a_hold_placed_after_the_count_is_not_counted() {
    let page = holds(&counted(OutlookCounts::default()), "2026-03-04T11:30:00Z");
    assert!(page.contains("<td class=\"number\"><span class=\"faint\">not counted</span></td>"), "{page}");
    let earlier = holds(&counted(OutlookCounts::default()), "2026-03-04T10:30:00Z");
    assert!(earlier.contains("<td class=\"number\">0</td>"), "{earlier}");
}

#[test]
fn a_case_has_scope_reason_person_and_the_command_to_release_it() {
    let page = holds(&Summary::default(), "2026-03-04T11:30:00Z");
    let (active, released) = page.split_once("<h2 id=\"released\">").unwrap();
    for said in ["archivist hold release --case 2026-17", "/ui/people/ada%40contoso%2Eexample", "counsel", "letter"] {
        assert!(active.contains(said), "{said}: {active}");
    }
    assert!(!page.contains("<b>") && !active.contains("2025-3"), "{page}");
    assert!(released.contains("2026-03-03 12:00 by counsel"), "{released}");
}
