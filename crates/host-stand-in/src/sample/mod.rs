//! Six weeks of a fictitious estate, for `archivist local --sample`, and one working day of it.
//!
//! The day has about 300 recordings: reconnects, overlaps, attempts of 15 seconds, a session of three hours written only at its
//! start and its end, a hostile name, an unexpected deletion followed by a new recording of the same name, an event
//! delayed by 90 minutes, a recording that stays empty.
//!
//! The audit log of these sessions contains records that arrive hours late, twice or never, two people on one account
//! in the same minutes, colliding names, native clients, a burst of failed logins, a session without a recording, and
//! a recording without a session.

mod acts;
mod audit_log;
mod bastion;
mod day;
mod people;
mod player;
mod record;
mod session;
mod setup;
mod staged;
mod visit;
mod weeks;

use jiff::Timestamp;

pub use audit_log::Addition;
pub use bastion::{BASTIONS, SampleBastion};
pub use day::{ChangeKind, RecordingChange, SampleDay};
pub use player::SamplePlayer;
pub use session::{LoggedRecords, SampleConnectionKind};
pub use setup::SampleSetup;
pub use visit::SampleVisit;
pub use weeks::{OfBastion, SampleWeeks};

/// 2026-03-02T06:00:00Z, a Monday.
const DAY_BEGINS: Timestamp = Timestamp::constant(1_772_431_200, 0);

/// 2026-03-02T20:00:00Z: every session has ended.
const DAY_ENDS: Timestamp = Timestamp::constant(1_772_481_600, 0);

/// Name of the recording that is deleted.
const DELETED: &str = "vm-web-01-azureadmin";

/// 2026-03-02T15:20:00Z.
const DELETED_AT: Timestamp = Timestamp::constant(1_772_464_800, 0);

const SESSIONS: usize = 300;

const SEED: u64 = 20_260_302;
