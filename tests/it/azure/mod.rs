//! The app on a storage account: packaged and driven as the host would, and as several processes at once.

mod crowd;
mod day;
mod refused;
