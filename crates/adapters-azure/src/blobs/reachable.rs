//! Rejects blob names the SDK cannot call.

use domain::address::BlobName;
use thiserror::Error;

/// Reason why a blob with this name cannot be requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum Unreachable {
    #[error("a URL that ends in this name addresses something else")]
    DotSegment,
    #[error("storage has no blobs with control characters in their names")]
    Control,
}

/// Checks that a request for this name reaches this blob and no other. The SDK drops dot segments from the URL and
/// removes tabs and line breaks. Slashes and backslashes are escaped, so a name is always one segment. An emulator
/// turns escaped backslashes into slashes. It is not known if the service does; if so, no blob name and no event
/// contains a backslash.
pub(super) fn check(name: &BlobName) -> Result<(), Unreachable> {
    match name.as_str() {
        "." | ".." => Err(Unreachable::DotSegment),
        text if text.contains(|c: char| c < ' ') => Err(Unreachable::Control),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use adapters_local::SystemClock;
    use azure_core::http::Url;
    use pipeline::testing::sample::HOSTILE_NAMES;

    use super::super::service;
    use super::*;
    use crate::client::{Patience, StorageAccess};

    #[test]
    fn every_accepted_name_is_the_last_segment_of_its_url() {
        let endpoint = Url::parse("http://127.0.0.1:10000").unwrap();
        let access = StorageAccess::emulator("account", "a2V5", Arc::new(SystemClock), Patience::default()).unwrap();
        let service = service(&access, &endpoint).unwrap();
        for name in HOSTILE_NAMES {
            let reached = check(&BlobName::parse(name).unwrap()).is_ok();
            let url = service.blob_client("recordings", name).url().clone();
            let encoded = url.path().strip_prefix("/recordings/").unwrap_or_default();
            let decoded = percent_encoding::percent_decode_str(encoded).decode_utf8().unwrap();
            assert!(!reached || (decoded == name && !encoded.contains('/')), "{name:?} becomes {url}");
        }
    }

    #[test]
    fn names_changed_by_the_url_are_rejected() {
        let refused = HOSTILE_NAMES.into_iter().filter(|name| check(&BlobName::parse(name).unwrap()).is_err());
        let expected = [".", "..", "a\u{0}b", "a\u{0}", "line\r\nbreak\ttab"];
        assert_eq!(refused.collect::<Vec<_>>(), expected);
    }
}
