//! Decodes the events of a payload.

use std::borrow::Cow;

use domain::address::{AccountName, BlobAddress, BlobName, ContainerName};
use domain::record::blob::{BlobEvent, ETag, Happening, StorageRequest};
use domain::record::sequencer::Sequencer;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::elements::{Element, elements, object};
use crate::malformation::Malformation;
use crate::place;
use crate::wire::{WireData, WireEvent, WireField};
use crate::{BlobType, DecodedEvent, NotOurs, Origin, StorageEvent};

/// Decodes a payload: one event or an array, in the Event Grid schema or CloudEvents 1.0.
///
/// Yields at least one element for any bytes: a payload that is not JSON is one malformed element, an empty array is
/// [`NotOurs::EmptyBatch`]. A byte order mark is skipped, unknown members (such as those of a dead letter) are
/// ignored, and a repeated member makes its event malformed.
pub fn decode(payload: &[u8]) -> impl Iterator<Item = DecodedEvent<'_>> {
    elements(payload).map(|element| match element {
        Element::Document { json, raw } => event(json).unwrap_or_else(|reason| DecodedEvent::Malformed { reason, raw }),
        Element::EmptyBatch => DecodedEvent::NotOurs(NotOurs::EmptyBatch),
        Element::Broken { reason, raw } => DecodedEvent::Malformed { reason, raw },
    })
}

fn event(json: &[u8]) -> Result<DecodedEvent<'_>, Malformation> {
    object(json)?;
    let event = Envelope::from_event(serde_json::from_slice(json)?)?;
    match event.kind.as_ref() {
        "Microsoft.Storage.BlobCreated" => event.blob(written),
        "Microsoft.Storage.BlobDeleted" => event.blob(deleted),
        "Microsoft.Storage.BlobTierChanged" => event.blob(|_| Ok(Happening::TierChanged)),
        "Microsoft.EventGrid.SubscriptionValidationEvent" => Ok(DecodedEvent::NotOurs(NotOurs::SubscriptionValidation)),
        _ => Ok(DecodedEvent::NotOurs(NotOurs::UnhandledType)),
    }
}

/// The length is required, because it distinguishes recordings from empty blobs.
fn written(data: &mut WireData<'_>) -> Result<Happening, Malformation> {
    let etag = std::mem::take(&mut data.e_tag).optional("data.eTag")?.map(|text| ETag::new(&text));
    let size = std::mem::take(&mut data.content_length).required("data.contentLength")?;
    Ok(Happening::Written { etag: etag.filter(|etag| !etag.as_str().is_empty()), size })
}

/// The caller's ids are optional: a missing or malformed one does not reject the event.
fn deleted(data: &mut WireData<'_>) -> Result<Happening, Malformation> {
    let text = |field: &mut WireField<Cow<'_, str>>, member| {
        let text = std::mem::take(field).optional(member).ok().flatten();
        text.map(Cow::into_owned).filter(|text| !text.is_empty())
    };
    Ok(Happening::Deleted(StorageRequest {
        api: text(&mut data.api, "data.api"),
        id: text(&mut data.request_id, "data.requestId"),
        client_id: text(&mut data.client_request_id, "data.clientRequestId"),
    }))
}

/// Event, independent of its schema.
struct Envelope<'a> {
    kind: Cow<'a, str>,
    id: WireField<Cow<'a, str>>,
    /// Resource that raised the event, with the name of its member.
    resource: (&'static str, WireField<Cow<'a, str>>),
    /// Time at which the event was raised, with the name of its member.
    time: (&'static str, WireField<Cow<'a, str>>),
    subject: WireField<Cow<'a, str>>,
    data: WireField<WireData<'a>>,
    /// Unverified; `None` if the member has another type.
    traceparent: Option<Cow<'a, str>>,
}

impl<'a> Envelope<'a> {
    fn from_event(event: WireEvent<'a>) -> Result<Self, Malformation> {
        let WireEvent {
            id,
            subject,
            data,
            topic,
            event_type,
            event_time,
            specversion,
            source,
            kind,
            time,
            traceparent,
        } = event;
        let (kind, resource, time) = match (specversion.optional("specversion")?, event_type) {
            (Some(version), _) if version == "1.0" => (kind.text("type")?, ("source", source), ("time", time)),
            (Some(version), _) => return Err(Malformation::UnknownVersion(version.into_owned())),
            (None, WireField::Absent) => return Err(Malformation::UnknownSchema),
            (None, event_type) => (event_type.text("eventType")?, ("topic", topic), ("eventTime", event_time)),
        };
        let traceparent = traceparent.optional("traceparent").ok().flatten();
        Ok(Self { kind, id, resource, time, subject, data, traceparent })
    }

    fn blob(
        self,
        what: impl FnOnce(&mut WireData<'a>) -> Result<Happening, Malformation>,
    ) -> Result<DecodedEvent<'a>, Malformation> {
        let (member, resource) = self.resource;
        let resource = resource.text(member)?;
        let address = match address(member, &resource, self.subject)? {
            Ok(address) => address,
            Err(not_ours) => return Ok(DecodedEvent::NotOurs(not_ours)),
        };
        let mut data = self.data.required("data")?;
        let what = what(&mut data)?;
        let sequencer = data.sequencer.required("data.sequencer")?;
        let sequencer = Sequencer::parse(&sequencer).ok_or(Malformation::Missing("data.sequencer"))?;
        let (member, time) = self.time;
        Ok(DecodedEvent::Blob(StorageEvent {
            id: self.id.text("id")?,
            address,
            blob_type: blob_type(data.blob_type)?,
            event: BlobEvent { sequencer, at: instant(member, &time.text(member)?)?, what },
            origin: Box::new(Origin {
                kind: self.kind,
                resource,
                is_cloud_event: member == "time",
                traceparent: self.traceparent,
            }),
        }))
    }
}

/// Parses the address of the blob. The inner error means an address that cannot exist, so the event is ignored.
fn address(
    member: &'static str,
    resource: &str,
    subject: WireField<Cow<'_, str>>,
) -> Result<Result<BlobAddress, NotOurs>, Malformation> {
    let account =
        place::account(resource).ok_or_else(|| Malformation::NoAccount { member, text: resource.to_owned() })?;
    let subject = subject.text("subject")?;
    let (container, name) =
        place::container_and_name(&subject).ok_or_else(|| Malformation::NoBlob(subject.clone().into_owned()))?;
    let name = BlobName::parse(name)?;
    let Ok(account) = AccountName::parse(account) else {
        return Ok(Err(NotOurs::ImpossibleAccount));
    };
    let Ok(container) = ContainerName::parse(container) else {
        return Ok(Err(NotOurs::ImpossibleContainer));
    };
    Ok(Ok(BlobAddress { account, container, name }))
}

fn blob_type(text: WireField<Cow<'_, str>>) -> Result<BlobType, Malformation> {
    Ok(match text.optional("data.blobType")?.as_deref() {
        Some("AppendBlob") => BlobType::Append,
        Some("PageBlob") => BlobType::Page,
        _ => BlobType::Block,
    })
}

/// Parses a time with `Z`, with an offset, or with neither: a published sample omits its `Z`.
pub(crate) fn instant(member: &'static str, text: &str) -> Result<Timestamp, Malformation> {
    text.parse::<Timestamp>()
        .or_else(|_| text.parse::<DateTime>().and_then(|time| TimeZone::UTC.to_timestamp(time)))
        .map_err(|source| Malformation::Time { member, text: text.to_owned(), source })
}
