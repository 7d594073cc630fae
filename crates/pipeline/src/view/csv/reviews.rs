//! Columns of recordings that wait for a review in CSV.

use super::CsvColumn;

/// Columns of the queue of reviews in CSV. New columns are appended.
pub const REVIEW_COLUMNS: &[CsvColumn] = &[
    ("id", "/id"),
    ("due_at", "/due_at"),
    ("overdue", "/overdue"),
    ("rule", "/rule"),
    ("unknown_facts", "/unknown_facts"),
    ("bastion", "/bastion"),
    ("name", "/name"),
    ("person", "/person"),
    ("created_at", "/created_at"),
    ("uncounted_reviews", "/uncounted_reviews"),
];
