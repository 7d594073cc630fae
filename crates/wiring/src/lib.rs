//! Composition root: builds ports and adapters from app settings and configuration, for the functions and
//! the commands.

mod accepted;
mod accounts;
mod azure;
mod channels;
pub mod configured;
mod counted;
pub mod instrumentation;
pub mod live;
mod places;
mod plan;
pub mod ready;
mod rules;
pub mod settings;
pub mod start;
pub mod state_store;
mod stop;
mod storage_accounts;
mod watch;

pub use accepted::{NO_BASTION, accepts};
pub use azure::Azure;
pub use channels::Show;
pub use counted::OnDelivered;
pub use places::{CATALOGUE_FILE, LOCAL_FOLDER, OWN_FOLDER, catalogue_path, local_folder, state_place, with_bastions};
pub use plan::{Wired, WiringInputs};
pub use start::CommandError;
pub use stop::stop_signal;
pub use storage_accounts::storage_accounts;
pub use watch::{Watching, watch, watch_folders};
