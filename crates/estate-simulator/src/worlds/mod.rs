//! Worlds of recordings and sessions in memory, for tests of matching.
//!
//! A world rests on assumptions about storage, the recorder, the audit log and people. Each module under `kinds`
//! states its assumptions and their sources; the other modules turn them into values. Nothing here shares code with
//! the product's matcher, so that worlds are not made to fit it.
//!
//! Usage: generate a world of [`WORLDS`], give a matcher everything except [`World::truth`], then [`score`] its
//! verdicts. A test over time shows the matcher only the entries readable by then, according to the `…seen_at` and
//! `readable_at` times. Each value appears once and in order; a test adds duplicates and disorder itself.
//!
//! Generation: `schedule` draws the real connections, `recorder` and `log` derive their traces in storage and in the
//! log, `numbers` names the blobs, `knowable` finds the ambiguous recordings, `assemble` builds the world.

mod assemble;
mod build;
mod clock;
mod cycles;
mod estate;
mod fits;
mod kinds;
mod knowable;
mod list;
mod log;
mod naive;
mod numbers;
mod plan;
mod recorder;
mod schedule;
mod score;
mod spans;
mod spelling;
mod truth;
mod world;

pub use list::{WORLDS, WorldKind};
pub use naive::naive;
pub use score::{Score, score};
pub use truth::{SessionFate, Shows, TrueBlob, WorldTruth, WrittenAs};
pub use world::{FailedLogin, LoggedSession, Machine, Millis, RecordedBlob, Stamp, World, WorldBastion};
