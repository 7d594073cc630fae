//! Guarantees under failures, crashes and cut connections, with the deployed adapters on blobs, queues and tables of
//! the emulator.
//!
//! A scenario is played once undisturbed, then once for every call that it made, with a failure injected into that
//! call. The test host reacts to the archivist's results as the platform would. The final state must equal that of
//! the undisturbed run.

mod accesses;
pub mod cost;
mod crashes;
mod cuts;
mod dates;
mod exported;
mod faults;
mod follow;
mod host;
mod logs;
mod outcome;
mod overtaken;
mod proxy;
mod receiver;
pub mod run;
mod runs;
pub mod scenarios;
pub mod services;
pub mod storage;
mod takings;
pub mod visits;
pub mod world;
