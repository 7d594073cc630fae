//! The functions in memory, called over their routes.

mod audit_logs;
mod calls;
mod catalogue_query;
mod drain;
mod events;
mod failures;
mod page;
mod poison;
mod posture;
mod story;
mod traces;
mod unanswered;
mod webhook;
