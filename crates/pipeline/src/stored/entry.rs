//! Stored form of a catalogue entry.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::address::BlobAddress;
use domain::record::catalogue::{EarlierTags, Entry, MatchState, RecordingState, Tagged};
use domain::record::effect::{GivenUpEffect, Pending};
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::notification::Event;
use domain::record::recording_id::RecordingId;
use domain::record::retention::Custody;
use domain::record::review_mark::ReviewMark;
use domain::record::tags::TagSet;
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};

use super::custody::CustodyForm;
use super::effect::PendingForm;
use super::history::ChangeForm;
use super::life::LifeForm;
use super::match_state::MatchStateForm;
use super::reviews::ReviewForm;
use super::tagged::{EarlierTagsForm, TaggedForm};
use super::{Schema, StoredError, decode_form, encode_form, known};

/// Newest version.
const NEWEST: u32 = 1;
const WHAT: &str = "entry";

/// Encodes an entry as one line of JSON.
pub fn encode(entry: &Entry) -> Result<String, StoredError> {
    encode_form(WHAT, &EntryForm::from(entry))
}

/// Decodes an entry of any known version. Returns an error if it is newer or damaged.
pub fn decode(text: &str) -> Result<Entry, StoredError> {
    decode_form::<EntryForm<'_>, _>(WHAT, NEWEST, text)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryForm<'a> {
    schema: Schema<NEWEST>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    account: Cow<'a, str>,
    #[serde(borrow)]
    container: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    bastion: Cow<'a, str>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    keys: Option<Vec<Cow<'a, str>>>,
    #[serde(borrow)]
    state: Cow<'a, str>,
    #[serde(borrow)]
    life: LifeForm<'a>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    joined: Option<MatchStateForm<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custody: Option<CustodyForm>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    reviews: Vec<ReviewForm<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settled_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    final_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    announced: Vec<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "no_tags")]
    tags: Cow<'a, BTreeMap<String, String>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    tagged: Option<TaggedForm<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    earlier_tags: Option<EarlierTagsForm<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pending: Vec<PendingForm<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    refusals: Vec<RefusalForm<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    history: Vec<ChangeForm<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wake_at: Option<Timestamp>,
    revision: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusalForm<'a> {
    at: Timestamp,
    #[serde(borrow)]
    reason: Cow<'a, str>,
}

fn no_tags(tags: &BTreeMap<String, String>) -> bool {
    tags.is_empty()
}

impl<'a> From<&'a Entry> for EntryForm<'a> {
    fn from(entry: &'a Entry) -> Self {
        Self {
            schema: Schema,
            id: entry.id.to_string().into(),
            account: entry.address.account.as_str().into(),
            container: entry.address.container.as_str().into(),
            name: entry.address.name.as_str().into(),
            bastion: entry.bastion.as_str().into(),
            keys: (!entry.keys.is_empty()).then(|| entry.keys.iter().map(|key| key.as_str().into()).collect()),
            state: entry.state.name().into(),
            life: (&entry.life).into(),
            joined: (entry.match_state != MatchState::default()).then(|| (&entry.match_state).into()),
            custody: (entry.custody != Custody::default()).then(|| (&entry.custody).into()),
            reviews: entry.reviews.iter().map(ReviewForm::from).collect(),
            settled_at: entry.settled_at,
            final_at: entry.final_at,
            announced: entry.announced.iter().map(|event| event.name().into()).collect(),
            tags: Cow::Borrowed(&entry.tags.0),
            tagged: entry.tagged.as_ref().map(TaggedForm::from),
            earlier_tags: (entry.earlier_tags != EarlierTags::default()).then(|| (&entry.earlier_tags).into()),
            pending: entry.pending.iter().map(PendingForm::from).collect(),
            refusals: entry.refusals.iter().map(RefusalForm::from).collect(),
            history: entry.history.iter().map(ChangeForm::from).collect(),
            wake_at: entry.wake_at,
            revision: entry.revision,
        }
    }
}

impl TryFrom<EntryForm<'_>> for Entry {
    type Error = serde_json::Error;

    fn try_from(form: EntryForm<'_>) -> Result<Self, Self::Error> {
        let announced = form.announced.iter().map(|name| known(Event::parse(name), "event", name));
        let address = BlobAddress::parse(&form.account, &form.container, &form.name);
        Ok(Self {
            id: RecordingId::parse(&form.id).map_err(serde_json::Error::custom)?,
            address: address.map_err(serde_json::Error::custom)?,
            bastion: BastionName::new(&form.bastion),
            keys: form.keys.unwrap_or_default().iter().map(|key| JoinKey::fold(key)).collect(),
            life: form.life.try_into()?,
            state: known(RecordingState::parse(&form.state), "state", &form.state)?,
            match_state: form.joined.map(MatchState::try_from).transpose()?.unwrap_or_default(),
            custody: form.custody.map(Custody::try_from).transpose()?.unwrap_or_default(),
            reviews: form.reviews.into_iter().map(ReviewMark::try_from).collect::<Result<_, _>>()?,
            settled_at: form.settled_at,
            final_at: form.final_at,
            announced: announced.collect::<Result<_, _>>()?,
            tags: TagSet(form.tags.into_owned()),
            tagged: form.tagged.map(Tagged::try_from).transpose()?,
            earlier_tags: form.earlier_tags.map(EarlierTags::try_from).transpose()?.unwrap_or_default(),
            pending: form.pending.into_iter().map(Pending::try_from).collect::<Result<_, _>>()?,
            refusals: form.refusals.into_iter().map(GivenUpEffect::from).collect(),
            history: form.history.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            wake_at: form.wake_at,
            revision: form.revision,
        })
    }
}

impl<'a> From<&'a GivenUpEffect> for RefusalForm<'a> {
    fn from(refusal: &'a GivenUpEffect) -> Self {
        Self { at: refusal.at, reason: refusal.reason.as_str().into() }
    }
}

impl From<RefusalForm<'_>> for GivenUpEffect {
    fn from(form: RefusalForm<'_>) -> Self {
        Self { at: form.at, reason: form.reason.into_owned() }
    }
}
