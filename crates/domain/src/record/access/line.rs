//! Defines one line of the log about a blob.

use core::net::{IpAddr, SocketAddr};

use jiff::Timestamp;
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::digest;
use crate::named;
use crate::record::accessor::Accessor;
use crate::record::blob::ETag;

/// Kind of an access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum AccessKind {
    /// The content was read, in whole or in part.
    Read,
    /// The content was written.
    Write,
    /// The blob was deleted.
    Delete,
    /// The access tier was changed.
    Tier,
    /// It was restored after a deletion; the content is the same.
    Restore,
    /// Tags were read or written.
    Tags,
    /// Properties or metadata were read or written.
    Properties,
}

named!(AccessKind: ALL, name, parse);

impl AccessKind {
    /// Returns the kind of a REST operation. `None` for an operation that is not about the content, tier, tags or
    /// properties of one blob.
    pub fn of_operation(operation: &str) -> Option<Self> {
        Some(match operation {
            "GetBlob" | "QueryBlobContents" | "CopyBlobSource" | "ReadFile" => Self::Read,
            "PutBlob"
            | "PutBlobFromURL"
            | "PutBlock"
            | "PutBlockFromURL"
            | "PutBlockList"
            | "AppendBlock"
            | "AppendBlockFromURL"
            | "AppendFile"
            | "FlushFile"
            | "CreatePathFile"
            | "PutPage"
            | "PutPageFromURL"
            | "ClearPage"
            | "CopyBlob"
            | "CopyBlobDestination" => Self::Write,
            "UndeleteBlob" => Self::Restore,
            "DeleteBlob" | "DeleteFile" => Self::Delete,
            "SetBlobTier" => Self::Tier,
            "GetBlobTags" | "SetBlobTags" => Self::Tags,
            "GetBlobProperties" | "GetBlobMetadata" | "SetBlobProperties" | "SetBlobMetadata" => Self::Properties,
            _ => return None,
        })
    }

    /// True for an access that can be a viewing, an overwrite, a deletion or its reversal.
    pub fn concerns_content(self) -> bool {
        matches!(self, Self::Read | Self::Write | Self::Delete | Self::Restore)
    }
}

/// One request about one blob that storage accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLine {
    /// Number derived from the request id; equal for every copy of the line.
    pub id: u64,
    /// Time of the request.
    pub at: Timestamp,
    /// Kind of access.
    pub kind: AccessKind,
    /// Identity or token behind the request.
    pub accessor: Accessor,
    /// Address of the caller, without its port. `None` if it is not in the log.
    pub address: Option<IpAddr>,
    /// Bytes of content transferred, if the log states them.
    pub bytes: Option<u64>,
    /// ETag of the content that was read.
    pub etag: Option<ETag>,
}

impl AccessLine {
    /// Derives the number of a request from the id that storage gave it.
    pub fn id_of_request(request_id: &str) -> u64 {
        digest::number(&[request_id.trim().to_ascii_lowercase().as_bytes()], 64)
    }

    /// Parses the address of a caller, with or without a port. `None` for any other text.
    pub fn address_of(caller: &str) -> Option<IpAddr> {
        let caller = caller.trim();
        let bare = caller.trim_start_matches('[').trim_end_matches(']');
        bare.parse().ok().or_else(|| caller.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_caller_has_no_port() {
        for (caller, expected) in [
            ("203.0.113.7:50123", Some("203.0.113.7")),
            ("203.0.113.7", Some("203.0.113.7")),
            ("[2001:db8::7]:443", Some("2001:db8::7")),
            ("2001:db8::7", Some("2001:db8::7")),
            ("<redacted>:1", None),
            ("", None),
        ] {
            assert_eq!(AccessLine::address_of(caller), expected.map(|text| text.parse().unwrap()), "{caller}");
        }
    }

    #[test]
    fn a_listing_is_no_access_of_a_blob() {
        assert_eq!(AccessKind::of_operation("GetBlob"), Some(AccessKind::Read));
        assert_eq!(AccessKind::of_operation("GetBlobProperties"), Some(AccessKind::Properties));
        assert_eq!(AccessKind::of_operation("ListBlobs"), None);
    }
}
