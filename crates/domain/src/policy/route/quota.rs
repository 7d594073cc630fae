//! Message quota of a channel.

use jiff::{SignedDuration, Timestamp};

/// Maximum number of messages to a channel per period. Messages beyond it are collected and sent as a digest after the
/// period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Number of messages.
    pub messages: u32,
    /// Length of the period.
    pub per: SignedDuration,
}

/// Current period and its message count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Beginning of the period.
    pub began: Timestamp,
    /// Messages sent since then.
    pub sent: u32,
}

impl Window {
    /// Returns the window with one more message. If the quota is used up, returns as an error the time at which it
    /// renews.
    pub fn take(now: Timestamp, window: Option<Self>, quota: &Quota) -> Result<Self, Timestamp> {
        let ends = |window: &Self| window.began.saturating_add(quota.per).unwrap_or(Timestamp::MAX);
        match window.filter(|window| now < ends(window)) {
            None => Ok(Self { began: now, sent: 1 }),
            Some(window) if window.sent < quota.messages => Ok(Self { sent: window.sent + 1, ..window }),
            Some(window) => Err(ends(&window)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_up_quota_waits_for_the_end_of_its_window() {
        let quota = Quota { messages: 2, per: SignedDuration::from_secs(60) };
        let at = |second| Timestamp::from_second(second).unwrap();
        let first = Window::take(at(0), None, &quota).unwrap();
        let second = Window::take(at(10), Some(first), &quota).unwrap();
        assert_eq!(Window::take(at(20), Some(second), &quota), Err(at(60)));
        assert_eq!(Window::take(at(60), Some(second), &quota), Ok(Window { began: at(60), sent: 1 }));
    }
}
