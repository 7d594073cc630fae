//! Stored form of a blob's events and observed properties.

use std::borrow::Cow;

use domain::record::blob::{BlobEvent, BlobProperties, ETag, Happening, StorageRequest};
use domain::record::catalogue::{BlobEvents, Folded, Life, Observation};
use domain::record::sequencer::Sequencer;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::known;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LifeForm<'a> {
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    heard: Vec<EventForm<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    folded: Option<FoldedForm<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    seen: Option<SeenForm<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventForm<'a> {
    #[serde(borrow)]
    sequencer: Cow<'a, str>,
    at: Timestamp,
    #[serde(borrow)]
    what: HappeningForm<'a>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    by: Option<RequestForm<'a>>,
}

/// API call that deleted the blob.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestForm<'a> {
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    api: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    client_id: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum HappeningForm<'a> {
    Written {
        #[serde(borrow, skip_serializing_if = "Option::is_none")]
        etag: Option<Cow<'a, str>>,
        size: u64,
    },
    Deleted,
    TierChanged,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FoldedForm<'a> {
    #[serde(borrow)]
    from: Cow<'a, str>,
    #[serde(borrow)]
    through: Cow<'a, str>,
    count: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeenForm<'a> {
    born: Timestamp,
    created_at: Timestamp,
    last_modified: Timestamp,
    #[serde(borrow)]
    etag: Cow<'a, str>,
    size: u64,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    tier: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    content_type: Option<Cow<'a, str>>,
}

impl<'a> From<&'a Life> for LifeForm<'a> {
    fn from(life: &'a Life) -> Self {
        Self {
            heard: life.blob_events.events().iter().map(EventForm::from).collect(),
            folded: life.blob_events.folded().map(|folded| FoldedForm {
                from: folded.from.as_str().into(),
                through: folded.through.as_str().into(),
                count: folded.count,
            }),
            seen: life.observation.as_ref().map(SeenForm::from),
        }
    }
}

impl TryFrom<LifeForm<'_>> for Life {
    type Error = serde_json::Error;

    fn try_from(form: LifeForm<'_>) -> Result<Self, Self::Error> {
        let events = form.heard.into_iter().map(BlobEvent::try_from).collect::<Result<_, _>>()?;
        let folded = form.folded.map(|folded| {
            let (from, through) = (sequencer(&folded.from)?, sequencer(&folded.through)?);
            Ok::<_, serde_json::Error>(Folded { from, through, count: folded.count })
        });
        Ok(Self {
            blob_events: BlobEvents::new(events, folded.transpose()?),
            observation: form.seen.map(Observation::from),
        })
    }
}

impl<'a> From<&'a StorageRequest> for RequestForm<'a> {
    fn from(request: &'a StorageRequest) -> Self {
        let text = |text: &'a Option<String>| text.as_deref().map(Cow::from);
        Self { api: text(&request.api), id: text(&request.id), client_id: text(&request.client_id) }
    }
}

impl From<RequestForm<'_>> for StorageRequest {
    fn from(form: RequestForm<'_>) -> Self {
        let text = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
        Self { api: text(form.api), id: text(form.id), client_id: text(form.client_id) }
    }
}

impl<'a> From<&'a BlobEvent> for EventForm<'a> {
    fn from(event: &'a BlobEvent) -> Self {
        let what = match &event.what {
            Happening::Written { etag, size } => {
                HappeningForm::Written { etag: etag.as_ref().map(|etag| etag.as_str().into()), size: *size }
            }
            Happening::Deleted(_) => HappeningForm::Deleted,
            Happening::TierChanged => HappeningForm::TierChanged,
        };
        let by = match &event.what {
            Happening::Deleted(request) if *request != StorageRequest::default() => Some(request.into()),
            _ => None,
        };
        Self { sequencer: event.sequencer.as_str().into(), at: event.at, what, by }
    }
}

impl TryFrom<EventForm<'_>> for BlobEvent {
    type Error = serde_json::Error;

    fn try_from(form: EventForm<'_>) -> Result<Self, Self::Error> {
        let what = match form.what {
            HappeningForm::Written { etag, size } => {
                Happening::Written { etag: etag.map(|etag| ETag::new(&etag)), size }
            }
            HappeningForm::Deleted => Happening::Deleted(form.by.map(StorageRequest::from).unwrap_or_default()),
            HappeningForm::TierChanged => Happening::TierChanged,
        };
        Ok(Self { sequencer: sequencer(&form.sequencer)?, at: form.at, what })
    }
}

impl<'a> From<&'a Observation> for SeenForm<'a> {
    fn from(observation: &'a Observation) -> Self {
        let properties = &observation.properties;
        Self {
            born: observation.epoch_start,
            created_at: properties.created_at,
            last_modified: properties.last_modified,
            etag: properties.etag.as_str().into(),
            size: properties.size,
            tier: properties.tier.as_deref().map(Cow::from),
            content_type: properties.content_type.as_deref().map(Cow::from),
        }
    }
}

impl From<SeenForm<'_>> for Observation {
    fn from(form: SeenForm<'_>) -> Self {
        let properties = BlobProperties {
            created_at: form.created_at,
            last_modified: form.last_modified,
            etag: ETag::new(&form.etag),
            size: form.size,
            tier: form.tier.map(Cow::into_owned),
            content_type: form.content_type.map(Cow::into_owned),
        };
        Self { epoch_start: form.born, properties }
    }
}

fn sequencer(text: &str) -> Result<Sequencer, serde_json::Error> {
    known(Sequencer::parse(text), "sequencer", text)
}
