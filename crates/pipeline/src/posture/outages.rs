//! Merges checks prevented by the same outage.

use domain::decide::posture::{Check, CheckResult, Question};

use crate::ports::Outage;

/// Replaces all checks prevented by the same outage by one check.
pub(super) fn merged(checks: Vec<Check>) -> Vec<Check> {
    let mut outages: Vec<(String, usize)> = Vec::new();
    let mut left = Vec::with_capacity(checks.len());
    for check in checks {
        match &check.result {
            CheckResult::NotChecked(reason) if Outage::is_outage_text(reason) => {
                match outages.iter_mut().find(|(known, _)| known == reason) {
                    Some((_, count)) => *count += 1,
                    None => outages.push((reason.clone(), 1)),
                }
            }
            _ => left.push(check),
        }
    }
    left.extend(outages.into_iter().map(|(reason, count)| Check {
        question: Question::OwnReach,
        subject: if count == 1 { "1 check".to_owned() } else { format!("{count} checks") },
        result: CheckResult::NotChecked(reason),
        evidence: String::new(),
        fix: None,
    }));
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn not_checked(question: Question, reason: String) -> Check {
        let result = CheckResult::NotChecked(reason);
        Check { question, subject: "x".to_owned(), result, evidence: String::new(), fix: None }
    }

    #[test]
    fn checks_prevented_by_one_outage_are_merged() {
        let outage = |host: &str| Outage::Unreachable { host: host.to_owned() }.to_string();
        let other = not_checked(Question::OwnClock, "this test has no clock".to_owned());
        let all = vec![
            not_checked(Question::BastionSku, outage("a")),
            not_checked(Question::OwnQueues, outage("a")),
            other.clone(),
            not_checked(Question::OwnPoison, outage("b")),
        ];
        let gathered: Vec<_> = merged(all).into_iter().map(|check| (check.question, check.subject)).collect();
        let reach = |count: &str| (Question::OwnReach, count.to_owned());
        assert_eq!(gathered, [(other.question, other.subject), reach("2 checks"), reach("1 check")]);
    }
}
