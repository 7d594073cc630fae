//! Conformance suites of the memory adapters.

use std::sync::Arc;

use adapters_local::memory::{
    MemoryCatalogue, MemoryCheckpoints, MemoryDeadLetters, MemoryLedger, MemoryNotifications, MemoryQuarantine,
    MemoryQueue, MemorySessions,
};
use pipeline::testing::TestClock;

mod catalogue {
    use super::*;

    async fn make() -> (MemoryCatalogue, ()) {
        (MemoryCatalogue::default(), ())
    }

    pipeline::catalogue_conformance!(make);
}

mod queue {
    use super::*;

    async fn make() -> (MemoryQueue, Arc<TestClock>, ()) {
        let clock = Arc::new(TestClock::default());
        (MemoryQueue::new(clock.clone()), clock, ())
    }

    pipeline::queue_conformance!(make);
}

mod notifications {
    use super::*;

    async fn make() -> (MemoryNotifications, ()) {
        (MemoryNotifications::default(), ())
    }

    pipeline::notifications_conformance!(make);
}

mod quarantine {
    use super::*;

    async fn make() -> (MemoryQuarantine, ()) {
        (MemoryQuarantine::default(), ())
    }

    pipeline::quarantine_conformance!(make);
}

mod sessions {
    use super::*;

    async fn make() -> (MemorySessions, ()) {
        (MemorySessions::default(), ())
    }

    pipeline::sessions_conformance!(make);
}

mod checkpoints {
    use super::*;

    async fn make() -> (MemoryCheckpoints, ()) {
        (MemoryCheckpoints::default(), ())
    }

    pipeline::checkpoints_conformance!(make);
}

mod dead_letters {
    use pipeline::testing::dead_letters::Leaves;
    use pipeline::testing::sample::second;

    use super::*;

    struct Service(MemoryDeadLetters);

    impl Leaves for Service {
        async fn leave(&self, name: &str, content: &[u8]) {
            self.0.put(name, content, second(0));
        }
    }

    async fn make() -> (MemoryDeadLetters, Service, ()) {
        let letters = MemoryDeadLetters::default();
        (letters.clone(), Service(letters), ())
    }

    pipeline::dead_letters_conformance!(make);
}

mod ledger {
    use super::*;

    async fn make() -> (MemoryLedger, ()) {
        (MemoryLedger::default(), ())
    }

    pipeline::ledger_conformance!(make);
}
