//! Posture checks: findings and their notifications.

mod changed;
mod daily;
mod live;
mod seen;
mod world;
