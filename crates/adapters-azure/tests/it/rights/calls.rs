//! The calls of all runs, with the rights that they used and the refusals that they met.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use super::grants::{Grant, Who};
use super::need::Need;

/// A granted action that a call used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Used {
    pub who: Who,
    /// Scope of the role assignment.
    pub scope: String,
    pub role: String,
    pub action: String,
}

#[derive(Debug, Default)]
pub struct RecordedCalls {
    /// Operations by the right behind them.
    used: Mutex<BTreeMap<Used, BTreeSet<String>>>,
    /// Holders and needs of the granted calls.
    granted: Mutex<BTreeSet<(Who, Need)>>,
    /// Holder and need of the refused calls.
    refused: Mutex<BTreeSet<(Who, String)>>,
}

impl RecordedCalls {
    /// Notes a call, with each grant behind it.
    pub fn allow_all(&self, who: Who, behind: &[(&Grant, String)], need: &Need) {
        self.granted.lock().unwrap_or_else(PoisonError::into_inner).insert((who, need.clone()));
        behind.iter().for_each(|(grant, action)| self.allow(grant, action, need));
    }

    fn allow(&self, grant: &Grant, action: &str, need: &Need) {
        let used =
            Used { who: grant.who, scope: grant.scope.clone(), role: grant.role.clone(), action: action.to_owned() };
        let mut all = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(used).or_default().insert(need.operation.clone());
    }

    pub fn refuse(&self, who: Who, need: &Need) {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).insert((who, need.to_string()));
    }

    pub fn used(&self) -> BTreeMap<Used, BTreeSet<String>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn granted(&self) -> BTreeSet<(Who, Need)> {
        self.granted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn refused(&self) -> BTreeSet<(Who, String)> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
