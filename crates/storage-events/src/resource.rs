//! Decodes events about writes, deletes and actions on resources, in both event schemas.

use std::borrow::Cow;

use domain::decide::posture::{ResourceChange, ResourceId, ResourceOperation};
use serde::Deserialize;
use serde_json::Value;

use crate::NotOurs;
use crate::decode::instant;
use crate::elements::{Element, elements, object};
use crate::malformation::Malformation;
use crate::wire::WireField;

/// Result of decoding one element of a payload.
#[derive(Debug)]
pub enum DecodedResource<'a> {
    /// A caller wrote or deleted a resource, or ran an action on it.
    Changed(Box<ResourceChange>),
    /// The event is well formed but not handled.
    NotOurs(NotOurs),
    /// The element cannot be decoded; a retry does not help.
    Malformed {
        /// Reason.
        reason: Malformation,
        /// Exact bytes of the element in the payload.
        raw: &'a [u8],
    },
}

/// Decodes a payload like [`decode`](crate::decode): yields at least one element for any bytes.
pub fn decode_resources(payload: &[u8]) -> impl Iterator<Item = DecodedResource<'_>> {
    elements(payload).map(|element| match element {
        Element::Document { json, raw } => {
            event(json).unwrap_or_else(|reason| DecodedResource::Malformed { reason, raw })
        }
        Element::EmptyBatch => DecodedResource::NotOurs(NotOurs::EmptyBatch),
        Element::Broken { reason, raw } => DecodedResource::Malformed { reason, raw },
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Wire<'a> {
    #[serde(borrow)]
    id: WireField<Cow<'a, str>>,
    #[serde(borrow)]
    subject: WireField<Cow<'a, str>>,
    data: Value,
    #[serde(borrow, rename = "eventType")]
    event_type: WireField<Cow<'a, str>>,
    #[serde(borrow, rename = "eventTime")]
    event_time: WireField<Cow<'a, str>>,
    #[serde(borrow)]
    specversion: WireField<Cow<'a, str>>,
    #[serde(borrow, rename = "type")]
    kind: WireField<Cow<'a, str>>,
    #[serde(borrow)]
    time: WireField<Cow<'a, str>>,
}

fn event<'a>(json: &[u8]) -> Result<DecodedResource<'a>, Malformation> {
    object(json)?;
    let wire: Wire<'_> = serde_json::from_slice(json)?;
    let (kind, (member, time)) = match (wire.specversion.optional("specversion")?, wire.event_type) {
        (Some(version), _) if version == "1.0" => (wire.kind.text("type")?, ("time", wire.time)),
        (Some(version), _) => return Err(Malformation::UnknownVersion(version.into_owned())),
        (None, WireField::Absent) => return Err(Malformation::UnknownSchema),
        (None, kind) => (kind.text("eventType")?, ("eventTime", wire.event_time)),
    };
    let act = match kind.as_ref() {
        "Microsoft.Resources.ResourceWriteSuccess" => ResourceOperation::Write,
        "Microsoft.Resources.ResourceDeleteSuccess" => ResourceOperation::Delete,
        "Microsoft.Resources.ResourceActionSuccess" => ResourceOperation::Action,
        "Microsoft.EventGrid.SubscriptionValidationEvent" => {
            return Ok(DecodedResource::NotOurs(NotOurs::SubscriptionValidation));
        }
        _ => return Ok(DecodedResource::NotOurs(NotOurs::UnhandledType)),
    };
    let data = &wire.data;
    let uri = match text(data, "resourceUri") {
        Some(uri) => uri,
        None => wire.subject.text("subject")?.into_owned(),
    };
    let resource = ResourceId::parse(&uri).ok_or(Malformation::NoResource(uri))?;
    let time = time.text(member)?;
    Ok(DecodedResource::Changed(Box::new(ResourceChange {
        id: wire.id.text("id")?.into_owned(),
        resource,
        act,
        operation: text(data, "operationName")
            .or_else(|| text(&part(data, "authorization"), "action"))
            .unwrap_or_default(),
        at: instant(member, &time)?,
        by: by(data),
        from: text(&part(data, "httpRequest"), "clientIpAddress"),
        correlation: text(data, "correlationId"),
    })))
}

/// Claims with the caller's name, the most informative first.
const NAMES: [&str; 8] = [
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    "upn",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
    "unique_name",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "http://schemas.microsoft.com/identity/claims/objectidentifier",
    "oid",
    "appid",
];

fn by(data: &Value) -> Option<String> {
    let claims = part(data, "claims");
    let named = NAMES.iter().find_map(|name| text(&claims, name));
    named.or_else(|| text(&part(&part(data, "authorization"), "evidence"), "principalId"))
}

fn text(of: &Value, member: &str) -> Option<String> {
    of.get(member)?.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Returns an object member; some publishers write it as JSON text.
fn part(of: &Value, member: &str) -> Value {
    match of.get(member) {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(part) => part.clone(),
        None => Value::Null,
    }
}
