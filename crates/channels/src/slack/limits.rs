//! Limits of Slack; lengths of texts are in Unicode scalar values.

/// Blocks of a message.
pub(super) const BLOCKS: usize = 50;
/// Text of a header.
pub(super) const HEADER: usize = 150;
/// Text of a section and of a context element.
pub(super) const TEXT: usize = 3000;
/// Fields of a section.
pub(super) const FIELDS: usize = 10;
/// Text of a field.
pub(super) const FIELD: usize = 2000;
/// Text of a button.
pub(super) const BUTTON: usize = 75;
/// Recommended length of the fallback text.
pub(super) const FALLBACK: usize = 4000;
/// Total of all texts of all blocks. Slack does not document this limit, but messages have hit it.
pub(super) const ALL_TEXTS: usize = 12_000;
