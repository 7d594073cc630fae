//! What Slack takes, counted in Unicode scalar values where it is text.

/// Blocks of a message.
pub(super) const BLOCKS: usize = 50;
/// The text of a header.
pub(super) const HEADER: usize = 150;
/// The text of a section, and of an element of a context.
pub(super) const TEXT: usize = 3000;
/// Fields of a section.
pub(super) const FIELDS: usize = 10;
/// The text of a field.
pub(super) const FIELD: usize = 2000;
/// The text of a button.
pub(super) const BUTTON: usize = 75;
/// The text that stands for the blocks where they are not shown, as recommended.
pub(super) const FALLBACK: usize = 4000;
/// All texts of all blocks together. No limit of Slack's documentation, but one that messages have met.
pub(super) const ALL_TEXTS: usize = 12_000;
