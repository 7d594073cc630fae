//! Delivers one notification to one channel: attempts, claims, retries, giving up.
//!
//! Every attempt is claimed before it is made. Only one of two copies of a message gets the claim, so a receiver sees a
//! duplicate only if the answer to an attempt was lost.

use jiff::{SignedDuration, Timestamp};

use crate::past::{due_at, is_beyond};
use crate::record::notification::NotificationId;

/// Delays between attempts: about 28 hours in total.
pub const SCHEDULE: [SignedDuration; 7] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(10),
];
/// Duration of a claim; afterwards another process may repeat the attempt.
pub const CLAIM: SignedDuration = SignedDuration::from_mins(2);
/// Shortest pause after a throttled or timed-out attempt.
const OVERLOADED: SignedDuration = SignedDuration::from_mins(1);
/// Delay after which an attempt counts as forgotten, and a sweep queues it again.
pub const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// Longest wait between two attempts: twice the longest delay, plus the spread.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// Receiver retired by its operator, although it may still answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retired {
    /// Description of the retirement, as a sentence fragment.
    pub why: &'static str,
    /// Instruction for the replacement.
    pub instead: &'static str,
}

/// State of the delivery to one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// An attempt is scheduled.
    Waiting {
        /// Number of the attempt, from 1.
        attempt: u32,
        /// Earliest time of the attempt.
        at: Timestamp,
    },
    /// An attempt is in progress.
    Claimed {
        /// Number of the attempt, from 1.
        attempt: u32,
        /// End of the claim.
        until: Timestamp,
    },
    /// The notification waits to be added to a digest.
    Gathering {
        /// Route with the digest.
        route: String,
        /// Time since which it waits.
        at: Timestamp,
    },
    /// The notification is part of a digest.
    Gathered {
        /// Time at which it was added.
        at: Timestamp,
        /// Notification id of the digest.
        digest: NotificationId,
    },
    /// The channel accepted the notification.
    Delivered {
        /// Time of the acceptance.
        at: Timestamp,
        /// Number of attempts made.
        attempts: u32,
    },
    /// The delivery was given up.
    GivenUp {
        /// Time at which it was given up.
        at: Timestamp,
        /// Number of attempts made.
        attempts: u32,
        /// Error of the last attempt.
        reason: String,
    },
}

/// Answer to a claim of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptClaim {
    /// Granted; save this state before the attempt.
    Granted(Delivery),
    /// The attempt was already made, or a later one is scheduled.
    Superseded,
    /// Another process holds the claim, or the attempt is not due; ask again at this time.
    NotBefore(Timestamp),
}

/// Answer of a channel to an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelAnswer {
    /// The channel accepted the notification.
    Accepted,
    /// The channel refused or was not reached; a retry can help.
    TryLater {
        /// Description of the error, without address or secrets.
        reason: String,
        /// Wait requested by the receiver.
        retry_after: Option<SignedDuration>,
        /// True if the receiver was overloaded (throttled, timed out).
        overloaded: bool,
    },
    /// The channel refused permanently.
    Refused {
        /// Description of the error, without address or secrets.
        reason: String,
    },
    /// The receiver no longer exists, so every other notification would fail too.
    Gone {
        /// Description of the error, without address or secrets.
        reason: String,
    },
}

impl Delivery {
    /// Creates a delivery without attempts.
    pub fn new(now: Timestamp) -> Self {
        Self::Waiting { attempt: 1, at: now }
    }

    /// Returns the state after skipping an attempt because the channel is overloaded.
    pub fn put_off(attempt: u32, now: Timestamp, spread: i32) -> Self {
        let reason = "resting: the receiver did not answer another message in time".to_owned();
        Self::after(attempt, ChannelAnswer::TryLater { reason, retry_after: None, overloaded: true }, now, spread)
    }

    /// Requests attempt `attempt` at `now`.
    pub fn claim(&self, attempt: u32, now: Timestamp) -> AttemptClaim {
        let granted =
            || AttemptClaim::Granted(Self::Claimed { attempt, until: now.saturating_add(CLAIM).unwrap_or(now) });
        match *self {
            Self::Waiting { attempt: next, at } if next == attempt && due_at(at, LONGEST_WAIT, now) <= now => granted(),
            Self::Waiting { attempt: next, at } if next == attempt => AttemptClaim::NotBefore(at),
            Self::Claimed { attempt: current, until } if current == attempt && due_at(until, CLAIM, now) <= now => {
                granted()
            }
            Self::Claimed { attempt: current, until } if current == attempt => AttemptClaim::NotBefore(until),
            _ => AttemptClaim::Superseded,
        }
    }

    /// Returns the state after the answer to attempt `attempt`. `spread` from -20 to 20 shifts the delay by this
    /// percentage, to keep receivers from getting all retries at once.
    pub fn after(attempt: u32, answer: ChannelAnswer, now: Timestamp, spread: i32) -> Self {
        match answer {
            ChannelAnswer::Accepted => Self::Delivered { at: now, attempts: attempt },
            ChannelAnswer::Refused { reason } | ChannelAnswer::Gone { reason } => {
                Self::GivenUp { at: now, attempts: attempt, reason }
            }
            ChannelAnswer::TryLater { reason, retry_after, overloaded } => match SCHEDULE.get(attempt as usize - 1) {
                None => Self::GivenUp { at: now, attempts: attempt, reason },
                Some(base) => {
                    let delay = delay(*base, retry_after, overloaded, spread);
                    Self::Waiting { attempt: attempt + 1, at: now.saturating_add(delay).unwrap_or(now) }
                }
            },
        }
    }

    /// Schedules one more attempt instead of giving up, for notifications retried until a channel accepts them or is
    /// disabled.
    #[must_use]
    pub fn kept_up(self, attempt: u32, now: Timestamp, spread: i32) -> Self {
        match (self, SCHEDULE.last()) {
            (Self::GivenUp { .. }, Some(base)) => {
                let at = now.saturating_add(delay(*base, None, false, spread)).unwrap_or(now);
                Self::Waiting { attempt: attempt + 1, at }
            }
            (delivery, _) => delivery,
        }
    }

    /// Returns when a sweep must look at the delivery if no message does. `None` if it has ended.
    pub fn forgotten_at(&self) -> Option<Timestamp> {
        match *self {
            Self::Waiting { at, .. } | Self::Claimed { until: at, .. } | Self::Gathering { at, .. } => {
                at.saturating_add(FORGOTTEN_AFTER).ok()
            }
            Self::Gathered { .. } | Self::Delivered { .. } | Self::GivenUp { .. } => None,
        }
    }

    /// Returns true if the message for the next attempt is lost, or a wrong clock scheduled the attempt too late.
    pub fn is_forgotten(&self, now: Timestamp) -> bool {
        let is_beyond = self.next_attempt().is_some_and(|(_, at)| is_beyond(at, LONGEST_WAIT, now));
        is_beyond || self.forgotten_at().is_some_and(|at| at <= now)
    }

    /// Returns number and time of the next attempt. `None` if the delivery has ended.
    pub fn next_attempt(&self) -> Option<(u32, Timestamp)> {
        match *self {
            Self::Waiting { attempt, at } | Self::Claimed { attempt, until: at } => Some((attempt, at)),
            Self::Gathering { at, .. } => Some((1, at)),
            Self::Gathered { .. } | Self::Delivered { .. } | Self::GivenUp { .. } => None,
        }
    }

    /// Returns the delivery, due now. `None` if it has ended.
    ///
    /// A claimed attempt stays claimed with an expired claim, because it may have been made.
    pub fn recalled(&self, now: Timestamp) -> Option<Self> {
        match *self {
            Self::Waiting { attempt, .. } => Some(Self::Waiting { attempt, at: now }),
            Self::Claimed { attempt, .. } => Some(Self::Claimed { attempt, until: now }),
            Self::Gathering { ref route, .. } => Some(Self::Gathering { route: route.clone(), at: now }),
            Self::Gathered { .. } | Self::Delivered { .. } | Self::GivenUp { .. } => None,
        }
    }
}

/// Returns the delay before the next attempt. A wait requested by the receiver counts between once and twice the base.
fn delay(base: SignedDuration, wish: Option<SignedDuration>, overloaded: bool, spread: i32) -> SignedDuration {
    let least = if overloaded { base.max(OVERLOADED) } else { base };
    let wished = wish.map_or(least, |wish| wish.clamp(least, least * 2));
    // A requested pause is never shortened: the spread only extends it.
    let spread = if wish.is_some() || overloaded { spread.abs() } else { spread };
    wished + wished * spread.clamp(-20, 20) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn try_later(retry_after: Option<i64>, overloaded: bool) -> ChannelAnswer {
        ChannelAnswer::TryLater {
            reason: "503".into(),
            retry_after: retry_after.map(SignedDuration::from_secs),
            overloaded,
        }
    }

    #[test]
    fn the_schedule_lasts_about_28_hours() {
        let total: SignedDuration = SCHEDULE.iter().fold(SignedDuration::ZERO, |sum, delay| sum + *delay);
        assert_eq!(total.as_hours(), 27);
    }

    #[test]
    fn only_one_copy_of_a_message_is_granted_the_claim() {
        let AttemptClaim::Granted(claimed) = Delivery::new(at(0)).claim(1, at(0)) else {
            panic!("not granted")
        };
        assert_eq!(claimed.claim(1, at(1)), AttemptClaim::NotBefore(at(120)));
        let done = Delivery::after(1, ChannelAnswer::Accepted, at(2), 0);
        assert_eq!(done.claim(1, at(3)), AttemptClaim::Superseded);
    }

    #[test]
    fn an_expired_claim_may_be_granted_again() {
        let claimed = Delivery::Claimed { attempt: 1, until: at(120) };
        assert!(matches!(claimed.claim(1, at(120)), AttemptClaim::Granted(_)));
    }

    #[test]
    fn an_attempt_scheduled_too_far_ahead_is_granted_now() {
        let year = 365 * 86_400;
        let put_off = Delivery::Waiting { attempt: 2, at: at(year) };
        assert!(matches!(put_off.claim(2, at(0)), AttemptClaim::Granted(_)) && put_off.is_forgotten(at(0)));
        let claimed = Delivery::Claimed { attempt: 2, until: at(year) };
        assert!(matches!(claimed.claim(2, at(0)), AttemptClaim::Granted(_)));
        let last = Delivery::after(7, try_later(Some(1_000_000), false), at(0), 20);
        assert!(
            matches!(last.claim(8, at(0)), AttemptClaim::NotBefore(_)) && !last.is_forgotten(at(0)),
            "the longest there is"
        );
    }

    #[test]
    fn an_attempt_is_granted_neither_early_nor_after_a_later_one() {
        let waiting = Delivery::after(1, try_later(None, false), at(0), 0);
        assert_eq!(waiting, Delivery::Waiting { attempt: 2, at: at(5) });
        assert_eq!(waiting.claim(2, at(4)), AttemptClaim::NotBefore(at(5)));
        assert_eq!(waiting.claim(1, at(9)), AttemptClaim::Superseded);
    }

    #[test]
    fn a_receiver_can_request_neither_days_nor_instant_retries() {
        let wait = |answer, spread| match Delivery::after(2, answer, at(0), spread) {
            Delivery::Waiting { at, .. } => at.as_second(),
            other => panic!("{other:?}"),
        };
        assert_eq!(wait(try_later(Some(1), false), 0), 300);
        assert_eq!(wait(try_later(Some(400), false), 0), 400);
        assert_eq!(wait(try_later(Some(1_000_000), false), 0), 600);
        assert_eq!(wait(try_later(None, false), 20), 360);
        assert_eq!(wait(try_later(None, false), -20), 240);
        assert_eq!(wait(try_later(Some(400), false), -20), 480, "a pause that was asked for is never cut");
    }

    #[test]
    fn an_overloaded_receiver_gets_a_minute_at_least() {
        assert_eq!(Delivery::after(1, try_later(None, true), at(0), 0), Delivery::Waiting { attempt: 2, at: at(60) });
    }

    #[test]
    fn after_the_last_attempt_it_is_given_up() {
        let last = SCHEDULE.len() as u32 + 1;
        let given_up = Delivery::after(last, try_later(None, false), at(0), 0);
        assert_eq!(given_up, Delivery::GivenUp { at: at(0), attempts: last, reason: "503".into() });
        assert_eq!(given_up.forgotten_at(), None);
    }

    #[test]
    fn a_permanent_refusal_is_not_retried() {
        let refused = Delivery::after(1, ChannelAnswer::Refused { reason: "401".into() }, at(0), 0);
        assert!(matches!(refused, Delivery::GivenUp { attempts: 1, .. }));
    }

    #[test]
    fn a_gone_receiver_is_given_up_at_once() {
        let gone = Delivery::after(1, ChannelAnswer::Gone { reason: "410".into() }, at(0), 0);
        assert_eq!(gone, Delivery::GivenUp { at: at(0), attempts: 1, reason: "410".into() });
    }
}
