//! Posture checks: findings and their notifications.

mod changed;
mod daily;
mod live;
mod logged;
mod seen;
mod world;
