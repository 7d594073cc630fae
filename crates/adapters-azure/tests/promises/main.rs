//! What is promised whatever fails, dies or is cut off, on the services themselves: blobs, queues and tables of the
//! emulator, reached by the adapters that are deployed.
//!
//! A scenario is played once undisturbed, and then again for every call that it made, which meets with a mishap. What
//! the archivist returns is answered as the platform would. In the end everything must be as without the mishap.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod cost;
mod crashes;
mod cuts;
mod dates;
mod faults;
mod host;
mod logs;
mod outcome;
mod overtaken;
mod proxy;
mod receiver;
mod run;
mod runs;
mod scenarios;
mod services;
mod storage;
mod takings;
mod visits;
mod world;
