//! What the records of one connection say together.

use jiff::{SignedDuration, Timestamp};

use super::texts::Texts;

/// The first and the last of several moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The earliest.
    pub first: Timestamp,
    /// The latest.
    pub last: Timestamp,
}

impl Span {
    /// One moment.
    pub fn at(at: Timestamp) -> Self {
        Self { first: at, last: at }
    }

    /// All moments that are at most `by` away from this one.
    pub fn around(at: Timestamp, by: SignedDuration) -> Self {
        Self {
            first: at.saturating_sub(by).unwrap_or(Timestamp::MIN),
            last: at.saturating_add(by).unwrap_or(Timestamp::MAX),
        }
    }

    /// Whether a moment lies within.
    pub fn holds(self, at: Timestamp) -> bool {
        (self.first..=self.last).contains(&at)
    }

    /// Both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }
}

/// What any number of records of one connection say together. A single record is one, and [`merge`](Self::merge) is a
/// union: order and repetition change nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Records {
    /// The account on the target.
    pub user_name: Texts,
    /// The Azure identity.
    pub user_email: Texts,
    /// Where the user came from.
    pub client_ip: Texts,
    /// `ssh` or `rdp`, in any case.
    pub protocol: Texts,
    /// The machine's resource id.
    pub target_resource_id: Texts,
    /// The machine's private address.
    pub target_ip: Texts,
    /// Like `VM`, `VMSS` or `BSL`.
    pub resource_type: Texts,
    /// The user's browser or client.
    pub user_agent: Texts,
    /// The messages, as they came.
    pub message: Texts,
    /// Dates and durations that could not be understood, as they came.
    pub odd: Texts,
    /// When the records were written.
    pub written: Option<Span>,
    /// When records say that the session began.
    pub starts: Option<Span>,
    /// When records say that the session ended.
    pub ends: Option<Span>,
    /// The longest duration told.
    pub duration: Option<SignedDuration>,
    /// When records of an end were written.
    pub end_written: Option<Span>,
    /// When records of a connection that had not ended were written.
    pub connected: Option<Span>,
    /// When records of a failed login were written.
    pub failed: Option<Span>,
}

impl Records {
    /// Takes in what other records say.
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

/// Whether a record's message tells of a login that failed. Case does not count, nor what follows.
pub fn is_failed_login(message: &str) -> bool {
    const FAILED: &str = "login failed";
    message.trim_start().get(..FAILED.len()).is_some_and(|start| start.eq_ignore_ascii_case(FAILED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_login_is_told_by_the_beginning_of_its_message() {
        assert!(is_failed_login("Login Failed"));
        assert!(is_failed_login(" login failed: wrong password"));
        assert!(!is_failed_login("Successfully Connected."));
        assert!(!is_failed_login("Löschen"), "a cut inside a character is no match");
    }
}
