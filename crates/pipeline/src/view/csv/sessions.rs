//! Columns of sessions in CSV.

use super::CsvColumn;

/// Columns in their order. New columns are appended.
pub const SESSION_COLUMNS: &[CsvColumn] = &[
    ("schema", "/schema"),
    ("tunnel_id", "/tunnel_id"),
    ("bastion", "/bastion"),
    ("state", "/state"),
    ("user_email", "/user_email"),
    ("user_name", "/user_name"),
    ("machine", "/machine"),
    ("client_ip", "/client_ip"),
    ("protocol", "/protocol"),
    ("target_resource_id", "/target_resource_id"),
    ("target_ip", "/target_ip"),
    ("started_at", "/started_at"),
    ("ended_at", "/ended_at"),
    ("duration_ms", "/duration_ms"),
    ("recording_id", "/recording_id"),
    ("warnings", "/warnings"),
    ("gap_cause", "/gap/cause"),
    ("gap_found_at", "/gap/found_at"),
    ("gap_one_of", "/gap/one_of"),
];
