//! Detects bursts of failed logins.

use jiff::{SignedDuration, Timestamp};

use crate::policy::join::FailedLogins;
use crate::record::session::TunnelId;

/// Many failed logins with the same key in close succession.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burst {
    /// Time of the first failure.
    pub first_at: Timestamp,
    /// Time of the last failure.
    pub last_at: Timestamp,
    /// Connections in order of time.
    pub tunnels: Vec<TunnelId>,
}

/// Finds the bursts among failed logins of one key. A burst is a chain without a pause longer than `within`, with at
/// least `count` failures during some period of that length.
pub fn bursts(mut failures: Vec<(Timestamp, TunnelId)>, rule: FailedLogins) -> Vec<Burst> {
    failures.sort_unstable();
    failures.dedup();
    let follows = |one: &(Timestamp, _), next: &(Timestamp, _)| next.0.duration_since(one.0) <= rule.within;
    let chains = failures.chunk_by(follows);
    chains.filter(|chain| is_dense(chain, rule.count, rule.within)).filter_map(burst).collect()
}

fn is_dense(chain: &[(Timestamp, TunnelId)], count: usize, within: SignedDuration) -> bool {
    chain.windows(count.max(1)).any(|window| match window {
        [first, .., last] => last.0.duration_since(first.0) <= within,
        _ => true,
    })
}

fn burst(chain: &[(Timestamp, TunnelId)]) -> Option<Burst> {
    let (first, last) = (chain.first()?, chain.last()?);
    Some(Burst {
        first_at: first.0,
        last_at: last.0,
        tunnels: chain.iter().map(|(_, tunnel)| tunnel.clone()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: FailedLogins = FailedLogins { count: 3, within: SignedDuration::from_secs(10) };

    fn failures(seconds: &[i64]) -> Vec<(Timestamp, TunnelId)> {
        let failure = |(at, second): (usize, &i64)| {
            (Timestamp::from_second(*second).unwrap(), TunnelId::parse(&format!("t{at}")).unwrap())
        };
        seconds.iter().enumerate().map(failure).collect()
    }

    #[test]
    fn many_failures_in_a_short_time_are_one_burst() {
        let found = bursts(failures(&[0, 100, 104, 109, 118, 300]), RULE);
        assert_eq!(found.iter().map(|burst| burst.tunnels.len()).collect::<Vec<_>>(), [4]);
        assert_eq!(found[0].first_at.as_second(), 100);
    }

    #[test]
    fn the_same_failures_over_a_longer_time_are_no_burst() {
        assert!(bursts(failures(&[0, 9, 18, 27, 36]), RULE).is_empty());
    }

    #[test]
    fn one_failure_is_a_burst_if_the_rule_requires_one() {
        assert_eq!(bursts(failures(&[5]), FailedLogins { count: 1, ..RULE }).len(), 1);
    }
}
