//! Failed logins that come in bursts.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::truth::{Kind, TrueSession, Truth};

/// How many failed logins within [`SPAN`] are a burst.
const COUNT: usize = 5;

/// The time in which they come.
const SPAN: SignedDuration = SignedDuration::from_mins(15);

/// Failed logins that have something in common and come close together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burst {
    /// What they have in common.
    pub by: BurstBy,
    /// The failed logins, as indices into the sessions, in the order of time.
    pub attempts: Vec<usize>,
}

/// What the failed logins of a burst have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum BurstBy {
    /// The person who tries.
    Person(String),
    /// The address of the client.
    Client(String),
    /// The private address of the target.
    Target(String),
}

impl Truth {
    /// The bursts: five failed logins or more within 15 minutes, of those that are heard of, whatever the bastion.
    /// Bursts of the same that share an attempt are one.
    pub fn bursts(&self) -> Vec<Burst> {
        let mut failed: BTreeMap<BurstBy, Vec<usize>> = BTreeMap::new();
        let sessions = self.sessions.iter().enumerate();
        for (index, session) in sessions.filter(|(_, session)| session.kind == Kind::Failed && session.is_told()) {
            for by in keys(session) {
                failed.entry(by).or_default().push(index);
            }
        }
        failed.into_iter().flat_map(|(by, attempts)| self.bursts_among(&by, &attempts)).collect()
    }

    fn bursts_among(&self, by: &BurstBy, attempts: &[usize]) -> Vec<Burst> {
        let at = |index: usize| self.sessions[index].started_at;
        let mut bursts: Vec<Burst> = Vec::new();
        for window in attempts.windows(COUNT) {
            if at(window[COUNT - 1]).duration_since(at(window[0])) > SPAN {
                continue;
            }
            match bursts.last_mut() {
                Some(burst) if burst.attempts.last() >= window.first() => {
                    let last = burst.attempts.last().copied();
                    burst.attempts.extend(window.iter().copied().filter(|index| Some(*index) > last));
                }
                _ => bursts.push(Burst { by: by.clone(), attempts: window.to_vec() }),
            }
        }
        bursts
    }
}

fn keys(session: &TrueSession) -> impl Iterator<Item = BurstBy> {
    let person = session.person.clone().map(BurstBy::Person);
    let client = BurstBy::Client(session.client.address.clone());
    let target = BurstBy::Target(session.target.address.clone());
    person.into_iter().chain([client, target])
}
