//! The app on a storage account: packaged and driven like the host, and as several concurrent processes.

mod crowd;
mod day;
mod refused;
