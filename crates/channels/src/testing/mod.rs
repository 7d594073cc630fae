//! What the tests of several modules need.

mod lookup;
mod receiver;

use domain::notification::{Event, NotificationId};
use jiff::Timestamp;

pub(crate) use lookup::FixedLookup;
pub(crate) use receiver::{Behaviour, Receiver, Request, certificate_authority, other_authority};

use crate::client::{ClientSettings, GuardedClient};

/// Some notification's id.
pub(crate) fn id() -> NotificationId {
    NotificationId::derive("rec_1", Event::RecordingReady, "1")
}

/// The time of some attempt.
pub(crate) fn sent_at() -> Timestamp {
    "2026-03-02T09:12:44Z".parse().unwrap()
}

/// A client for receivers that are addressed literally. Names have no address for it, and it does not depend on the
/// certificates of the machine.
pub(crate) fn client(settings: ClientSettings) -> GuardedClient {
    GuardedClient::build(settings, FixedLookup::new(&[]), &[certificate_authority()]).unwrap()
}
