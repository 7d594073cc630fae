//! Generates a day of an estate together with its truth: the person, machine and recording of each session. For tests
//! of matching alone, [`worlds`] generates whole worlds in memory.
//!
//! Test support, never deployed. A test harness replays the [arrivals](EstateDay::arrivals) and compares the catalogue
//! with the [truth](EstateDay::truth). Nothing here shares code with the matcher: names, tolerances and decidability
//! have their own arithmetic in `judgement` and `bursts`.
//!
//! No event announces the creation of an audit log blob; the first append creates the blob.
//!
//! Days are as hard as possible without demanding unknowable answers. They guarantee:
//!
//! - Every web session has a recording unless it begins in an outage. Within 10 minutes of an outage's edge, no
//!   session begins within 20 minutes of another session with the same name.
//! - A recording is in its container from its creation until at least three hours after its end, whatever happens to
//!   its events.
//! - Its times differ from the session's by at most 30 seconds. Its name differs from the log's at most in case.
//! - If a recording fits a web session other than its own, that session's own recording is also in the container, or
//!   was there for three hours. This may be the only sign for a long time, if its events are late and the records of
//!   the right session are lost.
//! - A record that arrives does so within 24 hours, in the file of its own bastion.

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
pub use bursts::{BurstBy, SimulatedBurst};
pub use day::EstateDay;
pub use estate::{SimulatedBastion, SimulatedEstate};
pub use names::{SessionTarget, TargetKind};
pub use people::Client;
pub use truth::{ConnectionKind, DayTruth, RecordingOutage, TrueRecording, TrueSession};
