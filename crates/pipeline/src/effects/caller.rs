//! Adds the caller of a deletion to its notification.

use std::borrow::Cow;

use domain::decide::access::deletion_caller_facts;
use domain::record::catalogue::Entry;
use domain::record::notification::{Event, FactValue, Notification};

use super::CarryOutEffects;
use crate::access::stored;
use crate::ports::Fault;

impl CarryOutEffects {
    /// Returns the notification of an unexpected deletion with its caller, if the account's log shows it already. The
    /// notification does not wait for the log: the accesses of the recording show a caller that comes later.
    pub(super) async fn with_caller<'n>(&self, entry: &Entry, notification: &'n Notification) -> Cow<'n, Notification> {
        if notification.event != Event::RecordingDeletedUnexpectedly {
            return Cow::Borrowed(notification);
        }
        match self.deleted_by(entry, notification).await {
            Ok(Some(notification_with_facts)) => Cow::Owned(notification_with_facts),
            Ok(None) => Cow::Borrowed(notification),
            Err(fault) => {
                tracing::warn!(recording = %entry.id, %fault, "caller of a deletion not read");
                Cow::Borrowed(notification)
            }
        }
    }

    async fn deleted_by(&self, entry: &Entry, notification: &Notification) -> Result<Option<Notification>, Fault> {
        let request = notification.facts.iter().find(|fact| fact.name == "request_id").map(|fact| &fact.value);
        let Some(FactValue::Text(request)) = request else { return Ok(None) };
        let Some((form, _)) = stored(&*self.checkpoints, &entry.address).await? else {
            return Ok(None);
        };
        let accesses = form.accesses()?;
        let facts = accesses
            .deleted_by(request)
            .map(|caller| deletion_caller_facts(caller, self.rules.privacy.in_notifications));
        Ok(facts.map(|facts| {
            let mut notification_with_facts = notification.clone();
            notification_with_facts.facts.extend(facts);
            notification_with_facts
        }))
    }
}
