//! Ends the findings about tags that others changed in a container.
//!
//! The change of a tag is found once for each container and day, and our tags are restored at once. The finding is over
//! after a whole day without another change.

use std::collections::BTreeSet;

use domain::decide::catalogue::TAG_CHECK;
use domain::record::notification::{Event, Notification, NotificationFact, NotificationKey, Severity, WAS};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::ports::Fault;
use crate::posture::NotifyFindings;

impl NotifyFindings {
    /// Ends the finding of each container without a change since the day before yesterday. Returns how many. Costs one
    /// read for each container.
    pub(super) async fn notify_tags_over(&self, now: Timestamp) -> Result<usize, Fault> {
        if self.is_quiet {
            return Ok(0);
        }
        let mut notified = 0;
        let bastions = &self.estate.bastions;
        let containers: BTreeSet<_> =
            bastions.iter().flat_map(|bastion| bastion.recordings.iter().map(|at| (at, &bastion.name))).collect();
        for (container, bastion) in containers {
            let about = container.to_string();
            let key = NotificationKey::derive(&about, Event::PostureFinding);
            let Some((newest, at)) = self.outbox.newest_of_trouble(&key).await? else {
                continue;
            };
            if !is_a_day_old(at, now) {
                continue;
            }
            let facts = vec![
                NotificationFact::text("check", TAG_CHECK),
                NotificationFact::text("expected", "the tags are as we wrote them"),
                NotificationFact::text("found", "no change by others for a whole day"),
                NotificationFact::text("bastion", bastion.as_str()),
                NotificationFact::text(WAS, Severity::Warning.name()),
            ];
            let new = Notification::new(&about, Event::PostureFindingResolved, newest.as_str(), now);
            self.outbox.hand_over(&Notification { facts, link: self.estate.portal_url(bastion), ..new }).await?;
            notified += 1;
        }
        Ok(notified)
    }
}

/// Returns true if a whole UTC day lies between the days of the two times. Only the first change of a day is notified, so
/// the newest notification says nothing about the rest of its day.
fn is_a_day_old(at: Timestamp, now: Timestamp) -> bool {
    let day = |time: Timestamp| time.to_zoned(TimeZone::UTC).date();
    day(at).checked_add(2.days()).is_ok_and(|over| over <= day(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_tags_is_over_after_a_whole_day() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let changed = at("2026-03-02T00:01:00Z");
        assert!(!is_a_day_old(changed, at("2026-03-03T23:59:00Z")));
        assert!(is_a_day_old(changed, at("2026-03-04T00:00:00Z")));
        assert!(!is_a_day_old(at("2026-03-02T23:59:00Z"), at("2026-03-03T23:59:00Z")));
        assert!(!is_a_day_old(at("2031-01-01T00:00:00Z"), changed), "a wrong clock ends nothing");
    }
}
