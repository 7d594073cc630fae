//! Log of the findings of one month: when each was first found, and when it was resolved.
//!
//! The times are those of checks. A finding stays open while its check has no answer.

use jiff::{SignedDuration, Timestamp};

use super::check::{Check, CheckResult};
use crate::record::notification::Severity;

/// Longest pause between two checks of a month whose findings count as known. Checks run daily.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(72);
/// Maximum number of spells kept for a month.
const MOST_SPELLS: usize = 2_000;

/// Time during which a finding was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingSpell {
    /// Name of the question.
    pub check: String,
    /// Subject of the check.
    pub subject: String,
    /// Worst severity so far; never information.
    pub severity: Severity,
    /// Check that found it first.
    pub from: Timestamp,
    /// Check that found it resolved. `None` if it is open.
    pub to: Option<Timestamp>,
}

/// Findings that were open in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingLog {
    /// First check, or the last one of an earlier month.
    pub checked_from: Timestamp,
    /// Last check.
    pub checked_to: Timestamp,
    /// True if there was too long a pause before a check of the month.
    pub has_pause: bool,
    /// True if some findings are missing because there were too many.
    pub is_cut: bool,
    /// Spells by the time at which they were found.
    pub spells: Vec<FindingSpell>,
}

impl FindingLog {
    /// Starts with the first check ever made.
    pub fn begin(at: Timestamp) -> Self {
        Self { checked_from: at, checked_to: at, has_pause: false, is_cut: false, spells: Vec::new() }
    }

    /// Starts the log of a later month, with the findings that are open.
    #[must_use]
    pub fn of_later_month(&self) -> Self {
        let spells = self.spells.iter().filter(|spell| spell.to.is_none()).cloned().collect();
        Self { checked_from: self.checked_to, has_pause: false, spells, ..*self }
    }

    /// Adds all checks made at one time. With `has_outages`, a finding that is no longer checked stays open. Checks
    /// from before the last one change nothing.
    pub fn add(&mut self, checks: &[Check], at: Timestamp, has_outages: bool) {
        if at < self.checked_to {
            return;
        }
        self.has_pause |= at.duration_since(self.checked_to) > LONGEST_PAUSE;
        self.checked_to = at;
        for spell in self.spells.iter_mut().filter(|spell| spell.to.is_none()) {
            if is_resolved(spell, checks, has_outages) {
                spell.to = Some(at);
            }
        }
        self.is_cut &= checks.iter().any(Check::needs_fix);
        for check in checks.iter().filter(|check| check.needs_fix()) {
            let severity = check.severity().unwrap_or(Severity::Warning);
            let is_full = self.spells.len() >= MOST_SPELLS;
            let open = self.spells.iter_mut().find(|spell| spell.to.is_none() && spell.is_of(check));
            match open {
                Some(spell) => spell.severity = spell.severity.max(severity),
                None if !is_full => {
                    let (check, subject) = (check.question.name().to_owned(), check.subject.clone());
                    self.spells.push(FindingSpell { check, subject, severity, from: at, to: None });
                }
                None => self.is_cut = true,
            }
        }
    }

    /// Returns true if the setup was checked from `begin` to `end` without too long a pause, and nothing was cut.
    pub fn covers(&self, begin: Timestamp, end: Timestamp) -> bool {
        let is_early = self.checked_from.duration_since(begin) <= LONGEST_PAUSE;
        let is_late = end.duration_since(self.checked_to) <= LONGEST_PAUSE;
        is_early && is_late && !self.has_pause && !self.is_cut
    }
}

impl FindingSpell {
    fn is_of(&self, check: &Check) -> bool {
        self.check == check.question.name() && self.subject == check.subject
    }

    /// Returns true if the finding was open at some time from `begin` to `end`.
    pub fn overlaps(&self, begin: Timestamp, end: Timestamp) -> bool {
        self.from < end && self.to.is_none_or(|to| to >= begin)
    }

    /// Returns how long the finding had been open at `end`, or when it was resolved before.
    pub fn open_for(&self, end: Timestamp) -> SignedDuration {
        let to = self.to.map_or(end, |to| to.min(end));
        to.duration_since(self.from).max(SignedDuration::ZERO)
    }
}

/// Returns true if every check of the finding is good, or if it is no longer asked while others of its kind have
/// answers.
fn is_resolved(spell: &FindingSpell, checks: &[Check], has_outages: bool) -> bool {
    let is_open = |check: &Check| matches!(check.result, CheckResult::NotChecked(_));
    let mut same = checks.iter().filter(|check| spell.is_of(check)).peekable();
    if same.peek().is_some() {
        return same.all(|check| !check.needs_fix() && !is_open(check));
    }
    let is_unanswered = checks.iter().any(|check| check.question.name() == spell.check && is_open(check));
    !has_outages && !is_unanswered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::posture::Question;

    fn at(hour: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour)
    }

    fn check(result: CheckResult) -> Check {
        let (subject, evidence) = ("hub".to_owned(), String::new());
        Check { question: Question::BastionRecording, subject, result, evidence, fix: None }
    }

    fn found(severity: Severity) -> [Check; 1] {
        [check(CheckResult::Finding(severity))]
    }

    fn unanswered() -> [Check; 1] {
        [check(CheckResult::NotChecked("no right".to_owned()))]
    }

    #[test]
    fn a_finding_is_open_from_the_check_that_found_it_to_the_one_that_found_it_resolved() {
        let mut log = FindingLog::begin(at(0));
        log.add(&found(Severity::Warning), at(0), false);
        log.add(&found(Severity::Critical), at(24), false);
        log.add(&unanswered(), at(48), false);
        log.add(&[check(CheckResult::Good)], at(72), false);
        log.add(&found(Severity::Warning), at(96), false);
        let spells: Vec<_> = log.spells.iter().map(|spell| (spell.severity, spell.from, spell.to)).collect();
        assert_eq!(spells, [(Severity::Critical, at(0), Some(at(72))), (Severity::Warning, at(96), None)]);
        assert_eq!(log.spells[0].open_for(at(1_000)), SignedDuration::from_hours(72));
        assert_eq!(log.spells[1].open_for(at(100)), SignedDuration::from_hours(4));
    }

    #[test]
    fn information_is_no_finding_and_two_checks_of_one_subject_are_one() {
        let mut log = FindingLog::begin(at(0));
        log.add(&found(Severity::Info), at(0), false);
        assert_eq!(log.spells, []);
        log.add(&[found(Severity::Warning), found(Severity::Critical)].concat(), at(1), false);
        let good = check(CheckResult::Good);
        log.add(&[good.clone(), found(Severity::Warning)[0].clone()], at(2), false);
        assert_eq!(log.spells.iter().map(|spell| (spell.from, spell.to)).collect::<Vec<_>>(), [(at(1), None)]);
        log.add(&[good.clone(), good], at(3), false);
        assert_eq!(log.spells[0].to, Some(at(3)));
    }

    #[test]
    fn a_finding_that_is_no_longer_checked_ends_unless_there_was_an_outage() {
        let mut log = FindingLog::begin(at(0));
        log.add(&found(Severity::Warning), at(0), false);
        log.add(&[], at(1), true);
        assert_eq!(log.spells[0].to, None);
        log.add(&[Check { subject: "spoke".to_owned(), ..unanswered()[0].clone() }], at(2), false);
        assert_eq!(log.spells[0].to, None, "another check of its kind had no answer");
        log.add(&[], at(3), false);
        assert_eq!(log.spells[0].to, Some(at(3)));
    }

    #[test]
    fn a_later_month_has_the_open_findings_with_their_first_time() {
        let mut log = FindingLog::begin(at(0));
        log.add(&found(Severity::Warning), at(0), false);
        let mut later = log.of_later_month();
        later.add(&[check(CheckResult::Good)], at(24), false);
        assert_eq!((later.checked_from, later.spells[0].from, later.spells[0].to), (at(0), at(0), Some(at(24))));
        assert_eq!(later.of_later_month().spells, []);
    }

    #[test]
    fn a_month_is_covered_without_a_pause_of_more_than_three_days() {
        let mut log = FindingLog::begin(at(0));
        (1..=10).for_each(|day| log.add(&[], at(24 * day), false));
        assert!(log.covers(at(0), at(240)) && log.covers(at(-72), at(312)));
        assert!(!log.covers(at(-73), at(240)) && !log.covers(at(0), at(313)));
        log.add(&[], at(313), false);
        assert!(!log.covers(at(0), at(313)), "it paused");
    }

    #[test]
    fn a_log_that_is_full_is_known_to_be_cut_until_a_check_finds_nothing() {
        let mut log = FindingLog::begin(at(0));
        let many: Vec<Check> = (0..=MOST_SPELLS)
            .map(|n| Check { subject: n.to_string(), ..found(Severity::Warning)[0].clone() })
            .collect();
        log.add(&many, at(0), false);
        assert_eq!((log.spells.len(), log.is_cut, log.covers(at(0), at(1))), (MOST_SPELLS, true, false));
        let mut later = log.of_later_month();
        assert!(later.is_cut);
        later.add(&[], at(1), false);
        assert!(!later.is_cut);
    }
}
