//! What a reader finds.

use std::ops::Range;

use thiserror::Error;

use crate::Record;

/// One thing that stood in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly every item is a record, and a box for each is what costs")]
pub enum Item<'a> {
    /// A record of the category `BastionAuditLogs`, or of none.
    Record(Record<'a>),
    /// A well-formed record of another category: nothing for us.
    Foreign {
        /// Its bytes, as offsets into the log.
        range: Range<u64>,
    },
    /// A piece that is no record; reading it again would not help.
    Rejected(Rejected),
}

/// A piece of the log that is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Its bytes, as offsets into the log, without the blanks around it.
    pub range: Range<u64>,
    /// Why.
    pub reason: Reason,
}

/// Why a piece is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Error)]
pub enum Reason {
    /// Not JSON, or JSON that is no object.
    #[error("the text is not a JSON object")]
    Syntax,
    /// Longer than the reader's limit.
    #[error("the record is longer than {limit} bytes")]
    TooLong {
        /// The most bytes a record may have.
        limit: usize,
    },
    /// Objects and arrays nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    #[error("the record is nested too deeply")]
    TooDeep,
    /// An object with bytes that are no UTF-8.
    #[error("the record is not UTF-8")]
    NotUtf8,
    /// `properties` is a text that holds no JSON object.
    #[error("the text in `properties` is not a JSON object")]
    Properties,
    /// An object without any field of an audit record.
    #[error("the object has no field of an audit record")]
    NotARecord,
    /// The log ends inside it.
    #[error("the log ends inside the record")]
    Unfinished,
}

impl Reason {
    /// The stable name under which such pieces are counted.
    pub fn label(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::TooLong { .. } => "too_long",
            Self::TooDeep => "too_deep",
            Self::NotUtf8 => "not_utf8",
            Self::Properties => "properties",
            Self::NotARecord => "not_a_record",
            Self::Unfinished => "unfinished",
        }
    }
}
