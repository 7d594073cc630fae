//! How one notification reaches one channel: attempts, claims, retries, giving up.
//!
//! Every attempt is claimed before it is made. Of two copies of a message only one gets the claim, so a
//! receiver sees a repeat only where the answer to an attempt was lost.

use jiff::{SignedDuration, Timestamp};

use crate::notification::NotificationId;
use crate::past::{due_at, is_beyond};

/// The delays between attempts: about 28 hours in all.
pub const SCHEDULE: [SignedDuration; 7] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(10),
];
/// How long a claimed attempt may take before somebody else may repeat it.
pub const CLAIM: SignedDuration = SignedDuration::from_mins(2);
/// After a throttled or timed-out attempt the receiver is left alone for at least this long.
const OVERLOADED: SignedDuration = SignedDuration::from_mins(1);
/// How long after its time an attempt counts as forgotten, so that a sweep queues it again.
pub const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// The longest wait between two attempts: twice the longest delay, and spread.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// A receiver that whoever runs it has given up, although it may still answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retired {
    /// What is known of it, as a fragment.
    pub why: &'static str,
    /// What to do about it, as an instruction.
    pub instead: &'static str,
}

/// Where the delivery to one channel stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// An attempt waits for its time.
    Waiting {
        /// Which one, from 1.
        attempt: u32,
        /// When it may be made.
        at: Timestamp,
    },
    /// An attempt is being made.
    Claimed {
        /// Which one, from 1.
        attempt: u32,
        /// Until when nobody else may make it.
        until: Timestamp,
    },
    /// It waits to be gathered with others.
    Gathering {
        /// By which route.
        route: String,
        /// Since when.
        at: Timestamp,
    },
    /// It is told together with others.
    Gathered {
        /// Since when.
        at: Timestamp,
        /// By which message.
        digest: NotificationId,
    },
    /// The channel accepted it.
    Delivered {
        /// When.
        at: Timestamp,
        /// How many attempts it took.
        attempts: u32,
    },
    /// It was given up.
    GivenUp {
        /// When.
        at: Timestamp,
        /// How many attempts were made.
        attempts: u32,
        /// Why the last one failed.
        reason: String,
    },
}

/// Whether an attempt may be made now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Yes; save this before making it.
    Granted(Delivery),
    /// It was made before, or a later one waits already.
    Superseded,
    /// Somebody else is at it, or its time has not come; ask again at this time.
    NotBefore(Timestamp),
}

/// What a channel answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Accepted.
    Accepted,
    /// Refused or not reached, and a retry can help.
    TryLater {
        /// Why, without the address or anything secret.
        reason: String,
        /// How long the receiver asked us to wait.
        retry_after: Option<SignedDuration>,
        /// Whether it was too busy to answer properly (throttled, timed out).
        overloaded: bool,
    },
    /// Refused for good.
    Refused {
        /// Why, without the address or anything secret.
        reason: String,
    },
    /// Refused for good, and so will be everything else: the receiver says that it is there no longer.
    Gone {
        /// Why, without the address or anything secret.
        reason: String,
    },
}

impl Delivery {
    /// A delivery of which nothing has been tried.
    pub fn new(now: Timestamp) -> Self {
        Self::Waiting { attempt: 1, at: now }
    }

    /// What came of an attempt that was not made, because the channel was just too busy to answer another.
    pub fn put_off(attempt: u32, now: Timestamp, spread: i32) -> Self {
        let reason = "resting: the receiver did not answer another message in time".to_owned();
        Self::after(attempt, Answer::TryLater { reason, retry_after: None, overloaded: true }, now, spread)
    }

    /// Asks for attempt `attempt` at `now`.
    pub fn claim(&self, attempt: u32, now: Timestamp) -> Claim {
        let granted = || Claim::Granted(Self::Claimed { attempt, until: now.saturating_add(CLAIM).unwrap_or(now) });
        match *self {
            Self::Waiting { attempt: next, at } if next == attempt && due_at(at, LONGEST_WAIT, now) <= now => granted(),
            Self::Waiting { attempt: next, at } if next == attempt => Claim::NotBefore(at),
            Self::Claimed { attempt: current, until } if current == attempt && due_at(until, CLAIM, now) <= now => {
                granted()
            }
            Self::Claimed { attempt: current, until } if current == attempt => Claim::NotBefore(until),
            _ => Claim::Superseded,
        }
    }

    /// What follows from the answer to attempt `attempt`. `spread` from -20 to 20 moves the delay by that many
    /// percent, so that receivers are not stormed.
    pub fn after(attempt: u32, answer: Answer, now: Timestamp, spread: i32) -> Self {
        match answer {
            Answer::Accepted => Self::Delivered { at: now, attempts: attempt },
            Answer::Refused { reason } | Answer::Gone { reason } => {
                Self::GivenUp { at: now, attempts: attempt, reason }
            }
            Answer::TryLater { reason, retry_after, overloaded } => match SCHEDULE.get(attempt as usize - 1) {
                None => Self::GivenUp { at: now, attempts: attempt, reason },
                Some(base) => {
                    let delay = delay(*base, retry_after, overloaded, spread);
                    Self::Waiting { attempt: attempt + 1, at: now.saturating_add(delay).unwrap_or(now) }
                }
            },
        }
    }

    /// Waits for one more attempt instead of giving up, if a retry can help: for what must be told until a channel accepts
    /// it or is disabled.
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

    /// When somebody must look at this delivery if no message does. `None` when it has ended.
    pub fn forgotten_at(&self) -> Option<Timestamp> {
        match *self {
            Self::Waiting { at, .. } | Self::Claimed { until: at, .. } | Self::Gathering { at, .. } => {
                at.saturating_add(FORGOTTEN_AFTER).ok()
            }
            Self::Gathered { .. } | Self::Delivered { .. } | Self::GivenUp { .. } => None,
        }
    }

    /// True if the message for the next attempt must have been lost, or a wrong clock put the attempt off.
    pub fn is_forgotten(&self, now: Timestamp) -> bool {
        let is_beyond = self.next_attempt().is_some_and(|(_, at)| is_beyond(at, LONGEST_WAIT, now));
        is_beyond || self.forgotten_at().is_some_and(|at| at <= now)
    }

    /// The attempt that is to be made next, and when. `None` when the delivery has ended.
    pub fn next_attempt(&self) -> Option<(u32, Timestamp)> {
        match *self {
            Self::Waiting { attempt, at } | Self::Claimed { attempt, until: at } => Some((attempt, at)),
            Self::Gathering { at, .. } => Some((1, at)),
            Self::Gathered { .. } | Self::Delivered { .. } | Self::GivenUp { .. } => None,
        }
    }

    /// The same delivery, to be looked at anew. `None` when it has ended.
    ///
    /// An attempt that was claimed stays so, with a claim that is over: it may have been made.
    pub fn recalled(&self, now: Timestamp) -> Option<Self> {
        match *self {
            Self::Waiting { attempt, .. } => Some(Self::Waiting { attempt, at: now }),
            Self::Claimed { attempt, .. } => Some(Self::Claimed { attempt, until: now }),
            Self::Gathering { ref route, .. } => Some(Self::Gathering { route: route.clone(), at: now }),
            Self::Gathered { .. } | Self::Delivered { .. } | Self::GivenUp { .. } => None,
        }
    }
}

/// The delay before the next attempt: the receiver's wish is honoured between once and twice the base.
fn delay(base: SignedDuration, wish: Option<SignedDuration>, overloaded: bool, spread: i32) -> SignedDuration {
    let least = if overloaded { base.max(OVERLOADED) } else { base };
    let wished = wish.map_or(least, |wish| wish.clamp(least, least * 2));
    // Who asked for a pause gets all of it: the delay is spread behind it only.
    let spread = if wish.is_some() || overloaded { spread.abs() } else { spread };
    wished + wished * spread.clamp(-20, 20) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn try_later(retry_after: Option<i64>, overloaded: bool) -> Answer {
        Answer::TryLater { reason: "503".into(), retry_after: retry_after.map(SignedDuration::from_secs), overloaded }
    }

    #[test]
    fn the_schedule_lasts_about_28_hours() {
        let total: SignedDuration = SCHEDULE.iter().fold(SignedDuration::ZERO, |sum, delay| sum + *delay);
        assert_eq!(total.as_hours(), 27);
    }

    #[test]
    fn only_one_of_two_copies_of_a_message_gets_the_claim() {
        let Claim::Granted(claimed) = Delivery::new(at(0)).claim(1, at(0)) else {
            panic!("not granted")
        };
        assert_eq!(claimed.claim(1, at(1)), Claim::NotBefore(at(120)));
        let done = Delivery::after(1, Answer::Accepted, at(2), 0);
        assert_eq!(done.claim(1, at(3)), Claim::Superseded);
    }

    #[test]
    fn an_attempt_whose_maker_died_may_be_repeated_when_its_claim_is_over() {
        let claimed = Delivery::Claimed { attempt: 1, until: at(120) };
        assert!(matches!(claimed.claim(1, at(120)), Claim::Granted(_)));
    }

    #[test]
    fn an_attempt_put_off_for_longer_than_any_is_made_now() {
        let year = 365 * 86_400;
        let put_off = Delivery::Waiting { attempt: 2, at: at(year) };
        assert!(matches!(put_off.claim(2, at(0)), Claim::Granted(_)) && put_off.is_forgotten(at(0)));
        let claimed = Delivery::Claimed { attempt: 2, until: at(year) };
        assert!(matches!(claimed.claim(2, at(0)), Claim::Granted(_)));
        let last = Delivery::after(7, try_later(Some(1_000_000), false), at(0), 20);
        assert!(
            matches!(last.claim(8, at(0)), Claim::NotBefore(_)) && !last.is_forgotten(at(0)),
            "the longest there is"
        );
    }

    #[test]
    fn an_attempt_is_not_made_before_its_time_nor_after_a_later_one() {
        let waiting = Delivery::after(1, try_later(None, false), at(0), 0);
        assert_eq!(waiting, Delivery::Waiting { attempt: 2, at: at(5) });
        assert_eq!(waiting.claim(2, at(4)), Claim::NotBefore(at(5)));
        assert_eq!(waiting.claim(1, at(9)), Claim::Superseded);
    }

    #[test]
    fn a_receiver_cannot_park_us_for_days_nor_hurry_us() {
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
    fn a_refusal_for_good_is_not_retried() {
        let refused = Delivery::after(1, Answer::Refused { reason: "401".into() }, at(0), 0);
        assert!(matches!(refused, Delivery::GivenUp { attempts: 1, .. }));
    }

    #[test]
    fn a_receiver_that_is_gone_is_not_tried_again() {
        let gone = Delivery::after(1, Answer::Gone { reason: "410".into() }, at(0), 0);
        assert_eq!(gone, Delivery::GivenUp { at: at(0), attempts: 1, reason: "410".into() });
    }
}
