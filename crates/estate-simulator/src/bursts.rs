//! Finds bursts of failed logins in the truth of a day.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::truth::{ConnectionKind, DayTruth, TrueSession};

/// Minimum number of failed logins of a burst, within [`SPAN`].
const COUNT: usize = 5;

const SPAN: SignedDuration = SignedDuration::from_mins(15);

/// Failed logins close together in time that share one attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatedBurst {
    /// The shared attribute.
    pub by: BurstBy,
    /// Failed logins in order of time, as indices into the sessions.
    pub attempts: Vec<usize>,
}

/// Attribute that the failed logins of a burst share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum BurstBy {
    /// Person who tried to log in.
    Person(String),
    /// IP address of the client.
    Client(String),
    /// Private IP address of the target.
    SessionTarget(String),
}

impl DayTruth {
    /// Returns the bursts: at least five failed logins within 15 minutes on any bastion, counting only those with a
    /// record that arrives. Bursts with the same attribute that share an attempt are merged.
    pub fn bursts(&self) -> Vec<SimulatedBurst> {
        let mut failed: BTreeMap<BurstBy, Vec<usize>> = BTreeMap::new();
        let sessions = self.sessions.iter().enumerate();
        for (index, session) in
            sessions.filter(|(_, session)| session.kind == ConnectionKind::Failed && session.is_told())
        {
            for by in keys(session) {
                failed.entry(by).or_default().push(index);
            }
        }
        failed.into_iter().flat_map(|(by, attempts)| self.bursts_among(&by, &attempts)).collect()
    }

    fn bursts_among(&self, by: &BurstBy, attempts: &[usize]) -> Vec<SimulatedBurst> {
        let at = |index: usize| self.sessions[index].started_at;
        let mut bursts: Vec<SimulatedBurst> = Vec::new();
        for window in attempts.windows(COUNT) {
            if at(window[COUNT - 1]).duration_since(at(window[0])) > SPAN {
                continue;
            }
            match bursts.last_mut() {
                Some(burst) if burst.attempts.last() >= window.first() => {
                    let last = burst.attempts.last().copied();
                    burst.attempts.extend(window.iter().copied().filter(|index| Some(*index) > last));
                }
                _ => bursts.push(SimulatedBurst { by: by.clone(), attempts: window.to_vec() }),
            }
        }
        bursts
    }
}

fn keys(session: &TrueSession) -> impl Iterator<Item = BurstBy> {
    let person = session.person.clone().map(BurstBy::Person);
    let client = BurstBy::Client(session.client.address.clone());
    let target = BurstBy::SessionTarget(session.target.address.clone());
    person.into_iter().chain([client, target])
}
