//! Reads the sessions before those of recordings.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::decide::join::LogRead;
use domain::decide::prior_sessions::{PriorFound, PriorSearch, PriorSessions};
use domain::policy::review::PriorSessionFacts;
use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::session::{Session, SessionEntry, SessionId};

use crate::ports::Fault;
use crate::query::watermark;
use crate::reading::CatalogueReader;
use crate::stored::checkpoint::CheckpointDocument;

/// Maximum number of sessions per search. If there are more, no answer is *no earlier session*.
const FOUND_AT_MOST: usize = 5_000;
/// Maximum number of sessions kept from earlier searches.
const KEPT_AT_MOST: usize = 100_000;

/// Names of the sessions of an account on a machine, at one bastion.
type Names = (BastionName, Vec<JoinKey>);

/// Reads the sessions before those of recordings. Keeps what several recordings have in common.
pub(super) struct ReadPriorSessions<'r> {
    reading: &'r CatalogueReader<'r>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    logs: BTreeMap<BastionName, Option<LogRead>>,
    uses: BTreeMap<Names, Arc<Found>>,
    sessions: usize,
}

struct Found {
    sessions: Vec<Session>,
    is_whole: bool,
}

impl<'r> ReadPriorSessions<'r> {
    pub(super) fn new(reading: &'r CatalogueReader<'r>) -> Self {
        Self { reading, kept: Mutex::default() }
    }

    /// Returns the facts that a rule tests about the sessions before that of an entry.
    pub(super) async fn read(&self, entry: &Entry) -> Result<PriorSessionFacts, Fault> {
        let policy = self.reading.reviews;
        let Some(prior) = PriorSessions::from_entry(entry, policy.tolerances, policy.prior_times) else {
            return Ok(PriorSessionFacts::default());
        };
        let mut facts = PriorSessionFacts::default();
        let log = self.log(&entry.bastion).await?;
        if policy.asks_first_use()
            && let Some(found) = self.uses(entry, &prior).await?
        {
            facts.first_use = prior.is_first_use(found.with(log));
        }
        if policy.asks_failed_logins() {
            let found = self.find(&entry.bastion, &prior.failures()).await?;
            facts.after_failed_logins = prior.is_after_failed_logins(found.with(log));
        }
        Ok(facts)
    }

    async fn log(&self, bastion: &BastionName) -> Result<Option<LogRead>, Fault> {
        if let Some(log) = self.kept(|kept| kept.logs.get(bastion).copied()) {
            return Ok(log);
        }
        let watermark = watermark(self.reading.checkpoints, bastion).await?;
        let log = watermark.and_then(|watermark| watermark.without_future(self.reading.now).log_read());
        self.kept(|kept| kept.logs.insert(bastion.clone(), log));
        Ok(log)
    }

    /// Returns the sessions with the names of this one. `None` if the session is not stored, or has no name.
    async fn uses(&self, entry: &Entry, prior: &PriorSessions<'_>) -> Result<Option<Arc<Found>>, Fault> {
        let id = SessionId { bastion: entry.bastion.clone(), tunnel: prior.tunnel().clone() };
        let own = self.reading.sessions.load(&[id]).await?;
        let Some(own) = own.into_iter().next().filter(|own| !own.keys.is_empty()) else {
            return Ok(None);
        };
        let names = (entry.bastion.clone(), own.keys);
        if let Some(found) = self.kept(|kept| kept.uses.get(&names).cloned()) {
            return Ok(Some(found));
        }
        let found = Arc::new(self.find(&names.0, &prior.uses(&names.1)).await?);
        self.kept(|kept| kept.keep(names, Arc::clone(&found)));
        Ok(Some(found))
    }

    async fn find(&self, bastion: &BastionName, search: &PriorSearch) -> Result<Found, Fault> {
        let found = self.reading.sessions.near(bastion, &search.keys, search.within, FOUND_AT_MOST).await?;
        Ok(Found { is_whole: found.len() < FOUND_AT_MOST, sessions: found.iter().map(SessionEntry::session).collect() })
    }

    fn kept<T>(&self, with: impl FnOnce(&mut Kept) -> T) -> T {
        with(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Kept {
    fn keep(&mut self, names: Names, found: Arc<Found>) {
        if self.sessions > KEPT_AT_MOST {
            self.uses.clear();
            self.sessions = 0;
        }
        self.sessions += found.sessions.len();
        self.uses.insert(names, found);
    }
}

impl Found {
    fn with(&self, log: Option<LogRead>) -> PriorFound<'_> {
        PriorFound { sessions: &self.sessions, is_whole: self.is_whole, log }
    }
}
