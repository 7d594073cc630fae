//! A storage account on the emulator, with the bastion, the app and the test's own access.

mod account;
mod bastion;
mod driven;
mod package;
mod signed;

pub use account::EmulatorAccount;
pub use bastion::PlayedBastion;
pub use driven::{Driven, app_settings};
pub use package::packaged;
