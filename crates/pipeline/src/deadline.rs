//! Deadline of a pass.

/// Deadline check of a pass, called between pages and pieces. If it returns `false`, the pass saves its position and
/// ends; the next pass continues.
pub type MayGoOn<'a> = &'a (dyn Fn() -> bool + Sync);
