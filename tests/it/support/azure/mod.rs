//! A storage account on the emulator, with everybody who uses it: the bastion, the app, and whoever looks.

mod account;
mod bastion;
mod driven;
mod package;
mod signed;

pub use account::Account;
pub use bastion::Bastion;
pub use driven::{Driven, app_settings};
pub use package::packaged;
