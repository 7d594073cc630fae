//! Makes up a day of an estate, with the truth of it: who used which machine, and which recording shows whom. For tests
//! of matching alone, [`worlds`] makes up whole worlds in memory.
//!
//! Test support, never deployed. A harness plays the [arrivals](EstateDay::arrivals) and compares what the catalogue
//! says with the [truth](EstateDay::truth). Nothing here is shared with the code that pairs recordings and sessions:
//! names, tolerances and what can be known at all have their own arithmetic in `judgement` and `bursts`.
//!
//! No event is made of the audit logs' own creation: with the first bytes of a blob, the blob is there.
//!
//! The days are as hard as they can be without asking for what nobody could know. So much is promised:
//!
//! - Every session in a browser has a recording, but for those that begin in an outage. Within 10 minutes of an
//!   outage's edge no session begins within 20 minutes of another one of the same name.
//! - A recording is in its container from its creation on, and for three hours after its end at least, whatever becomes
//!   of its events.
//! - Its times differ from the session's by 30 seconds at most, its name by case at most from what the log says.
//! - Where a recording fits a session in a browser that is not its own, that session's own recording is in the container
//!   as well, or was there for three hours. This may be the only sign for a long time, where its events are late and the
//!   right session's records are lost.
//! - A record, if it arrives, arrives within 24 hours, and in the file of its own bastion.

mod arrival;
mod bursts;
mod dates;
mod day;
mod delivery;
mod estate;
mod json;
mod judgement;
mod log;
mod names;
mod notice;
mod people;
mod random;
mod record;
mod recorder;
mod row;
mod scenes;
mod stage;
mod together;
mod trouble;
mod truth;
pub mod worlds;

pub use arrival::{Arrival, Arriving};
pub use bursts::{Burst, BurstBy};
pub use day::EstateDay;
pub use estate::{Bastion, Estate};
pub use names::{Reach, Target};
pub use people::Client;
pub use truth::{Kind, Outage, TrueRecording, TrueSession, Truth};
