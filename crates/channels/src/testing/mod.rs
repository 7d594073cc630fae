//! Test helpers shared by several modules.

mod lookup;
mod receiver;

use domain::record::notification::{Event, NotificationId};
use jiff::Timestamp;

pub(crate) use lookup::FixedLookup;
pub(crate) use receiver::{Behaviour, Receiver, Request, certificate_authority, other_authority};

use crate::client::{ClientSettings, GuardedClient};

/// Notification id for tests.
pub(crate) fn id() -> NotificationId {
    NotificationId::derive("rec_1", Event::RecordingReady, "1")
}

/// Time of an attempt for tests.
pub(crate) fn sent_at() -> Timestamp {
    "2026-03-02T09:12:44Z".parse().unwrap()
}

/// Client for receivers with literal addresses. It resolves no names and does not depend on the machine's
/// certificates.
pub(crate) fn client(settings: ClientSettings) -> GuardedClient {
    GuardedClient::build(settings, FixedLookup::new(&[]), &[certificate_authority()]).unwrap()
}
