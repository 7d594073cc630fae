//! A sample working day of a made-up estate, for `archivist local --sample`.
//!
//! Some 300 recordings: reconnects, overlaps, attempts of 15 seconds, a session of three hours that is written at its
//! start and its end only, a hostile name, a deletion that nobody announced and the name's second life, an event
//! that comes 90 minutes late, a recording that stays empty.
//!
//! And an audit log of those sessions: records that come hours late, twice or never, two people on one account in the
//! same minutes, names that collide, native clients, a burst of failed logins, a session without a recording, a
//! recording without a session.

mod audit_log;
mod day;
mod people;
mod player;
mod random;
mod record;
mod session;
mod staged;
mod visit;

use jiff::Timestamp;

pub use audit_log::Addition;
pub use day::{Action, Deed, SampleDay};
pub use player::{SampleContainers, SamplePlayer};
pub use session::{Kind, Told};
pub use visit::Visit;

/// 2026-03-02T06:00:00Z, a Monday.
const DAY_BEGINS: Timestamp = Timestamp::constant(1_772_431_200, 0);

/// 2026-03-02T20:00:00Z: every session has ended.
const DAY_ENDS: Timestamp = Timestamp::constant(1_772_481_600, 0);

/// The recording that somebody deletes.
const DELETED: &str = "vm-web-01-azureadmin";

/// 2026-03-02T15:20:00Z.
const DELETED_AT: Timestamp = Timestamp::constant(1_772_464_800, 0);

const SESSIONS: usize = 300;

const SEED: u64 = 20_260_302;
