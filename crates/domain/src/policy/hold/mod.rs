//! Decides which recordings and sessions a legal hold covers.

mod covering;
mod covers;
mod folded;
mod machine;
mod person;
mod tunnel;

pub use covers::ScopeError;
