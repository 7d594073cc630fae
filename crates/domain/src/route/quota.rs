//! How much a channel takes.

use jiff::{SignedDuration, Timestamp};

/// The most messages that a channel is sent in a time. What comes on top is gathered and sent as one when it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many messages.
    pub messages: u32,
    /// In how long a time.
    pub per: SignedDuration,
}

/// The time that is counted now, and what was sent in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// When it began.
    pub began: Timestamp,
    /// How many messages were sent since.
    pub sent: u32,
}

impl Window {
    /// The window with one more message in it, or else when there is room again.
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
    fn so_many_go_and_the_next_waits_until_the_window_ends() {
        let quota = Quota { messages: 2, per: SignedDuration::from_secs(60) };
        let at = |second| Timestamp::from_second(second).unwrap();
        let first = Window::take(at(0), None, &quota).unwrap();
        let second = Window::take(at(10), Some(first), &quota).unwrap();
        assert_eq!(Window::take(at(20), Some(second), &quota), Err(at(60)));
        assert_eq!(Window::take(at(60), Some(second), &quota), Ok(Window { began: at(60), sent: 1 }));
    }
}
