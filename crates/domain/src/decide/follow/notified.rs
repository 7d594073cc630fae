//! Judges whether the notification that a recording is ready was delivered.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{FollowFacts, LATE, LinkState, is_late};
use crate::decide::channel::{KEPT, REFETCH};
use crate::decide::posture::MaybeKnown;
use crate::record::catalogue::Entry;
use crate::record::delivery::Delivery;
use crate::record::effect::EffectId;
use crate::record::notification::Event;

/// Number of the attempt from which earlier ones count as a failing channel.
const FAILING: u32 = 3;

pub(super) fn notification(facts: &FollowFacts, now: Timestamp) -> LinkState {
    if !facts.has_channels {
        return LinkState::NotUsed("no channel is configured".to_owned());
    }
    let entry = match &facts.entry {
        MaybeKnown::Read(Some(entry)) => entry,
        MaybeKnown::Read(None) => return LinkState::waiting("sent once the recording is final"),
        MaybeKnown::NotReadable(why) => return LinkState::Unknown(why.clone()),
    };
    if !entry.announced.contains(&Event::RecordingReady) {
        let next = entry.wake_at.map(|at| format!(", next look at {at}")).unwrap_or_default();
        return LinkState::waiting(format!("recording.ready is sent once the recording is final{next}"));
    }
    match &facts.deliveries {
        MaybeKnown::Read(Some(deliveries)) => delivered(deliveries, now),
        MaybeKnown::Read(None) => not_stored(entry),
        MaybeKnown::NotReadable(why) => LinkState::Unknown(why.clone()),
    }
}

fn not_stored(entry: &Entry) -> LinkState {
    let pending = entry.pending(&EffectId::Notification(entry.ready_id()));
    match pending {
        Some(pending) if pending.attempts > 1 => LinkState::broken(
            format!("queueing it failed {} times since {}", pending.attempts, pending.since),
            "see the log of join_sweep and the rights of the app on its queues: archivist doctor",
        ),
        Some(_) => LinkState::waiting("about to be queued"),
        None => LinkState::NotUsed("recording.ready goes to no channel: archivist notify route".to_owned()),
    }
}

fn delivered(deliveries: &BTreeMap<String, Delivery>, now: Timestamp) -> LinkState {
    let all: Vec<String> = deliveries.iter().map(|(channel, delivery)| in_words(channel, delivery)).collect();
    let all = all.join("; ");
    if let Some(fix) = deliveries.iter().find_map(|(channel, delivery)| fix(channel, delivery, now)) {
        return LinkState::broken(all, fix);
    }
    if deliveries.values().any(|delivery| matches!(delivery, Delivery::Waiting { .. } | Delivery::Claimed { .. })) {
        return LinkState::Waiting(all);
    }
    let ended = deliveries.values().filter_map(|delivery| match delivery {
        Delivery::Delivered { at, .. } | Delivery::Gathering { at, .. } | Delivery::Gathered { at, .. } => Some(*at),
        _ => None,
    });
    LinkState::Done { at: ended.max(), note: all }
}

/// Returns the remedy for a failed or late delivery, or `None` if it is neither.
fn fix(channel: &str, delivery: &Delivery, now: Timestamp) -> Option<String> {
    match delivery {
        Delivery::GivenUp { reason, .. } if reason.starts_with(KEPT) => Some(format!(
            "set the app setting of channel {channel}; {REFETCH}; then restart the app: kept notifications are then sent"
        )),
        Delivery::GivenUp { .. } => {
            Some(format!("archivist notify test {channel}, then archivist notify enable {channel}"))
        }
        Delivery::Waiting { attempt, .. } | Delivery::Claimed { attempt, .. } if *attempt >= FAILING => {
            Some(format!("archivist notify test {channel}"))
        }
        Delivery::Waiting { at, .. } if is_late(Some(*at), LATE, now) => {
            Some("the function notification_delivery does not take its queue: start the app, read its log".to_owned())
        }
        _ => None,
    }
}

fn in_words(channel: &str, delivery: &Delivery) -> String {
    match delivery {
        Delivery::Waiting { attempt, at } => format!("{channel}: attempt {attempt} due {at}"),
        Delivery::Claimed { attempt, .. } => format!("{channel}: attempt {attempt} under way"),
        Delivery::Gathering { route, .. } if route.is_empty() => format!("{channel}: waits for the next digest"),
        Delivery::Gathering { route, .. } => format!("{channel}: waits for the digest of route {route}"),
        Delivery::Gathered { digest, .. } => format!("{channel}: in digest {}", digest.as_str()),
        Delivery::Delivered { at, attempts } => format!("{channel}: delivered {at}, attempts: {attempts}"),
        Delivery::GivenUp { at, attempts, reason } => {
            format!("{channel}: given up {at}, attempts: {attempts}, {reason}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_without_its_secret_needs_a_refresh_before_the_restart() {
        let at = Timestamp::UNIX_EPOCH;
        let kept = Delivery::GivenUp { at, attempts: 1, reason: format!("{KEPT}OPS_URL is not set") };
        let fix = fix("ops", &kept, at).unwrap();
        let (refresh, restart) = (fix.find("configreferences/appsettings/refresh"), fix.find("restart the app"));
        assert!(refresh.is_some() && refresh < restart, "{fix}");
    }
}
