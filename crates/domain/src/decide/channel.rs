//! State of a channel between messages: used quota, failures and pending digests.

use jiff::{SignedDuration, Timestamp};

use crate::past::{is_ahead, is_beyond, past};
use crate::policy::route::{Quota, Window};
use crate::record::delivery::ChannelAnswer;
use crate::record::notification::NotificationId;
use crate::record::notification_digest::{DigestItem, FULL, NotificationDigest};

/// Time since the first failure, without a success in between, after which a channel is disabled.
pub const FAILS_AT_MOST: SignedDuration = SignedDuration::from_hours(120);
/// Minimum and maximum pause after a channel reported overload. The pause never exceeds the retry delay of the message
/// that met the overload; otherwise that message would be delayed by its own answer.
const REST: (SignedDuration, SignedDuration) = (SignedDuration::from_mins(1), SignedDuration::from_mins(2));
/// Cause of a digest that collects messages beyond the quota.
pub const NO_ROOM: &str = "";

/// Stored state of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChannelState {
    /// Used quota. `None` without a quota, or if nothing was sent.
    pub window: Option<Window>,
    /// End of the pause after overload.
    pub rests_until: Option<Timestamp>,
    /// First failure since the last accepted message.
    pub failing_since: Option<Timestamp>,
    /// Time and reason of the disabling.
    pub disabled: Option<(Timestamp, String)>,
    /// Set if the channel is off because an app setting that it needs has no value.
    pub off: Option<Off>,
    /// Number of times the channel was disabled or turned off.
    pub disablings: u64,
    /// Number of digests so far, which is also the last assigned digest number.
    pub digests: u64,
    /// Pending digests with their cause: the name of a route, or [`NO_ROOM`].
    pub open_digests: Vec<(String, NotificationDigest)>,
    /// Number and contents of the digest sent last.
    pub last_sent: Option<(u64, Vec<NotificationId>)>,
}

/// State of a channel that cannot be used until the app settings change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Off {
    /// Time since which it is off.
    pub since: Timestamp,
    /// Reason.
    pub reason: String,
    /// Time at which a message was last kept for it.
    pub kept_at: Timestamp,
}

/// Prefix of the reason of a delivery kept for a channel that is off.
pub const KEPT: &str = "off: ";
/// Remedy for an app setting that refers to a secret: a restart alone keeps the value that the platform fetched, for up
/// to a day.
pub const REFETCH: &str = "if a secret of the vault changed, let the platform fetch it (az rest --method post --url \"https://management.azure.com$(az functionapp show --resource-group GROUP --name APP --query id --output tsv)/config/configreferences/appsettings/refresh?api-version=2022-03-01\")";
/// Maximum time from reading that a channel is off to keeping a message for it.
const KEEPS_WITHIN: SignedDuration = SignedDuration::from_mins(15);

/// Decision on whether a message may be sent to a channel now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// The message may be sent.
    Now,
    /// The channel is disabled, for this reason.
    Disabled(String),
    /// The channel is pausing after overload.
    Resting,
    /// The quota is used up until this time; collect the message in a digest.
    NoRoom(Timestamp),
}

impl ChannelState {
    /// Corrects values written with a wrong clock. `next` returns when a digest of this cause would be due if it began
    /// now; no digest is due later. Lists every field, so a new field requires a decision.
    pub fn set_right(&mut self, now: Timestamp, next: impl Fn(&str) -> Timestamp) {
        let Self {
            window,
            rests_until,
            failing_since,
            disabled,
            off,
            disablings: _,
            digests: _,
            open_digests,
            last_sent: _,
        } = self;
        *window = window.filter(|window| !is_ahead(window.began, now));
        *rests_until = rests_until.filter(|until| !is_beyond(*until, REST.1, now));
        *failing_since = past(*failing_since, now);
        // If the channel is gone, the next message detects it again.
        *disabled = disabled.take().filter(|(at, _)| !is_ahead(*at, now));
        // Kept messages wait no longer than they would with a correct clock.
        if let Some(off) = off {
            (off.since, off.kept_at) = (off.since.min(now), off.kept_at.min(now));
        }
        for (cause, open_digest) in open_digests {
            let next = next(cause);
            if is_ahead(open_digest.due, next) {
                open_digest.due = next;
            }
        }
    }

    /// Requests admission for a message. A message with `must_go` ignores the quota: either it is a digest, which the
    /// quota itself causes, or it was tried before and must not be repeated within a digest.
    pub fn admit(&mut self, quota: Option<&Quota>, must_go: bool, now: Timestamp) -> Admission {
        if let Some((_, reason)) = &self.disabled {
            return Admission::Disabled(reason.clone());
        }
        if let Some(until) = self.rests_until.filter(|until| now < *until) {
            // A postponed message will ignore the quota when it is due, so collect it in a digest instead.
            let is_gathered = quota.is_some() && !must_go;
            return if is_gathered { Admission::NoRoom(until) } else { Admission::Resting };
        }
        let Some(quota) = quota else { return Admission::Now };
        let open = self.open_digests.iter().find(|(cause, open_digest)| cause == NO_ROOM && open_digest.takes(now));
        if let Some((_, open_digest)) = open.filter(|_| !must_go) {
            // Later messages must not overtake those already collected.
            return Admission::NoRoom(open_digest.due);
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

    /// Adds a notification to the digest of this cause. Returns the number of the digest. A notification that is part
    /// of an earlier digest stays there.
    pub fn gather(&mut self, cause: &str, due: Timestamp, item: impl Into<DigestItem>, now: Timestamp) -> u64 {
        let item = item.into();
        let is_in = |ids: &[NotificationId]| ids.contains(item.id());
        if let Some((number, _)) = self.last_sent.as_ref().filter(|(_, ids)| is_in(ids)) {
            return *number;
        }
        if let Some((_, open_digest)) = self.open_digests.iter().find(|(_, open_digest)| is_in(&open_digest.ids)) {
            return open_digest.number;
        }
        let open = self.open_digests.iter().position(|(known, open)| known == cause && open.takes(now));
        let at = open.unwrap_or_else(|| {
            self.digests += 1;
            self.open_digests.push((cause.to_owned(), NotificationDigest::new(self.digests, due)));
            self.open_digests.len() - 1
        });
        let open_digest = &mut self.open_digests[at].1;
        open_digest.add(item);
        if open_digest.ids.len() == FULL {
            open_digest.due = now;
        }
        open_digest.number
    }

    /// Returns the pending digest with this number.
    pub fn open_digest(&mut self, number: u64) -> Option<&mut NotificationDigest> {
        self.open_digests
            .iter_mut()
            .map(|(_, open_digest)| open_digest)
            .find(|open_digest| open_digest.number == number)
    }

    /// Marks the digest with this number as sent: it is on its way as a message.
    pub fn digest_sent(&mut self, number: u64) {
        if let Some(at) = self.open_digests.iter().position(|(_, open_digest)| open_digest.number == number) {
            self.last_sent = Some((number, self.open_digests.remove(at).1.ids));
        }
    }

    /// Records the channel's answer and whether the message was given up. If this disables the channel, returns the
    /// time of the first failure.
    pub fn answered(&mut self, answer: &ChannelAnswer, is_given_up: bool, now: Timestamp) -> Option<Timestamp> {
        if *answer != ChannelAnswer::Accepted {
            self.failing_since.get_or_insert(now);
        }
        match answer {
            ChannelAnswer::Accepted => (self.failing_since, self.rests_until) = (None, None),
            ChannelAnswer::TryLater { overloaded: true, retry_after, .. } => {
                let rest = retry_after.unwrap_or(REST.0).clamp(REST.0, REST.1);
                self.rests_until = now.saturating_add(rest).ok();
            }
            ChannelAnswer::TryLater { .. } | ChannelAnswer::Refused { .. } | ChannelAnswer::Gone { .. } => {}
        }
        if !is_given_up || self.disabled.is_some() {
            return None;
        }
        let since = self.failing_since?;
        let reason = match answer {
            ChannelAnswer::Gone { reason } => reason.clone(),
            ChannelAnswer::TryLater { reason, .. } | ChannelAnswer::Refused { reason }
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

    /// Records that a message is kept for the channel while it is off.
    pub fn keep_off(&mut self, reason: &str, now: Timestamp) {
        let off = self.off.get_or_insert_with(|| {
            self.disablings += 1;
            Off { since: now, reason: reason.to_owned(), kept_at: now }
        });
        off.kept_at = off.kept_at.max(now);
    }

    /// Records that all kept messages are on their way again. Turns the channel on once no other process can still be
    /// keeping one.
    pub fn turn_on(&mut self, now: Timestamp) {
        self.off.take_if(|off| now.duration_since(off.kept_at) >= KEEPS_WITHIN);
    }

    /// Enables the channel again.
    pub fn enable(&mut self) {
        (self.disabled, self.failing_since, self.rests_until) = (None, None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::notification::{Event, NotificationKey};
    use crate::record::notification_digest::DigestLine;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn line(number: i64) -> DigestLine {
        let id = NotificationId::derive("rec", Event::RecordingReady, &number.to_string());
        let event = Event::RecordingReady;
        let key = NotificationKey::derive("rec", event);
        DigestLine { id, key, event, severity: event.severity(), at: at(number), subject: String::new() }
    }

    fn refused() -> ChannelAnswer {
        ChannelAnswer::Refused { reason: "clientError: 400".into() }
    }

    const ONE: Quota = Quota { messages: 1, per: SignedDuration::from_secs(60) };

    #[test]
    fn a_notification_over_the_quota_is_gathered_in_order() {
        let mut state = ChannelState::default();
        assert_eq!(state.admit(Some(&ONE), false, at(0)), Admission::Now);
        assert_eq!(state.admit(Some(&ONE), false, at(1)), Admission::NoRoom(at(60)));
        assert_eq!(state.gather(NO_ROOM, at(60), line(1), at(1)), 1);
        assert_eq!(state.gather(NO_ROOM, at(60), line(2), at(2)), 1);
        assert_eq!(state.admit(Some(&ONE), true, at(60)), Admission::Now, "the digest itself");
    }

    #[test]
    fn a_notification_is_gathered_once() {
        let mut state = ChannelState::default();
        assert_eq!(state.gather("daily", at(60), line(1), at(0)), 1);
        assert_eq!(state.gather("daily", at(60), line(1), at(1)), 1);
        state.digest_sent(1);
        assert_eq!(state.gather("daily", at(120), line(1), at(61)), 1);
        assert_eq!(state.gather("daily", at(120), line(2), at(62)), 2);
    }

    #[test]
    fn a_channel_fails_since_its_first_failure() {
        let mut state = ChannelState::default();
        let later = ChannelAnswer::TryLater { reason: "503".into(), retry_after: None, overloaded: false };
        let hours = |hours: i64| at(hours * 3_600);
        assert_eq!(state.answered(&later, false, hours(0)), None);
        assert_eq!(state.failing_since, Some(hours(0)));
        assert_eq!(state.answered(&later, true, hours(28)), None);
        assert_eq!(state.answered(&later, true, hours(119)), None);
        assert_eq!(state.answered(&later, true, hours(120)), Some(hours(0)));
        let mut other = ChannelState::default();
        other.answered(&later, false, hours(0));
        other.answered(&ChannelAnswer::Accepted, false, hours(1));
        assert_eq!(other.failing_since, None);
    }

    #[test]
    fn a_channel_is_disabled_only_after_five_days_without_success() {
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
    fn one_success_clears_earlier_failures() {
        let mut state = ChannelState::default();
        state.answered(&refused(), true, at(0));
        state.answered(&ChannelAnswer::Accepted, false, at(400_000));
        assert_eq!(state.answered(&refused(), true, at(500_000)), None);
    }

    #[test]
    fn a_channel_stays_disabled_while_another_process_lacks_its_secret() {
        let mut state = ChannelState::default();
        state.keep_off("app setting X is not set", at(100));
        state.keep_off("another reason", at(1_000));
        let off = Off { since: at(100), reason: "app setting X is not set".to_owned(), kept_at: at(1_000) };
        assert_eq!((state.off.as_ref(), state.disablings), (Some(&off), 1));
        state.turn_on(at(1_000 + 899));
        assert_eq!(state.off, Some(off));
        state.turn_on(at(1_000 + 900));
        assert_eq!(state.off, None);
    }

    #[test]
    fn a_gone_receiver_disables_its_channel_at_once() {
        let mut state = ChannelState::default();
        let gone = ChannelAnswer::Gone { reason: "gone: 410".into() };
        assert_eq!(state.answered(&gone, true, at(7)), Some(at(7)));
    }

    #[test]
    fn a_channel_state_from_the_future_is_ignored() {
        let year = 365 * 86_400;
        let mut state = ChannelState::default();
        assert_eq!(state.admit(Some(&ONE), false, at(year)), Admission::Now);
        state.gather("daily", at(year + 60), line(1), at(year));
        state.failing_since = Some(at(year));
        state.rests_until = Some(at(year + 60));
        state.disabled = Some((at(year), "clientError: 400".into()));
        state.set_right(at(0), |_| at(60));
        assert_eq!((state.window, state.failing_since, state.rests_until, state.disabled), (None, None, None, None));
        assert_eq!(state.open_digests[0].1.due, at(60), "and a digest is sent when the next one is due");
    }

    #[test]
    fn a_busy_channel_pauses_for_one_to_two_minutes() {
        let mut state = ChannelState::default();
        let busy = |seconds: Option<i64>| ChannelAnswer::TryLater {
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
