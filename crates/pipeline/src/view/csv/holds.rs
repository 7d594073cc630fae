//! Columns of legal holds in CSV.

use super::CsvColumn;

/// Columns of holds in CSV. New columns are appended.
pub const HOLD_COLUMNS: &[CsvColumn] = &[
    ("id", "/id"),
    ("case", "/case"),
    ("reason", "/reason"),
    ("recording", "/scope/recording"),
    ("session", "/scope/session"),
    ("person", "/scope/person"),
    ("machine", "/scope/machine"),
    ("bastion", "/scope/bastion"),
    ("from", "/scope/from"),
    ("to", "/scope/to"),
    ("placed_at", "/placed_at"),
    ("placed_by", "/placed_by/name"),
    ("placed_by_verified", "/placed_by/verified"),
    ("released_at", "/released_at"),
    ("released_by", "/released_by/name"),
    ("released_by_verified", "/released_by/verified"),
];
