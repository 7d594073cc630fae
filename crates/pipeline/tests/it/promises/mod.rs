//! Guarantees under crashes, races, failures and any order of events (`product.md`, section 8).
//!
//! Everything runs on the memory adapters, on one thread, with a clock the test sets. Futures are polled in an order
//! the test chooses, so every failure can be shrunk and repeated.

mod absence;
mod accesses;
mod broken_ledger;
mod clocks;
mod confirmed;
mod containers;
mod costs;
mod crashes;
mod evidence;
mod failures;
mod foreign_tags;
mod host;
mod joins;
mod joint_races;
mod kept_listings;
mod kept_watermarks;
mod late;
mod logs;
mod meetings;
mod order;
mod outcome;
mod overtaken;
mod poison;
mod privacy;
mod races;
mod refusals;
mod replay;
mod reviews;
mod reviews_prior;
mod rivals;
mod short_pages;
mod shorter_ledger;
mod starvation;
mod stopped;
mod storage;
mod stores;
mod storm;
mod story;
mod visits;
mod world;
