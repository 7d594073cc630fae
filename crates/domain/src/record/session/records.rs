//! Merges the audit records of one connection.

use jiff::{SignedDuration, Timestamp};

use super::texts::Texts;

/// Earliest and latest of several times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan {
    /// Earliest time.
    pub first: Timestamp,
    /// Latest time.
    pub last: Timestamp,
}

impl TimeSpan {
    /// Creates a span of a single time.
    pub fn at(at: Timestamp) -> Self {
        Self { first: at, last: at }
    }

    /// Creates a span of all times within `by` of `at`.
    pub fn around(at: Timestamp, by: SignedDuration) -> Self {
        Self {
            first: at.saturating_sub(by).unwrap_or(Timestamp::MIN),
            last: at.saturating_add(by).unwrap_or(Timestamp::MAX),
        }
    }

    /// True if the time lies in the span, bounds included.
    pub fn holds(self, at: Timestamp) -> bool {
        (self.first..=self.last).contains(&at)
    }

    /// Returns the smallest span that covers both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }
}

/// Content of any number of records of one connection. A single record is the smallest case. [`merge`](Self::merge) is
/// a union: order and repetition have no effect.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Records {
    /// Account on the target machine.
    pub user_name: Texts,
    /// Azure identity of the user.
    pub user_email: Texts,
    /// IP address of the client.
    pub client_ip: Texts,
    /// `ssh` or `rdp`, in any case.
    pub protocol: Texts,
    /// Resource id of the machine.
    pub target_resource_id: Texts,
    /// Private IP address of the machine.
    pub target_ip: Texts,
    /// For example `VM`, `VMSS` or `BSL`.
    pub resource_type: Texts,
    /// Browser or client of the user.
    pub user_agent: Texts,
    /// Messages, unchanged.
    pub message: Texts,
    /// Dates and durations that failed to parse, unchanged.
    pub odd: Texts,
    /// Times at which the records were written.
    pub written: Option<TimeSpan>,
    /// Stated starts of the session.
    pub starts: Option<TimeSpan>,
    /// Stated ends of the session.
    pub ends: Option<TimeSpan>,
    /// Longest stated duration.
    pub duration: Option<SignedDuration>,
    /// Times at which records of an end were written.
    pub end_written: Option<TimeSpan>,
    /// Times at which records of a connection without an end were written.
    pub connected: Option<TimeSpan>,
    /// Times at which records of a failed login were written.
    pub failed: Option<TimeSpan>,
}

impl Records {
    /// Adds the content of other records.
    pub fn merge(&mut self, other: &Self) {
        let texts = [
            (&mut self.user_name, &other.user_name),
            (&mut self.user_email, &other.user_email),
            (&mut self.client_ip, &other.client_ip),
            (&mut self.protocol, &other.protocol),
            (&mut self.target_resource_id, &other.target_resource_id),
            (&mut self.target_ip, &other.target_ip),
            (&mut self.resource_type, &other.resource_type),
            (&mut self.user_agent, &other.user_agent),
            (&mut self.message, &other.message),
            (&mut self.odd, &other.odd),
        ];
        texts.into_iter().for_each(|(mine, others)| mine.merge(others));
        let spans = [
            (&mut self.written, other.written),
            (&mut self.starts, other.starts),
            (&mut self.ends, other.ends),
            (&mut self.end_written, other.end_written),
            (&mut self.connected, other.connected),
            (&mut self.failed, other.failed),
        ];
        for (mine, others) in spans {
            *mine = match (*mine, others) {
                (Some(mine), Some(others)) => Some(mine.with(others)),
                (mine, others) => mine.or(others),
            };
        }
        self.duration = self.duration.max(other.duration);
    }
}

/// True if a record's message reports a failed login. Ignores case and any text that follows.
pub fn is_failed_login(message: &str) -> bool {
    const FAILED: &str = "login failed";
    message.trim_start().get(..FAILED.len()).is_some_and(|start| start.eq_ignore_ascii_case(FAILED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_login_is_recognised_by_its_message_prefix() {
        assert!(is_failed_login("Login Failed"));
        assert!(is_failed_login(" login failed: wrong password"));
        assert!(!is_failed_login("Successfully Connected."));
        assert!(!is_failed_login("Löschen"), "a cut inside a character is no match");
    }
}
