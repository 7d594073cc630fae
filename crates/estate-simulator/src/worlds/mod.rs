//! Whole worlds of recordings and sessions in memory, for tests of matching.
//!
//! A world is made of assumptions about what storage, the recorder, the audit log and people do. Each module under
//! `kinds` states its assumptions and their sources; the rest turns them into values. Nothing here knows how recordings
//! are matched in the product, so that a matcher meets worlds that were not made for it.
//!
//! Use: generate a world of [`WORLDS`], let a matcher look at everything but [`World::truth`], then [`score()`] its
//! verdicts. A test that plays time shows the matcher what is readable by then: see the `…seen_at` and `readable_at`
//! times. Records that come twice or in another order are left to the test; here each value stands once.
//!
//! How a world comes into being: `schedule` says who really connected when, `recorder` and `log` say what storage and
//! the log keep of it, `numbers` names the blobs, `knowable` finds what nobody can know, `assemble` lays it all out.

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
pub use truth::{SessionFate, Shows, TrueBlob, Truth, WrittenAs};
pub use world::{Bastion, FailedLogin, LoggedSession, Machine, Millis, RecordedBlob, Stamp, World};
