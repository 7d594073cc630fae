//! Tests of the health page.

use catalogue_page::{Frame, HealthPage, NavigationEntry, PageClock, html};
use domain::decide::posture::{Check, CheckResult, Question};
use domain::record::estate::Estate;
use domain::record::notification::Severity;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::posture::Report;

fn page(checks: Vec<Check>) -> String {
    let frame = Frame::new(Some(NavigationEntry::Health), PageClock::new(Timestamp::UNIX_EPOCH, TimeZone::UTC), None);
    let report = Report { at: Timestamp::UNIX_EPOCH, checks };
    html(&HealthPage::new(frame, Some(&report), &Estate::default(), &[])).unwrap()
}

fn check(question: Question, subject: &str, severity: Severity) -> Check {
    let result = CheckResult::Finding(severity);
    Check { question, subject: subject.to_owned(), result, evidence: format!("found at {subject}"), fix: None }
}

#[test]
fn twenty_equal_findings_are_one_line_that_unfolds() {
    let checks = (0..20).map(|n| check(Question::BastionSku, &format!("bas-{n}"), Severity::Critical)).collect();
    let page = page(checks);
    assert_eq!(page.matches("20 times").count(), 1, "{page}");
    let list = page.split_once("<section aria-labelledby=\"group-1\">").unwrap().1;
    let (before, folded) = list.split_once("<summary>").unwrap();
    assert!(!before.contains("bas-0"), "{before}");
    assert!(folded.contains("found at bas-0") && folded.contains("found at bas-19"), "{folded}");
    assert_eq!(page.matches("id=\"check-").count(), 20, "each sign of the matrix still leads to its check");
}

#[test]
fn findings_of_other_severities_or_questions_have_lines_of_their_own() {
    let page = page(vec![
        check(Question::BastionSku, "bas-0", Severity::Critical),
        check(Question::BastionSku, "bas-1", Severity::Warning),
        check(Question::BastionRecording, "bas-2", Severity::Critical),
    ]);
    assert!(!page.contains(" times</span>"), "{page}");
    assert!(["bas-0", "bas-1", "bas-2"].iter().all(|name| page.contains(&format!("found at {name}"))), "{page}");
}
