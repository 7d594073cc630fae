//! What is remembered of a channel between messages: how much it was sent, how it answers, what is gathered for it.

use jiff::{SignedDuration, Timestamp};

use crate::delivery::Answer;
use crate::gathering::{FULL, Gathering, Line};
use crate::notification::NotificationId;
use crate::route::{Quota, Window};

/// How long a channel may fail without a success before it is disabled, counted from the first message given up.
pub const FAILS_AT_MOST: SignedDuration = SignedDuration::from_hours(120);
/// How long a channel is left alone that was too busy to answer: least and most. No longer than the message waits that found
/// it so, which would else be put off by its own answer.
const REST: (SignedDuration, SignedDuration) = (SignedDuration::from_mins(1), SignedDuration::from_mins(2));
/// The cause of what is gathered because the channel takes no more for now.
pub const NO_ROOM: &str = "";

/// A channel as it was left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChannelState {
    /// How much of its quota is used. `None` where it has none or nothing was sent.
    pub window: Option<Window>,
    /// Until when it is left alone.
    pub rests_until: Option<Timestamp>,
    /// When the first message was given up since it last took one.
    pub failing_since: Option<Timestamp>,
    /// Since when, and why, nothing is sent to it.
    pub disabled: Option<(Timestamp, String)>,
    /// How often it was disabled.
    pub disablings: u64,
    /// How many digests it was given a number for.
    pub digests: u64,
    /// What is gathered, each with its cause: a route's name, or [`NO_ROOM`].
    pub gatherings: Vec<(String, Gathering)>,
    /// The last digest and what was in it.
    pub told: Option<(u64, Vec<NotificationId>)>,
}

/// Whether a message may be sent to a channel now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// Yes.
    Now,
    /// Nothing is sent to it any more, for this reason.
    Disabled(String),
    /// It was too busy a moment ago.
    Resting,
    /// It has had enough until then: what comes is gathered.
    NoRoom(Timestamp),
}

impl ChannelState {
    /// Asks for leave to send a message. One that must go is sent whatever the quota says: a digest is what the quota
    /// leaves, and what was sent before is not sent within another message.
    pub fn admit(&mut self, quota: Option<&Quota>, must_go: bool, now: Timestamp) -> Admission {
        if let Some((_, reason)) = &self.disabled {
            return Admission::Disabled(reason.clone());
        }
        if let Some(until) = self.rests_until.filter(|until| now < *until) {
            // What was put off must go later, whatever the quota says then.
            let is_gathered = quota.is_some() && !must_go;
            return if is_gathered { Admission::NoRoom(until) } else { Admission::Resting };
        }
        let Some(quota) = quota else { return Admission::Now };
        let open = self.gatherings.iter().find(|(cause, gathering)| cause == NO_ROOM && gathering.takes(now));
        if let Some((_, gathering)) = open.filter(|_| !must_go) {
            // Whoever comes later does not overtake those that wait.
            return Admission::NoRoom(gathering.due);
        }
        match Window::take(now, self.window, quota) {
            Ok(window) => {
                self.window = Some(window);
                Admission::Now
            }
            Err(_) if must_go => Admission::Now,
            Err(until) => Admission::NoRoom(until),
        }
    }

    /// Adds a notification to what is gathered for this cause; gives the number of the digest that it comes with. One that
    /// is in an earlier digest stays there.
    pub fn gather(&mut self, cause: &str, due: Timestamp, line: Line, now: Timestamp) -> u64 {
        let is_in = |ids: &[NotificationId]| ids.contains(&line.id);
        if let Some((number, _)) = self.told.as_ref().filter(|(_, ids)| is_in(ids)) {
            return *number;
        }
        if let Some((_, gathering)) = self.gatherings.iter().find(|(_, gathering)| is_in(&gathering.ids)) {
            return gathering.number;
        }
        let open = self.gatherings.iter().position(|(known, open)| known == cause && open.takes(now));
        let at = open.unwrap_or_else(|| {
            self.digests += 1;
            self.gatherings.push((cause.to_owned(), Gathering::new(self.digests, due)));
            self.gatherings.len() - 1
        });
        let gathering = &mut self.gatherings[at].1;
        gathering.add(line);
        if gathering.ids.len() == FULL {
            gathering.due = now;
        }
        gathering.number
    }

    /// What is gathered under this number.
    pub fn gathering(&mut self, number: u64) -> Option<&mut Gathering> {
        self.gatherings.iter_mut().map(|(_, gathering)| gathering).find(|gathering| gathering.number == number)
    }

    /// What was gathered under this number is on its way as a message of its own.
    pub fn told(&mut self, number: u64) {
        if let Some(at) = self.gatherings.iter().position(|(_, gathering)| gathering.number == number) {
            self.told = Some((number, self.gatherings.remove(at).1.ids));
        }
    }

    /// Takes in how the channel answered, and whether the message was given up. Gives since when it has failed, where it is
    /// disabled by that.
    pub fn answered(&mut self, answer: &Answer, is_given_up: bool, now: Timestamp) -> Option<Timestamp> {
        match answer {
            Answer::Accepted => (self.failing_since, self.rests_until) = (None, None),
            Answer::TryLater { overloaded: true, retry_after, .. } => {
                let rest = retry_after.unwrap_or(REST.0).clamp(REST.0, REST.1);
                self.rests_until = now.saturating_add(rest).ok();
            }
            Answer::TryLater { .. } | Answer::Refused { .. } | Answer::Gone { .. } => {}
        }
        if !is_given_up || self.disabled.is_some() {
            return None;
        }
        let since = *self.failing_since.get_or_insert(now);
        let reason = match answer {
            Answer::Gone { reason } => reason.clone(),
            Answer::TryLater { reason, .. } | Answer::Refused { reason }
                if now.duration_since(since) >= FAILS_AT_MOST =>
            {
                reason.clone()
            }
            _ => return None,
        };
        self.disabled = Some((now, reason));
        self.disablings += 1;
        Some(since)
    }

    /// Has it tried again.
    pub fn enable(&mut self) {
        (self.disabled, self.failing_since, self.rests_until) = (None, None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notification::Event;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn line(number: i64) -> Line {
        let id = NotificationId::derive("rec", Event::RecordingReady, &number.to_string());
        let event = Event::RecordingReady;
        Line { id, event, severity: event.severity(), at: at(number), subject: String::new() }
    }

    fn refused() -> Answer {
        Answer::Refused { reason: "clientError: 400".into() }
    }

    const ONE: Quota = Quota { messages: 1, per: SignedDuration::from_secs(60) };

    #[test]
    fn what_finds_no_room_is_gathered_until_there_is_and_nothing_overtakes_it() {
        let mut state = ChannelState::default();
        assert_eq!(state.admit(Some(&ONE), false, at(0)), Admission::Now);
        assert_eq!(state.admit(Some(&ONE), false, at(1)), Admission::NoRoom(at(60)));
        assert_eq!(state.gather(NO_ROOM, at(60), line(1), at(1)), 1);
        assert_eq!(state.gather(NO_ROOM, at(60), line(2), at(2)), 1);
        assert_eq!(state.admit(Some(&ONE), true, at(60)), Admission::Now, "the digest itself");
    }

    #[test]
    fn a_notification_is_in_one_digest_however_often_it_comes() {
        let mut state = ChannelState::default();
        assert_eq!(state.gather("daily", at(60), line(1), at(0)), 1);
        assert_eq!(state.gather("daily", at(60), line(1), at(1)), 1);
        state.told(1);
        assert_eq!(state.gather("daily", at(120), line(1), at(61)), 1);
        assert_eq!(state.gather("daily", at(120), line(2), at(62)), 2);
    }

    #[test]
    fn a_channel_is_disabled_after_five_days_without_success_and_not_before() {
        let mut state = ChannelState::default();
        let days = |days: i64| at(days * 86_400);
        assert_eq!(state.answered(&refused(), true, days(0)), None);
        assert_eq!(state.answered(&refused(), true, days(4)), None);
        assert_eq!(state.answered(&refused(), true, days(5)), Some(days(0)));
        assert!(matches!(state.admit(None, false, days(6)), Admission::Disabled(_)));
        state.enable();
        assert_eq!(state.admit(None, false, days(6)), Admission::Now);
    }

    #[test]
    fn one_success_clears_what_came_before() {
        let mut state = ChannelState::default();
        state.answered(&refused(), true, at(0));
        state.answered(&Answer::Accepted, false, at(400_000));
        assert_eq!(state.answered(&refused(), true, at(500_000)), None);
    }

    #[test]
    fn whoever_is_gone_is_disabled_at_once() {
        let mut state = ChannelState::default();
        let gone = Answer::Gone { reason: "gone: 410".into() };
        assert_eq!(state.answered(&gone, true, at(7)), Some(at(7)));
    }

    #[test]
    fn whoever_is_too_busy_rests_for_a_minute_and_two_at_most() {
        let mut state = ChannelState::default();
        let busy = |seconds: Option<i64>| Answer::TryLater {
            reason: "rateLimited: 429".into(),
            retry_after: seconds.map(SignedDuration::from_secs),
            overloaded: true,
        };
        state.answered(&busy(None), false, at(0));
        assert_eq!(state.admit(None, false, at(59)), Admission::Resting);
        assert_eq!(state.admit(None, false, at(60)), Admission::Now);
        state.answered(&busy(Some(1_000_000)), false, at(100));
        assert_eq!(state.admit(None, false, at(220)), Admission::Now);
    }
}
