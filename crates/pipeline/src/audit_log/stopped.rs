//! Detects a stopped audit log.

use domain::address::ContainerAddress;
use domain::blob::whole_second;
use domain::catalogue::Entry;
use domain::estate::Bastion;
use domain::notification::{Event, Fact, Notification, NotificationId};
use domain::recording_id::RecordingId;
use jiff::Timestamp;

use crate::archivist::Archivist;
use crate::ports::{Fault, Heading, ListRequest};

/// Entries per page: the newest ones may record only a delete.
const PAGE: usize = 20;
/// Maximum number of pages to search for an entry with a creation time.
const PAGES: usize = 50;

impl Archivist {
    /// Notifies once when a bastion keeps recording but its audit log has no new records or cannot be read. A log in
    /// another store than the catalogue was made from is no evidence; `own.stores` reports it.
    pub(super) async fn watch_log(&self, bastion: &Bastion, logs: &ContainerAddress) -> Result<(), Fault> {
        if self.is_strange(logs).await? {
            return Ok(());
        }
        let now = self.now();
        let wait = self.settings.rules.matching.confirm_after;
        let watermark = self.watermark(&bastion.name).await?.unwrap_or_default();
        let Some(recorded_at) = self.newest_recording(bastion).await? else {
            return Ok(());
        };
        let is_over = recorded_at.saturating_add(wait).is_ok_and(|over| over <= now);
        let is_before = |at: Timestamp, end| at.saturating_add(wait).is_ok_and(|at| at < end);
        let is_mute = watermark.newest_record.is_none_or(|at| is_before(at, recorded_at));
        let is_unread = watermark.read_to.is_none_or(|at| is_before(at, now));
        match (is_mute || is_unread, watermark.stopped_at) {
            (true, None) if is_over => {
                // An unreadable log may have the same newest record next time, so the id includes the read position.
                let unread = watermark.read_to.filter(|_| is_unread && !is_mute);
                self.hand_over(&announcement(bastion, watermark.newest_record, unread, now, self)).await?;
                self.mark(&bastion.name, |watermark| watermark.stopped_at = Some(now)).await
            }
            (false, Some(_)) => self.mark(&bastion.name, |watermark| watermark.stopped_at = None).await,
            _ => Ok(()),
        }
    }

    /// Returns the creation time of the bastion's newest recording, searched among the newest thousand entries.
    pub(crate) async fn newest_recording(&self, bastion: &Bastion) -> Result<Option<Timestamp>, Fault> {
        let mut below: Option<RecordingId> = None;
        for _ in 0..PAGES {
            let under = Some(Heading::Bastion(bastion.name.clone()));
            let request = ListRequest { under, below, from: None, limit: PAGE };
            let page = self.ports.catalogue.list(&request).await?;
            let newest = page.iter().filter_map(Entry::created_at).max();
            below = page.last().map(|entry| entry.id);
            if newest.is_some() || below.is_none() {
                return Ok(newest);
            }
        }
        Ok(None)
    }
}

fn announcement(
    bastion: &Bastion,
    newest: Option<Timestamp>,
    unread: Option<Timestamp>,
    now: Timestamp,
    archivist: &Archivist,
) -> Notification {
    let event = Event::BastionAuditLogStopped;
    let since = newest.map(|at| whole_second(at).to_string());
    let mut facts = vec![Fact::text("bastion", bastion.name.as_str())];
    facts.extend(since.clone().map(|since| Fact::text("newest_record", since)));
    let unread = unread.map(|at| format!(" read to {at}")).unwrap_or_default();
    Notification {
        id: NotificationId::derive(bastion.name.as_str(), event, &(since.unwrap_or_default() + &unread)),
        event,
        at: whole_second(now),
        subject: bastion.name.as_str().to_owned(),
        facts,
        link: archivist.settings.estate.portal_url(&bastion.name),
    }
}
