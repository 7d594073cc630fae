//! Checks docs/cost-and-scale.md: requests of each operation, their sum in a month, and the platform limit that is
//! met first.

mod accesses;
pub mod counted;
mod crowd;
pub mod life;
mod limits;
mod month;
mod page;
mod requests;
