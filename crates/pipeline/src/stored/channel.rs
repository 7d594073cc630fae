//! Stored form of a channel's state.

use std::collections::BTreeMap;

use domain::decide::channel::{ChannelState, Off};
use domain::policy::route::Window;
use domain::record::gathering::{DigestLine, NotificationDigest};
use domain::record::notification::{Event, NotificationId, NotificationKey, Severity};
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};

use super::Schema;
use super::checkpoint::CheckpointDocument;
use super::known;

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
    gatherings: Vec<GatheringForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told: Option<ToldForm>,
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
struct ToldForm {
    number: u64,
    ids: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GatheringForm {
    cause: String,
    number: u64,
    due: Timestamp,
    is_closed: bool,
    ids: Vec<String>,
    by_event: BTreeMap<String, u64>,
    lines: Vec<LineForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LineForm {
    id: String,
    key: String,
    event: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    severity: Option<String>,
    at: Timestamp,
    subject: String,
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
            gatherings: state.gatherings.iter().map(|(cause, gathering)| GatheringForm::of(cause, gathering)).collect(),
            told: state.told.as_ref().map(|(number, told)| ToldForm { number: *number, ids: ids(told) }),
        }
    }
}

impl GatheringForm {
    fn of(cause: &str, gathering: &NotificationDigest) -> Self {
        let line = |line: &DigestLine| LineForm {
            id: line.id.as_str().to_owned(),
            key: line.key.as_str().to_owned(),
            event: line.event.name().to_owned(),
            severity: (line.severity != line.event.severity()).then(|| line.severity.name().to_owned()),
            at: line.at,
            subject: line.subject.clone(),
        };
        Self {
            cause: cause.to_owned(),
            number: gathering.number,
            due: gathering.due,
            is_closed: gathering.is_closed,
            ids: gathering.ids.iter().map(|id| id.as_str().to_owned()).collect(),
            by_event: gathering.by_event.iter().map(|(event, count)| (event.name().to_owned(), *count)).collect(),
            lines: gathering.lines.iter().map(line).collect(),
        }
    }
}

impl TryFrom<ChannelForm> for ChannelState {
    type Error = serde_json::Error;

    fn try_from(form: ChannelForm) -> Result<Self, Self::Error> {
        let gatherings = form.gatherings.into_iter().map(GatheringForm::gathering);
        let told = form.told.map(|told| Ok::<_, serde_json::Error>((told.number, each_id(&told.ids)?)));
        Ok(Self {
            window: form.window.map(|WindowForm { began, sent }| Window { began, sent }),
            rests_until: form.rests_until,
            failing_since: form.failing_since,
            disabled: form.disabled.map(|DisabledForm { at, reason }| (at, reason)),
            off: form.off.map(|OffForm { since, reason, kept_at }| Off { since, reason, kept_at }),
            disablings: form.disablings,
            digests: form.digests,
            gatherings: gatherings.collect::<Result<_, _>>()?,
            told: told.transpose()?,
        })
    }
}

impl GatheringForm {
    fn gathering(self) -> Result<(String, NotificationDigest), serde_json::Error> {
        let by_event = self.by_event.iter().map(|(name, count)| Ok::<_, serde_json::Error>((event(name)?, *count)));
        let lines = self.lines.into_iter().map(|line| {
            let (id, event) = (id(&line.id)?, event(&line.event)?);
            let severity = line.severity.map(|name| known(Severity::parse(&name), "severity", &name)).transpose()?;
            let severity = severity.unwrap_or_else(|| event.severity());
            let key = known(NotificationKey::parse(&line.key), "notification key", &line.key)?;
            Ok::<_, serde_json::Error>(DigestLine { id, key, event, severity, at: line.at, subject: line.subject })
        });
        let gathering = NotificationDigest {
            number: self.number,
            due: self.due,
            is_closed: self.is_closed,
            ids: each_id(&self.ids)?,
            by_event: by_event.collect::<Result<_, _>>()?,
            lines: lines.collect::<Result<_, _>>()?,
        };
        if gathering.ids.is_empty() {
            return Err(serde_json::Error::custom("a digest of nothing"));
        }
        Ok((self.cause, gathering))
    }
}

fn each_id(ids: &[String]) -> Result<Vec<NotificationId>, serde_json::Error> {
    ids.iter().map(|text| id(text)).collect()
}

fn id(text: &str) -> Result<NotificationId, serde_json::Error> {
    known(NotificationId::parse(text), "notification id", text)
}

fn event(name: &str) -> Result<Event, serde_json::Error> {
    known(Event::parse(name), "event", name)
}

#[cfg(test)]
mod tests {
    use super::super::checkpoint::{AS_WRITTEN, decode, encode};
    use super::*;

    #[test]
    fn a_channel_reads_back_as_it_was_written() {
        let golden = include_str!("../../tests/golden/stored-v1/channel.json").trim_end();
        let state = ChannelState::try_from(decode::<ChannelForm>(golden, AS_WRITTEN).unwrap()).unwrap();
        assert_eq!((state.digests, state.gatherings[0].1.ids.len(), state.disabled.is_some()), (4, 2, true));
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
        let golden = include_str!("../../tests/golden/stored-v1/channel.json").replace("ledger.broken", "ledger.bent");
        assert!(ChannelState::try_from(decode::<ChannelForm>(golden.trim_end(), AS_WRITTEN).unwrap()).is_err());
    }
}
