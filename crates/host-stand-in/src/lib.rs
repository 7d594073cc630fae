//! Minimal Functions host for one machine.
//!
//! Fires the functions of a custom handler over the host's own protocol (HTTP on loopback) and follows the host's
//! rules for `host.json`, `function.json`, queues, poison queues and timers. The real host works in real time; this
//! one works in [steps](Host::step), so that the clock may be a driven one.

mod admin;
mod app;
mod app_settings;
mod backlog;
mod by_hand;
mod calls;
mod driven;
mod folder_events;
mod function;
mod guid;
mod handler;
mod host;
mod http;
mod invoker;
mod local_queue;
mod pause;
mod place;
mod process;
mod pump;
mod real;
pub mod sample;
pub mod schedule;
mod settings;
mod stop;
mod timer;

pub use admin::{AdminServer, PortTaken};
pub use app::{AppFolder, AppFolderError};
pub use app_settings::HandlerEnvironment;
pub use backlog::Backlog;
pub use calls::{CallCounts, Calls, Ended, Messages};
pub use driven::{OutsideEvents, ScriptProgress, run_driven};
pub use folder_events::FolderEvents;
pub use function::{FunctionDefinition, FunctionFolder, Trigger, Unusable, load};
pub use handler::NotReady;
pub use host::{Host, Setup};
pub use http::{FunctionRoute, Methods};
pub use local_queue::LocalQueue;
pub use place::HandlerPlace;
pub use process::{Console, ConsoleLevel, HandlerGivenUp, HandlerProcess, HandlerStart, Killer};
pub use real::{run_real, run_to_rest};
pub use settings::{HandlerDescription, HostJsonError, HostSettings, HttpRules, QueueRules};
