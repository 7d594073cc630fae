//! What becomes of a recording: one rule of the product page after the other, then all of them in any order.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod brought_back;
mod claims;
mod confirmed;
mod custody;
mod effects;
mod foreign_tags;
mod holds;
mod leaves;
mod lives;
mod order;
mod settling;
mod telling;
mod world;
mod worlds;
