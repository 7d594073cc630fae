//! Encodes storage events.

use domain::record::blob::Happening;
use serde::Serialize;

use crate::{BlobType, StorageEvent};

/// Writes one event in the Event Grid schema, as storage does. [`decode`](crate::decode()) restores everything except
/// its [`origin`](StorageEvent::origin), because a local account raises the event anew.
///
/// Omits `data.url`, which must not be followed.
pub fn encode_event_grid(event: &StorageEvent<'_>) -> Result<String, serde_json::Error> {
    let address = &event.address;
    let account = address.account.as_str();
    let (container, name) = (address.container.as_str(), address.name.as_str());
    let (event_type, api, etag, content_length) = match &event.event.what {
        Happening::Written { etag, size } => {
            let api = if *size == 0 { "PutBlob" } else { "PutBlockList" };
            let etag = etag.as_ref().map(|etag| format!("\"{}\"", etag.as_str()));
            ("Microsoft.Storage.BlobCreated", api, etag, Some(*size))
        }
        Happening::Deleted(_) => ("Microsoft.Storage.BlobDeleted", "DeleteBlob", None, None),
        Happening::TierChanged => ("Microsoft.Storage.BlobTierChanged", "SetBlobTier", None, None),
    };
    let request = match &event.event.what {
        Happening::Deleted(request) => Some(request),
        _ => None,
    };
    let api = request.and_then(|request| request.api.as_deref()).unwrap_or(api);
    serde_json::to_string(&EventGridEvent {
        topic: format!("{RESOURCE_GROUP}/providers/Microsoft.Storage/storageAccounts/{account}"),
        subject: format!("/blobServices/default/containers/{container}/blobs/{name}"),
        event_type,
        event_time: event.event.at.to_string(),
        id: &event.id,
        data: Data {
            api,
            e_tag: etag,
            content_type: "application/octet-stream",
            content_length,
            blob_type: match event.blob_type {
                BlobType::Block => "BlockBlob",
                BlobType::Append => "AppendBlob",
                BlobType::Page => "PageBlob",
            },
            sequencer: event.event.sequencer.as_str(),
            request_id: request.and_then(|request| request.id.as_deref()),
            client_request_id: request.and_then(|request| request.client_id.as_deref()),
        },
        data_version: "",
        metadata_version: "1",
    })
}

/// Resource group of local accounts.
const RESOURCE_GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventGridEvent<'a> {
    topic: String,
    subject: String,
    event_type: &'static str,
    event_time: String,
    id: &'a str,
    data: Data<'a>,
    data_version: &'static str,
    metadata_version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    api: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e_tag: Option<String>,
    content_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_length: Option<u64>,
    blob_type: &'static str,
    sequencer: &'a str,
}
