//! Tests of the pages of deletions and holds.

use catalogue_page::{ComingData, DeletionsPage, Frame, HoldsPage, NavigationEntry, PageClock, html};
use domain::record::blob::ETag;
use domain::record::estate::Estate;
use domain::record::hold::{Actor, Hold, HoldScope};
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
    Summary {
        as_of: Some(at("2026-03-04T11:00:00Z")),
        counted_since: Some(at("2026-03-03T00:05:00Z")),
        is_whole: true,
        outlook: Some(outlook),
        ..Summary::default()
    }
}

fn deletions(summary: &Summary, plans: &[WaitingPlan], runs: &[PastRun]) -> String {
    let entry = sample::expiring(&sample::address("vm-user"), &ETag::new("0x1"), at("2026-03-01T09:00:00Z"));
    let frame = frame();
    let in_grace = [RecordingView::from_entry(&entry, &Estate::default(), at("2026-03-04T12:00:00Z"))];
    let data = ComingData {
        policy: None,
        summary,
        in_grace: &in_grace,
        due: &[],
        more_waiting: false,
        more_coming: false,
        plans,
        runs,
    };
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
fn a_section_that_was_not_read_to_its_end_does_not_say_none() {
    let summary = Summary::default();
    let section = |more_waiting| {
        let data = ComingData {
            policy: None,
            summary: &summary,
            in_grace: &[],
            due: &[],
            more_waiting,
            more_coming: false,
            plans: &[],
            runs: &[],
        };
        let page = html(&DeletionsPage::new(frame(), &data)).unwrap();
        let (_, grace) = page.split_once("<h2 id=\"grace\">").unwrap();
        grace.split_once("</section>").unwrap().0.to_owned()
    };
    assert!(section(false).contains("None.") && !section(false).contains("More wait"), "{}", section(false));
    assert!(!section(true).contains("None.") && section(true).contains("More wait"), "{}", section(true));
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
fn a_hold_is_counted_once_every_day_was_counted_after_it() {
    // The last run was at 11:00, and the days before last week were counted since 2026-03-03 00:05.
    let page = holds(&counted(OutlookCounts::default()), "2026-03-03T10:30:00Z");
    assert!(page.contains("<td class=\"number\"><span class=\"faint\">not counted yet</span></td>"), "{page}");
    assert!(page.contains("Every day was counted after 2026-03-03 00:05"), "{page}");
    let earlier = holds(&counted(OutlookCounts::default()), "2026-03-02T10:30:00Z");
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
