//! Describes decoded payloads in the form of the expectation files next to the fixtures.

use domain::record::blob::{ETag, Happening};
use serde_json::{Value, json};
use storage_events::{BlobType, DecodedEvent, decode};

/// Returns one element per event of the payload.
pub fn meaning(payload: &[u8]) -> Value {
    decode(payload).map(element).collect()
}

fn element(decoded: DecodedEvent<'_>) -> Value {
    let event = match decoded {
        DecodedEvent::NotOurs(not_ours) => return json!({ "ignored": not_ours.label() }),
        DecodedEvent::Malformed { reason, .. } => return json!({ "malformed": reason.to_string() }),
        DecodedEvent::Blob(event) => event,
    };
    let what = match event.event.what {
        Happening::Written { etag, size } => {
            json!({ "written": { "etag": etag.as_ref().map(ETag::as_str), "size": size } })
        }
        Happening::Deleted(_) => json!("deleted"),
        Happening::TierChanged => json!("tier changed"),
    };
    json!({
        "id": event.id,
        "account": event.address.account.as_str(),
        "container": event.address.container.as_str(),
        "name": event.address.name.as_str(),
        "blob_type": match event.blob_type {
            BlobType::Block => "block",
            BlobType::Append => "append",
            BlobType::Page => "page",
        },
        "at": event.event.at.to_string(),
        "sequencer": event.event.sequencer.as_str(),
        "what": what,
    })
}
