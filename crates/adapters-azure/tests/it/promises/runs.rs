//! Plays a scenario many times, with concurrent runs, each in its own account.

use azurite::{Account, Azurite, Options};
use futures_util::{StreamExt, stream};

use crate::promises::outcome::{PromiseOutcome, outcome};
use crate::promises::run::Run;
use crate::promises::scenarios::Scenario;
use crate::promises::services::LogLines;
use crate::promises::world::AzureWorld;

/// Concurrent runs.
const AT_ONCE: usize = 8;

/// Result of a scenario without failures.
pub struct Undisturbed {
    pub scenario: Scenario,
    /// Labels of its calls, in order.
    pub calls: Vec<String>,
    pub outcome: PromiseOutcome,
    lines: LogLines,
    emulator: Azurite,
}

impl Undisturbed {
    pub async fn play(scenario: Scenario) -> Self {
        let emulator = Azurite::start_with(&Options { accounts: 1_200, ..Options::default() }).unwrap();
        let account = emulator.account().unwrap();
        let lines = LogLines::new(&account);
        let world = AzureWorld::new(&lines, &account, &account, &Run::UNDISTURBED, scenario.estate()).await;
        scenario.play(&world).await;
        let calls = world.mishaps.labels();
        world.settle().await;
        let outcome = outcome(&world).await;
        assert!(outcome.heard.iter().all(|heard| !heard.is_empty()), "{scenario:?} sends no notification");
        assert!(outcome.tags.values().all(|tags| !tags.is_empty()), "{scenario:?} leaves a blob without tags");
        assert_eq!((world.repeats(), outcome.poison), (0, 0), "{scenario:?}");
        Self { scenario, calls, outcome, lines, emulator }
    }

    /// Creates a world in a new account.
    pub async fn world(&self, run: &Run) -> AzureWorld {
        let account = self.account();
        AzureWorld::new(&self.lines, &account, &account, run, self.scenario.estate()).await
    }

    /// Creates a world whose archivist reaches this account through `front`.
    pub async fn world_behind(&self, account: &Account, front: &Account, run: &Run) -> AzureWorld {
        AzureWorld::new(&self.lines, account, front, run, self.scenario.estate()).await
    }

    /// Returns an account no run has used.
    pub fn account(&self) -> Account {
        self.emulator.account().unwrap()
    }

    /// Plays the scenario in each of these runs.
    pub async fn holds_in(&self, runs: Vec<Run>) {
        assert!(!runs.is_empty());
        stream::iter(runs).map(|run| self.holds(run)).buffer_unordered(AT_ONCE).collect::<()>().await;
    }

    async fn holds(&self, run: Run) {
        let world = self.world(&run).await;
        self.scenario.play(&world).await;
        let labels = world.mishaps.labels();
        let met = run.met(&labels).unwrap_or_else(|| panic!("{:?} makes no such call: {run}", self.scenario));
        self.comes_to_the_same(&world, run.may_repeat(met), &format!("{:?}: {met}: {run}", self.scenario)).await;
    }

    /// Settles the world without failures and compares the outcome. `what` describes the run.
    pub async fn comes_to_the_same(&self, world: &AzureWorld, may_repeat: usize, what: &str) {
        world.settle().await;
        let found = outcome(world).await;
        assert!(found == self.outcome, "{what}\n  found {found:#?}\n  expected {:#?}", self.outcome);
        assert!(world.repeats() <= may_repeat, "{} repeats, {what}", world.repeats());
    }
}
