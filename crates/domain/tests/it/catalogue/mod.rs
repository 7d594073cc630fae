//! Tests the catalogue: each rule of the product page, then all rules in any order of events.

mod brought_back;
mod claims;
mod confirmed;
mod custody;
mod effects;
mod foreign_tags;
mod holds;
mod leaves;
mod lives;
mod needs;
mod open_session;
mod order;
mod prior_sessions;
mod reviewed;
mod settling;
mod telling;
mod unknown_rules;
mod warned;
mod world;
mod worlds;
