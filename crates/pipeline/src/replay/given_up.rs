//! Replays given-up notifications with a new first attempt, at the failed channels.

use domain::record::delivery::Delivery;
use jiff::Timestamp;

use super::intake::InputSummary;
use super::report::{ItemSource, ReplayItem};
use super::{PAGE, Replay};
use crate::body::FrozenData;
use crate::message::Attempt;
use crate::outcome::ReplayResult;
use crate::ports::{Fault, GivenUpPosition, NotificationRecord, Stored};

impl Replay<'_> {
    /// Replays given-up deliveries, oldest first, with their original id and body. A channel never receives an accepted
    /// notification again. Returns an error only if the listing fails.
    pub async fn given_up(&mut self) -> Result<(), Fault> {
        let since = self.wanted.since.unwrap_or(Timestamp::MIN);
        let mut after: Option<GivenUpPosition> = None;
        loop {
            let page = self.input.notifications.given_up(since, after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.record.given_up_at().map(|at| (at, last.record.id.clone()));
            for stored in page {
                if self.is_over() {
                    return Ok(());
                }
                self.notification(stored).await;
            }
        }
    }

    async fn notification(&mut self, stored: Stored) {
        let summaries = [summary(&stored.record)];
        if !self.wanted.fits(&summaries) {
            return;
        }
        for (channel, delivery) in &stored.record.deliveries {
            let Delivery::GivenUp { at, reason, attempts } = delivery else { continue };
            if !self.wanted.is_in_time(*at) {
                continue;
            }
            let attempt = Attempt::first(&stored.record.id, channel);
            let foresee = || self.refuses(&attempt).map(ReplayResult::Refused);
            let outcome = self.outcome(foresee, self.put_back_delivery(&attempt, &stored.record)).await;
            self.report(ReplayItem {
                source: ItemSource::Notification,
                id: format!("{} to {channel}", stored.record.id.as_str()),
                at: *at,
                reason: format!("{reason}, {}", tries(*attempts)),
                summary: summaries[0].clone(),
                outcome,
            });
        }
    }

    /// Queues the first attempt again. The begin of a trouble that is over stays given up: a receiver would open the
    /// trouble again, and no second end closes it.
    async fn put_back_delivery(&self, attempt: &Attempt, record: &NotificationRecord) -> Result<ReplayResult, Fault> {
        if let Some(reason) = self.refuses(attempt) {
            return Ok(ReplayResult::Refused(reason));
        }
        if self.input.lost_deliveries.is_over(record).await? {
            return Ok(ReplayResult::Ignored("trouble_is_over"));
        }
        self.input.lost_deliveries.begin_again(attempt).await
    }

    /// Returns why an attempt cannot be made, whatever is stored.
    fn refuses(&self, attempt: &Attempt) -> Option<String> {
        let is_configured = self.input.channels.contains_key(&attempt.channel);
        (!is_configured).then(|| "the channel is not in the configuration".to_owned())
    }
}

fn tries(attempts: u32) -> String {
    if attempts == 1 {
        "after 1 attempt".to_owned()
    } else {
        format!("after {attempts} attempts")
    }
}

/// Returns event name and subject of a notification.
fn summary(record: &NotificationRecord) -> InputSummary {
    InputSummary {
        kind: Some(record.event.name().to_owned()),
        name: FrozenData::parse(&record.body).map(|data| data.subject),
    }
}
