//! Posture checks: findings and their notifications.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod changed;
mod daily;
mod live;
mod seen;
mod world;
