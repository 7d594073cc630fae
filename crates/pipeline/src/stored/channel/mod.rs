//! Stored form of a channel's state.

mod digest;

use domain::decide::channel::{ChannelState, Off};
use domain::policy::route::Window;
use domain::record::notification::NotificationId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Schema;
use super::checkpoint::CheckpointDocument;
use super::known;
use digest::DigestForm;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelForm {
    schema: Schema,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    window: Option<WindowForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rests_until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failing_since: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disabled: Option<DisabledForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    off: Option<OffForm>,
    disablings: u64,
    digests: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gatherings: Vec<DigestForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told: Option<SentForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WindowForm {
    began: Timestamp,
    sent: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DisabledForm {
    at: Timestamp,
    reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OffForm {
    since: Timestamp,
    reason: String,
    kept_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SentForm {
    number: u64,
    ids: Vec<String>,
}

impl CheckpointDocument for ChannelForm {
    const WHAT: &str = "state of a channel";

    fn without_future(self, _: Timestamp) -> Self {
        // `ChannelState::set_right` corrects future times.
        self
    }
}

impl From<&ChannelState> for ChannelForm {
    fn from(state: &ChannelState) -> Self {
        let ids = |ids: &[NotificationId]| ids.iter().map(|id| id.as_str().to_owned()).collect();
        Self {
            schema: Schema,
            window: state.window.map(|Window { began, sent }| WindowForm { began, sent }),
            rests_until: state.rests_until,
            failing_since: state.failing_since,
            disabled: state.disabled.clone().map(|(at, reason)| DisabledForm { at, reason }),
            off: state.off.clone().map(|Off { since, reason, kept_at }| OffForm { since, reason, kept_at }),
            disablings: state.disablings,
            digests: state.digests,
            gatherings: state
                .open_digests
                .iter()
                .map(|(cause, gathering)| DigestForm::from_digest(cause, gathering))
                .collect(),
            told: state.last_sent.as_ref().map(|(number, sent)| SentForm { number: *number, ids: ids(sent) }),
        }
    }
}

impl TryFrom<ChannelForm> for ChannelState {
    type Error = serde_json::Error;

    fn try_from(form: ChannelForm) -> Result<Self, Self::Error> {
        let open_digests = form.gatherings.into_iter().map(DigestForm::digest);
        let last_sent = form.told.map(|sent| Ok::<_, serde_json::Error>((sent.number, each_id(&sent.ids)?)));
        Ok(Self {
            window: form.window.map(|WindowForm { began, sent }| Window { began, sent }),
            rests_until: form.rests_until,
            failing_since: form.failing_since,
            disabled: form.disabled.map(|DisabledForm { at, reason }| (at, reason)),
            off: form.off.map(|OffForm { since, reason, kept_at }| Off { since, reason, kept_at }),
            disablings: form.disablings,
            digests: form.digests,
            open_digests: open_digests.collect::<Result<_, _>>()?,
            last_sent: last_sent.transpose()?,
        })
    }
}

fn each_id(ids: &[String]) -> Result<Vec<NotificationId>, serde_json::Error> {
    ids.iter().map(|text| id(text)).collect()
}

fn id(text: &str) -> Result<NotificationId, serde_json::Error> {
    known(NotificationId::parse(text), "notification id", text)
}

#[cfg(test)]
mod tests {
    use super::super::checkpoint::{AS_WRITTEN, decode, encode};
    use super::*;

    #[test]
    fn a_channel_reads_back_as_it_was_written() {
        let golden = include_str!("../../../tests/golden/stored-v1/channel.json").trim_end();
        let state = ChannelState::try_from(decode::<ChannelForm>(golden, AS_WRITTEN).unwrap()).unwrap();
        assert_eq!((state.digests, state.open_digests[0].1.ids.len(), state.disabled.is_some()), (4, 2, true));
        assert_eq!(encode(&ChannelForm::from(&state)).unwrap(), golden);
    }

    #[test]
    fn a_digest_with_expiring_recordings_reads_back_as_it_was_written() {
        let golden = include_str!("../../../tests/golden/stored-v1/channel-expiring.json").trim_end();
        let state = ChannelState::try_from(decode::<ChannelForm>(golden, AS_WRITTEN).unwrap()).unwrap();
        let list = &state.open_digests[0].1.expiring[0];
        assert_eq!((list.class.as_str(), list.total, list.recordings.len()), ("pci", 3, 2));
        assert_eq!(encode(&ChannelForm::from(&state)).unwrap(), golden);
    }

    #[test]
    fn a_disabled_channel_round_trips_through_storage() {
        let mut state = ChannelState::default();
        state.keep_off("app setting SIEM_SECRET is not set", Timestamp::UNIX_EPOCH);
        let doc = encode(&ChannelForm::from(&state)).unwrap();
        assert_eq!(ChannelState::try_from(decode::<ChannelForm>(&doc, AS_WRITTEN).unwrap()).unwrap(), state);
    }

    #[test]
    fn a_channel_with_an_unknown_event_is_rejected() {
        let golden =
            include_str!("../../../tests/golden/stored-v1/channel.json").replace("ledger.broken", "ledger.bent");
        assert!(ChannelState::try_from(decode::<ChannelForm>(golden.trim_end(), AS_WRITTEN).unwrap()).is_err());
    }
}
