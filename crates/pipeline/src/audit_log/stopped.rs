//! Detects a stopped audit log.

use std::sync::Arc;

use domain::address::ContainerAddress;
use domain::decide::context::Rules;
use domain::record::blob::whole_second;
use domain::record::catalogue::Entry;
use domain::record::estate::{Bastion, Estate};
use domain::record::notification::{Event, Notification, NotificationFact};
use jiff::Timestamp;

use crate::deliver::NotificationOutbox;
use crate::newest::{newest, newest_recording};
use crate::ports::{Catalogue, Fault};
use crate::stores::KnownStores;
use crate::time::TimeSource;
use crate::watermark::{Watermark, Watermarks};

/// Notifies people if an audit log has stopped.
pub struct WatchAuditLogs {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) stores: Arc<KnownStores>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
    pub(crate) watermarks: Arc<Watermarks>,
}

impl WatchAuditLogs {
    /// Notifies once when a bastion keeps recording but its audit log has no new records or cannot be read, and once when
    /// that is over; also when a bastion that had stopped recording records again. A log in another store than the
    /// catalogue was made from is no evidence; `own.stores` reports it. `moved` is the watermark if this pass moved it.
    pub(super) async fn watch_log(
        &self,
        bastion: &Bastion,
        logs: &ContainerAddress,
        moved: Option<Watermark>,
    ) -> Result<(), Fault> {
        if self.stores.is_strange(logs).await? {
            return Ok(());
        }
        let now = self.time.now();
        let wait = self.rules.matching.confirm_after;
        let watermark = match moved {
            Some(moved) => moved,
            None => self.watermarks.watermark(&bastion.name).await?.unwrap_or_default(),
        };
        let Some(recorded_at) = newest_recording(&*self.catalogue, bastion).await? else {
            return Ok(());
        };
        if let Some(unrecorded_at) = watermark.unrecorded_at {
            self.watch_recording(bastion, unrecorded_at).await?;
        }
        let is_over = recorded_at.saturating_add(wait).is_ok_and(|over| over <= now);
        let is_before = |at: Timestamp, end| at.saturating_add(wait).is_ok_and(|at| at < end);
        let is_mute = watermark.newest_record.is_none_or(|at| is_before(at, recorded_at));
        let is_unread = watermark.read_to.is_none_or(|at| is_before(at, now));
        match (is_mute || is_unread, watermark.stopped_at) {
            (true, None) if is_over => {
                // An unreadable log may have the same newest record next time, so the id includes the read position.
                let unread = watermark.read_to.filter(|_| is_unread && !is_mute);
                self.outbox
                    .hand_over(&announcement(bastion, watermark.newest_record, unread, now, &self.estate))
                    .await?;
                self.watermarks.mark(&bastion.name, |watermark| watermark.stopped_at = Some(now)).await.map(drop)
            }
            (false, Some(stopped_at)) => {
                self.outbox
                    .hand_over(&log_again(bastion, watermark.newest_record, stopped_at, now, &self.estate))
                    .await?;
                self.watermarks.mark(&bastion.name, |watermark| watermark.stopped_at = None).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Notifies once when a bastion that had stopped recording has made a recording after the session without one.
    async fn watch_recording(&self, bastion: &Bastion, unrecorded_at: Timestamp) -> Result<(), Fault> {
        let seen = newest(&*self.catalogue, bastion, seen_at).await?;
        let Some(recorded_at) = seen.filter(|at| *at > unrecorded_at) else {
            return Ok(());
        };
        let now = self.time.now();
        self.outbox.hand_over(&recording_again(bastion, recorded_at, unrecorded_at, now, &self.estate)).await?;
        self.watermarks.mark(&bastion.name, |watermark| watermark.unrecorded_at = None).await.map(drop)
    }
}

/// Returns the creation time as storage says it; the time of an event can be that of a later write.
fn seen_at(entry: &Entry) -> Option<Timestamp> {
    entry.life.observation.as_ref().map(|observation| observation.properties.created_at)
}

/// Builds the notification that the audit log continues.
fn log_again(
    bastion: &Bastion,
    newest: Option<Timestamp>,
    stopped_at: Timestamp,
    now: Timestamp,
    estate: &Estate,
) -> Notification {
    let event = Event::BastionAuditLogStoppedResolved;
    let mut facts = vec![NotificationFact::text("bastion", bastion.name.as_str())];
    facts.extend(newest.map(|at| NotificationFact::text("newest_record", whole_second(at).to_string())));
    Notification {
        facts,
        link: estate.portal_url(&bastion.name),
        ..Notification::new(bastion.name.as_str(), event, &stopped_at.to_string(), now)
    }
}

/// Builds the notification that the bastion records again.
fn recording_again(
    bastion: &Bastion,
    recorded_at: Timestamp,
    unrecorded_at: Timestamp,
    now: Timestamp,
    estate: &Estate,
) -> Notification {
    let event = Event::BastionRecordingStoppedResolved;
    Notification {
        facts: vec![
            NotificationFact::text("bastion", bastion.name.as_str()),
            NotificationFact::text("newest_recording", whole_second(recorded_at).to_string()),
        ],
        link: estate.portal_url(&bastion.name),
        ..Notification::new(bastion.name.as_str(), event, &unrecorded_at.to_string(), now)
    }
}

fn announcement(
    bastion: &Bastion,
    newest: Option<Timestamp>,
    unread: Option<Timestamp>,
    now: Timestamp,
    estate: &Estate,
) -> Notification {
    let event = Event::BastionAuditLogStopped;
    let since = newest.map(|at| whole_second(at).to_string());
    let mut facts = vec![NotificationFact::text("bastion", bastion.name.as_str())];
    facts.extend(since.clone().map(|since| NotificationFact::text("newest_record", since)));
    let unread = unread.map(|at| format!(" read to {at}")).unwrap_or_default();
    Notification {
        facts,
        link: estate.portal_url(&bastion.name),
        ..Notification::new(bastion.name.as_str(), event, &(since.unwrap_or_default() + &unread), now)
    }
}
