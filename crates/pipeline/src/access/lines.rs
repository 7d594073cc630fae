//! Converts records of a storage log to access lines.

use domain::address::BlobAddress;
use domain::record::access::{AccessKind, AccessLine};
use domain::record::accessor::Accessor;
use domain::record::blob::ETag;
use storage_log::StorageRecord;

/// Converts a record. Returns `None` for a request that storage refused, that is not about one blob's content, tier, tags
/// or properties, or that has no time.
pub(crate) fn line_of(record: &StorageRecord<'_>) -> Option<(BlobAddress, AccessLine)> {
    let kind = AccessKind::of_operation(record.operation.as_deref()?.trim())?;
    let is_accepted = record.status.is_some_and(|status| match kind {
        AccessKind::Read => matches!(status, 200 | 202 | 206),
        _ => (200..300).contains(&status),
    });
    let (at, object) = (record.time?, record.object()?);
    let address = BlobAddress::parse(&object.account, &object.container, &object.name).ok()?;
    let texts = [&record.person, &record.object_id, &record.application_id, &record.token_hash];
    let accessor = Accessor::of_log(
        record.authentication.as_deref().unwrap_or_default(),
        texts.map(|text| text.as_deref().filter(|text| !text.is_empty())),
    );
    let caller = record.caller.as_deref().and_then(AccessLine::address_of);
    let id = match record.request_id.as_deref() {
        Some(id) => AccessLine::id_of_request(id),
        // A copy of the line has the same texts.
        None => AccessLine::id_of_request(&format!("{at} {kind:?} {accessor:?} {caller:?} {address}")),
    };
    let bytes = if kind == AccessKind::Write {
        record.request_bytes
    } else {
        record.response_bytes
    };
    let etag = record.etag.as_deref().map(ETag::new);
    is_accepted.then_some((address, AccessLine { id, at, kind, accessor, address: caller, bytes, etag }))
}
