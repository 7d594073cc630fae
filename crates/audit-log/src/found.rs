//! Items that a reader finds in a log.

use std::ops::Range;

use thiserror::Error;

/// An item of the log, with records `R` of its format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogItem<R> {
    /// A record of the format's categories, or without a category.
    Record(R),
    /// A well-formed record of another category; ignore it.
    Foreign {
        /// Byte offsets in the log.
        range: Range<u64>,
    },
    /// A piece that is not a record; reading it again gives the same result.
    Rejected(Rejected),
}

/// A piece of the log that is not a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Byte offsets in the log, without surrounding whitespace.
    pub range: Range<u64>,
    /// Reason for the rejection.
    pub reason: RejectReason,
}

/// Reason why a piece is not a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Error)]
pub enum RejectReason {
    /// Not JSON, or JSON other than an object.
    #[error("the text is not a JSON object")]
    Syntax,
    /// Longer than the reader's limit.
    #[error("the record is longer than {limit} bytes")]
    TooLong {
        /// Maximum length of a record, in bytes.
        limit: usize,
    },
    /// Objects and arrays nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    #[error("the record is nested too deeply")]
    TooDeep,
    /// An object with invalid UTF-8.
    #[error("the record is not UTF-8")]
    NotUtf8,
    /// `properties` is a string that does not hold a JSON object.
    #[error("the text in `properties` is not a JSON object")]
    Properties,
    /// An object without any field of a record.
    #[error("the object has no field of a record")]
    NotARecord,
    /// The log ends inside the record.
    #[error("the log ends inside the record")]
    Unfinished,
}

impl RejectReason {
    /// Returns the stable name under which such pieces are counted.
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
