//! Builds the notifications of posture findings.

use domain::decide::posture::{Check, Memory, News, Question, WriteAccess, days_left, gist_of, stage};
use domain::record::estate::BastionName;
use domain::record::notification::{Event, Notification, NotificationFact, SEVERITY, Severity, WAS};
use jiff::Timestamp;

use super::state::FindingState;
use crate::posture::NotifyFindings;

/// Finding with its event and severity, as notified and remembered.
pub(super) struct PostureFinding<'a> {
    pub(super) check: &'a Check,
    pub(super) event: Event,
    pub(super) severity: Severity,
    pub(super) gist: String,
}

impl NotifyFindings {
    /// Returns the finding of a check. Returns `None` if the check is good or not answered, if its finding is only
    /// information, or if its warning is not due yet.
    pub(super) fn finding<'a>(&self, check: &'a Check, now: Timestamp) -> Option<PostureFinding<'a>> {
        let severity = check.severity().filter(|severity| *severity > Severity::Info)?;
        let plain = |event| PostureFinding { check, event, severity, gist: gist_of(&check.evidence) };
        Some(match (check.question, self.access_of(&check.subject)) {
            // An expiry has warnings by days left; an expired access is an ordinary finding.
            (Question::AccessExpiry, WriteAccess::SasUntil(until)) => match stage(until, now)? {
                0 => plain(Event::PostureFinding),
                days => PostureFinding { gist: format!("{until} {days}"), ..plain(Event::BastionSasExpiring) },
            },
            (Question::ContainerSuffixes, _) => plain(Event::BastionSuffixLimit),
            _ => plain(Event::PostureFinding),
        })
    }

    /// Remembers the state of a finding. Returns its notification if the state is news.
    pub(super) fn news(&self, memory: &mut Memory, state: &FindingState<'_>, now: Timestamp) -> Option<Notification> {
        match state {
            FindingState::Stands(finding) => {
                let times = memory.found(&finding.check.key(), &finding.gist, finding.severity)?;
                Some(self.news_of(finding, times, now))
            }
            FindingState::Over(check) => Some(self.news_of_end(check, memory.mended(&check.key())?, now)),
            FindingState::NotAsked(key) => {
                let news = memory.mended(key)?;
                let (question, subject) = key.split_once('/').unwrap_or((key, key));
                let facts = vec![
                    NotificationFact::text("check", question),
                    NotificationFact::text("found", "it is not checked any more"),
                    NotificationFact::text(WAS, news.severity.name()),
                ];
                let new = Notification::new(key, Event::PostureFindingResolved, &news.times.to_string(), now);
                Some(Notification { subject: subject.to_owned(), facts, ..new })
            }
        }
    }

    /// Builds the notification that the finding of a check is over.
    fn news_of_end(&self, check: &Check, news: &News, now: Timestamp) -> Notification {
        let event = match check.question {
            Question::AccessExpiry => Event::BastionSasExpiringResolved,
            Question::ContainerSuffixes => Event::BastionSuffixLimitResolved,
            _ => Event::PostureFindingResolved,
        };
        let mut facts = vec![
            NotificationFact::text("check", check.question.name()),
            NotificationFact::text("expected", check.question.asks()),
            NotificationFact::text("found", &check.evidence),
            NotificationFact::text(WAS, news.severity.name()),
        ];
        let bastion = BastionName::new(&check.subject);
        if self.estate.bastion(&bastion).is_some() {
            facts.push(NotificationFact::text("bastion", &check.subject));
        }
        Notification {
            subject: check.subject.clone(),
            facts,
            link: self.estate.portal_url(&bastion),
            ..Notification::new(&check.key(), event, &news.times.to_string(), now)
        }
    }

    /// Builds the notification of a finding, for its repetition number `times`.
    fn news_of(&self, finding: &PostureFinding<'_>, times: u64, now: Timestamp) -> Notification {
        let PostureFinding { check, event, severity, .. } = finding;
        let mut facts = vec![
            NotificationFact::text("check", check.question.name()),
            NotificationFact::text("expected", check.question.asks()),
            NotificationFact::text("found", &check.evidence),
        ];
        facts.extend(check.fix.as_ref().map(|fix| NotificationFact::text("fix", fix)));
        let bastion = BastionName::new(&check.subject);
        if self.estate.bastion(&bastion).is_some() {
            facts.push(NotificationFact::text("bastion", &check.subject));
        }
        if let (Event::BastionSasExpiring, WriteAccess::SasUntil(until)) = (event, self.access_of(&check.subject)) {
            facts.push(NotificationFact::text("expires_at", until.to_string()));
            facts.push(NotificationFact::number("days_left", u64::try_from(days_left(until, now)).unwrap_or(0)));
        }
        if event.has_own_severity() {
            facts.push(NotificationFact::text(SEVERITY, severity.name()));
        }
        Notification {
            subject: check.subject.clone(),
            facts,
            link: self.estate.portal_url(&bastion),
            ..Notification::new(&check.key(), *event, &times.to_string(), now)
        }
    }
}
