//! Separates the framing of a log from the meaning of its records.

use std::fmt::Debug;

use crate::RejectReason;
use crate::order::MemberOrder;
use crate::walk::TextCursor;

/// Format of the records in a log. The [`Reader`](crate::Reader) finds the objects; the format decodes each of them.
pub trait LogFormat: Debug + Send {
    /// Decoded record, which may borrow from the text of its object.
    type Record<'t>: Default;
    /// State learned from earlier records; only affects the cost.
    type Memory: Debug + Default + Send;

    /// Decodes the object at the start of `text` into `record`, which must be empty. Returns the kind of record and the
    /// offset behind the object.
    ///
    /// Reads no further than the object's end. Returns an error if the object is malformed or is the head of
    /// `{"records":[…]}`; `record` is then empty again. `reached` is set to the offset up to which the text was read,
    /// also on an error.
    fn decode<'t>(
        text: &'t str,
        memory: &mut Self::Memory,
        reached: &mut usize,
        record: &mut Self::Record<'t>,
    ) -> Result<(DecodedObject, usize), RejectReason>;

    /// Returns the same record with a shorter borrow.
    fn shortened<'s, 'l: 's>(record: Self::Record<'l>) -> Self::Record<'s>;
}

/// Category of a decoded object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecodedObject {
    /// A record of the format.
    Record,
    /// A well-formed record of another category.
    Foreign,
}

/// True if the text begins with the head of `{"records":[…]}`, which is no record of any format.
pub fn is_records_head(text: &str) -> bool {
    TextCursor::new(text, &mut MemberOrder::unknown()).is_wrapper()
}
