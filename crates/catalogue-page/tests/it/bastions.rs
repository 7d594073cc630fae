//! Tests of the page of recording habits.

use catalogue_page::{BastionsPage, Frame, NavigationEntry, PageClock, html};
use domain::decide::calibration::DayCounts;
use domain::decide::habits::{NameCounts, RecordingHabits};
use domain::record::estate::BastionName;
use domain::record::join::UndecidedReason;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::BastionHabits;
use pipeline::query::BastionStatus;
use pipeline::summary::BastionDays;

fn page(bastion: &str, days: &[DayCounts], names: NameCounts) -> String {
    let habits = BastionHabits {
        bastion: BastionName::new(bastion),
        habits: RecordingHabits::learn(days, names),
        since: (!days.is_empty()).then(|| "2026-03-02".parse().unwrap()),
        counted_at: (!days.is_empty()).then(|| "2026-03-05T12:00:00Z".parse().unwrap()),
    };
    let frame = Frame::new(Some(NavigationEntry::Bastions), PageClock::new(Timestamp::UNIX_EPOCH, TimeZone::UTC), None);
    html(&BastionsPage::new(frame, &[], &BastionDays::default(), &[habits])).unwrap()
}

#[test]
fn an_unlearned_habit_is_shown_as_unknown() {
    let page = page("bas-hub-01", &[], NameCounts::default());
    assert!(page.contains("Nothing has been learned yet."), "{page}");
    let said = "<dt>Recordings are</dt><dd>not known yet: not enough recordings, 0 of 20</dd>";
    assert!(page.contains(said), "{page}");
    assert!(page.contains(r#"<a href="/ui/bastions" aria-current="page">Bastions</a>"#), "{page}");
}

#[test]
fn a_learned_habit_is_shown_in_words() {
    let mut day = DayCounts { recordings: 30, ..DayCounts::default() };
    day.starts.add_many(5, 30);
    day.ends.add_many(3, 30);
    let names =
        NameCounts { matched: 29, undecided: [(UndecidedReason::RivalSession, 1)].into(), ..NameCounts::default() };
    let page = page("bas-hub-01", &[day], names);
    let said = [
        "Learned from 30 recordings since 2026-03-02. Names were counted 2026-03-05 12:00.",
        "<dd>written live, while the session goes on</dd>",
        "after the session began, from 30 recordings that stand alone</dd>",
        "<dd>1 of 30 (3 %): 1 because another session is nearly as likely</dd>",
    ];
    for said in said {
        assert!(page.contains(said), "{said}: {page}");
    }
}

#[test]
fn the_newest_audit_record_stands_beside_the_time_read_to() {
    let at = |text: &str| text.parse::<Timestamp>().ok();
    let status = BastionStatus {
        bastion: BastionName::new("bas-hub-01"),
        last_recording: None,
        log_read_to: at("2026-03-02T11:58:00Z"),
        newest_record: at("2026-03-02T09:00:00Z"),
        access_days: None,
        week: None,
        month: None,
        findings: None,
    };
    let clock = PageClock::new("2026-03-02T12:00:00Z".parse().unwrap(), TimeZone::UTC);
    let frame = Frame::new(Some(NavigationEntry::Bastions), clock, None);
    let page = html(&BastionsPage::new(frame, &[status], &BastionDays::default(), &[])).unwrap();
    let (newest, read) = (page.find(">3 h ago</time>").unwrap(), page.find(">2 min ago</time>").unwrap());
    assert!(newest < read && page.find(">Newest record<") < page.find(">Log read to<"), "{page}");
}

#[test]
fn a_hostile_name_stays_text() {
    let page = page("<b>\u{202e}bas", &[], NameCounts::default());
    assert!(!page.contains("<b>") && !page.contains('\u{202e}'), "{page}");
}
