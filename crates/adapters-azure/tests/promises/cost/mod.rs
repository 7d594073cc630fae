//! What each operation asks of storage, what that makes in a month, and which limit of the platform is met first: as
//! docs/cost-and-scale.md says it.

mod counted;
mod crowd;
mod life;
mod limits;
mod month;
mod page;
mod requests;
