//! Conformance suites of the SQLite adapters, with a commit for each save and with many saves per commit.

use std::sync::Arc;

use adapters_local::sqlite::{
    SqliteCatalogue, SqliteCheckpoints, SqliteNotifications, SqliteQuarantine, SqliteQueue, SqliteSessions, SqliteStore,
};
use pipeline::testing::TestClock;
use tempfile::TempDir;

/// Runs all suites on stores opened in this way.
macro_rules! suites {
    ($opened:ident, $open:expr) => {
        mod $opened {
            use super::*;

            fn store() -> (SqliteStore, TempDir) {
                let folder = tempfile::tempdir().unwrap();
                ($open(folder.path().join("catalogue.sqlite")).unwrap(), folder)
            }

            mod catalogue {
                use super::*;

                async fn make() -> (SqliteCatalogue, TempDir) {
                    let (store, folder) = store();
                    (SqliteCatalogue::new(&store), folder)
                }

                pipeline::catalogue_conformance!(make);
            }

            mod queue {
                use super::*;

                async fn make() -> (SqliteQueue, Arc<TestClock>, TempDir) {
                    let (clock, (store, folder)) = (Arc::new(TestClock::default()), store());
                    (SqliteQueue::new(&store, clock.clone()), clock, folder)
                }

                pipeline::queue_conformance!(make);
            }

            mod notifications {
                use super::*;

                async fn make() -> (SqliteNotifications, TempDir) {
                    let (store, folder) = store();
                    (SqliteNotifications::new(&store), folder)
                }

                pipeline::notifications_conformance!(make);
            }

            mod quarantine {
                use super::*;

                async fn make() -> (SqliteQuarantine, TempDir) {
                    let (store, folder) = store();
                    (SqliteQuarantine::new(&store), folder)
                }

                pipeline::quarantine_conformance!(make);
            }

            mod sessions {
                use super::*;

                async fn make() -> (SqliteSessions, TempDir) {
                    let (store, folder) = store();
                    (SqliteSessions::new(&store), folder)
                }

                pipeline::sessions_conformance!(make);
            }

            mod checkpoints {
                use super::*;

                async fn make() -> (SqliteCheckpoints, TempDir) {
                    let (store, folder) = store();
                    (SqliteCheckpoints::new(&store), folder)
                }

                pipeline::checkpoints_conformance!(make);
            }
        }
    };
}

suites!(with_a_commit_for_each_save, SqliteStore::open);
suites!(with_many_saves_to_a_commit, SqliteStore::open_to_fill);
