//! Stored form of a session.

use std::borrow::Cow;

use domain::record::effect::Pending;
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::notification::Event;
use domain::record::session::{Gap, GapCause, SessionEntry, SessionId, TunnelId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::effect::PendingForm;
use super::records::RecordsForm;
use super::{Schema, StoredError, decode_form, encode_form, known};

/// Newest version.
const NEWEST: u32 = 1;
const WHAT: &str = "session";

/// Encodes a session as one line of JSON.
pub fn encode(entry: &SessionEntry) -> Result<String, StoredError> {
    encode_form(WHAT, &SessionForm::from(entry))
}

/// Decodes a session of any known version. Returns an error if it is newer or damaged.
pub fn decode(text: &str) -> Result<SessionEntry, StoredError> {
    decode_form::<SessionForm<'_>, _>(WHAT, NEWEST, text)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionForm<'a> {
    schema: Schema<NEWEST>,
    #[serde(borrow)]
    bastion: Cow<'a, str>,
    #[serde(borrow)]
    tunnel: Cow<'a, str>,
    records: RecordsForm,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    keys: Vec<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    gap: Option<GapForm<'a>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unclear: bool,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    announced: Vec<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    bursts_told: Vec<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pending: Vec<PendingForm<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wake_at: Option<Timestamp>,
    revision: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GapForm<'a> {
    found_at: Timestamp,
    #[serde(borrow)]
    cause: CauseForm<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CauseForm<'a> {
    NativeClient,
    AccessExpired,
    RecordingOff,
    ContainerMismatch,
    #[serde(borrow)]
    OneOf(Vec<Cow<'a, str>>),
    Unknown,
}

impl<'a> From<&'a SessionEntry> for SessionForm<'a> {
    fn from(entry: &'a SessionEntry) -> Self {
        Self {
            schema: Schema,
            bastion: entry.id.bastion.as_str().into(),
            tunnel: entry.id.tunnel.as_str().into(),
            records: (&entry.records).into(),
            keys: entry.keys.iter().map(|key| key.as_str().into()).collect(),
            gap: entry.gap.as_ref().map(GapForm::from),
            unclear: entry.is_unclear,
            announced: entry.announced.iter().map(|event| event.name().into()).collect(),
            bursts_told: entry.notified_bursts.iter().map(Cow::from).collect(),
            pending: entry.pending.iter().map(PendingForm::from).collect(),
            wake_at: entry.wake_at,
            revision: entry.revision,
        }
    }
}

impl TryFrom<SessionForm<'_>> for SessionEntry {
    type Error = serde_json::Error;

    fn try_from(form: SessionForm<'_>) -> Result<Self, Self::Error> {
        let announced = form.announced.iter().map(|name| known(Event::parse(name), "event", name));
        Ok(Self {
            id: SessionId { bastion: BastionName::new(&form.bastion), tunnel: tunnel(&form.tunnel)? },
            records: form.records.into(),
            keys: form.keys.iter().map(|key| JoinKey::fold(key)).collect(),
            gap: form.gap.map(Gap::try_from).transpose()?,
            is_unclear: form.unclear,
            announced: announced.collect::<Result<_, _>>()?,
            notified_bursts: form.bursts_told.into_iter().map(Cow::into_owned).collect(),
            pending: form.pending.into_iter().map(Pending::try_from).collect::<Result<_, _>>()?,
            wake_at: form.wake_at,
            revision: form.revision,
        })
    }
}

impl<'a> From<&'a Gap> for GapForm<'a> {
    fn from(gap: &'a Gap) -> Self {
        let cause = match &gap.cause {
            GapCause::NativeClient => CauseForm::NativeClient,
            GapCause::AccessExpired => CauseForm::AccessExpired,
            GapCause::RecordingOff => CauseForm::RecordingOff,
            GapCause::ContainerMismatch => CauseForm::ContainerMismatch,
            GapCause::OneOf(tunnels) => CauseForm::OneOf(tunnels.iter().map(|tunnel| tunnel.as_str().into()).collect()),
            GapCause::Unknown => CauseForm::Unknown,
        };
        Self { found_at: gap.found_at, cause, closed_at: gap.closed_at }
    }
}

impl TryFrom<GapForm<'_>> for Gap {
    type Error = serde_json::Error;

    fn try_from(form: GapForm<'_>) -> Result<Self, Self::Error> {
        let cause = match form.cause {
            CauseForm::NativeClient => GapCause::NativeClient,
            CauseForm::AccessExpired => GapCause::AccessExpired,
            CauseForm::RecordingOff => GapCause::RecordingOff,
            CauseForm::ContainerMismatch => GapCause::ContainerMismatch,
            CauseForm::OneOf(tunnels) => {
                GapCause::OneOf(tunnels.iter().map(|text| tunnel(text)).collect::<Result<_, _>>()?)
            }
            CauseForm::Unknown => GapCause::Unknown,
        };
        Ok(Self { found_at: form.found_at, cause, closed_at: form.closed_at })
    }
}

fn tunnel(text: &str) -> Result<TunnelId, serde_json::Error> {
    known(TunnelId::parse(text), "tunnel id", text)
}
