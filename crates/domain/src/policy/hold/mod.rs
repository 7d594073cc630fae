//! Decides which recordings and sessions a legal hold covers.

mod covering;
mod covers;
mod machine;
mod tunnel;

pub use covers::ScopeError;
