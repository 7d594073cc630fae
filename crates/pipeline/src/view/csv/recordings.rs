//! Columns of recordings in CSV: every scalar value of the public form, and the lists that fit a cell.

use super::CsvColumn;

/// Columns in their order. New columns are appended, so positions in existing sheets stay.
pub const RECORDING_COLUMNS: &[CsvColumn] = &[
    ("schema", "/schema"),
    ("id", "/id"),
    ("state", "/state"),
    ("match", "/match"),
    ("person", "/person"),
    ("bastion", "/bastion"),
    ("account", "/account"),
    ("container", "/container"),
    ("name", "/name"),
    ("created_at", "/created_at"),
    ("last_modified", "/last_modified"),
    ("duration_ms", "/duration_ms"),
    ("duration_from", "/duration_from"),
    ("settled_at", "/settled_at"),
    ("size_bytes", "/size_bytes"),
    ("etag", "/etag"),
    ("tier", "/tier"),
    ("content_sha256", "/content_sha256"),
    ("portal_url", "/portal_url"),
    ("revision", "/revision"),
    ("machine", "/machine"),
    ("session_id", "/session/tunnel_id"),
    ("session_user_name", "/session/user_name"),
    ("session_user_email", "/session/user_email"),
    ("session_client_ip", "/session/client_ip"),
    ("session_protocol", "/session/protocol"),
    ("session_target_resource_id", "/session/target_resource_id"),
    ("session_target_ip", "/session/target_ip"),
    ("session_started_at", "/session/started_at"),
    ("session_ended_at", "/session/ended_at"),
    ("session_duration_ms", "/session/duration_ms"),
    ("session_lead", "/session/lead"),
    ("session_lead_needed", "/session/lead_needed"),
    ("session_written", "/session/written"),
    ("session_evidence", "/session/evidence"),
    ("confirmed_by", "/confirmed/by"),
    ("confirmed_at", "/confirmed/at"),
    ("confirmed_reason", "/confirmed/reason"),
    ("confirmed_log_says", "/confirmed/log_says"),
    ("confirmed_log_names", "/confirmed/log_names"),
    ("class", "/retention/class"),
    ("class_rules", "/retention/rules"),
    ("class_unknown_rules", "/retention/unknown_rules"),
    ("counted_from", "/retention/counted_from"),
    ("retain_until", "/retention/retain_until"),
    ("delete_after", "/retention/delete_after"),
    ("then", "/retention/then"),
    ("policy_digest", "/retention/policy_digest"),
    ("verdict", "/retention/verdict"),
    ("session_open_until", "/retention/session_open_until"),
    ("grace_until", "/retention/grace_until"),
    ("approved_plan", "/retention/approved/plan"),
    ("approved_by", "/retention/approved/by"),
    ("approved_until", "/retention/approved/until"),
    ("holds", "/hold_cases"),
    ("hold_ids", "/hold_ids"),
    ("deleted_at", "/deletion/at"),
    ("deleted_by", "/deletion/tombstone/by"),
    ("deleted_class", "/deletion/tombstone/class"),
    ("deleted_rules", "/deletion/tombstone/rules"),
    ("deleted_policy_digest", "/deletion/tombstone/policy_digest"),
    ("deleted_retain_until", "/deletion/tombstone/retain_until"),
    ("deleted_delete_after", "/deletion/tombstone/delete_after"),
    ("deleted_approved_plan", "/deletion/tombstone/approved/plan"),
    ("deleted_approved_by", "/deletion/tombstone/approved/by"),
    ("deleted_approved_until", "/deletion/tombstone/approved/until"),
    ("warnings", "/warnings"),
    ("session_start_offset_ms", "/session/offsets/start_ms"),
    ("session_usual_start_from_ms", "/session/offsets/usual_start_ms/0"),
    ("session_usual_start_to_ms", "/session/offsets/usual_start_ms/1"),
    ("session_end_offset_ms", "/session/offsets/end_ms"),
    ("session_usual_end_from_ms", "/session/offsets/usual_end_ms/0"),
    ("session_usual_end_to_ms", "/session/offsets/usual_end_ms/1"),
    ("session_offsets_learned_from", "/session/offsets/learned_from"),
    ("undecided_reason", "/undecided/reason"),
    ("undecided_lead", "/undecided/lead"),
    ("undecided_lead_needed", "/undecided/lead_needed"),
    ("undecided_explained", "/undecided/explained"),
    ("holds_since", "/holds_since"),
    ("holds_certain", "/holds_certain"),
    ("holds_applied", "/holds_applied"),
];

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::RECORDING_COLUMNS as COLUMNS;

    /// Schemas of the public form, each with the place of its values in a recording.
    const PARTS: [(&str, &str); 10] = [
        ("Recording", ""),
        ("Joined", "/session"),
        ("Offsets", "/session/offsets"),
        ("Undecided", "/undecided"),
        ("Confirmed", "/confirmed"),
        ("Retention", "/retention"),
        ("Approval", "/retention/approved"),
        ("Deletion", "/deletion"),
        ("Tombstone", "/deletion/tombstone"),
        ("Approval", "/deletion/tombstone/approved"),
    ];

    /// Scalars without a column: a sentence made of other columns, and a count of candidates, which csv leaves out.
    const WITHOUT: [&str; 2] = ["/session/explained", "/more_candidates"];

    fn is_scalar(schema: &Value) -> bool {
        let is = |kind: &Value| ["string", "integer", "number", "boolean"].iter().any(|scalar| kind == scalar);
        let kind = &schema["type"];
        is(kind) || kind.as_array().is_some_and(|kinds| kinds.iter().any(is))
    }

    #[test]
    fn every_scalar_of_the_public_form_has_a_column() {
        let document: Value = serde_json::from_str(include_str!("../../../../../docs/openapi.json")).unwrap();
        let mut count = 0;
        for (schema, place) in PARTS {
            let properties = document.pointer(&format!("/components/schemas/{schema}/properties")).unwrap();
            for (name, _) in properties.as_object().unwrap().iter().filter(|(_, schema)| is_scalar(schema)) {
                let pointer = format!("{place}/{name}");
                let is_listed = COLUMNS.iter().any(|(_, column)| *column == pointer);
                assert!(is_listed || WITHOUT.contains(&pointer.as_str()), "{pointer} has no column");
                count += 1;
            }
        }
        assert!(count > 40, "only {count} scalars were found");
    }

    #[test]
    fn every_scalar_of_a_hold_has_a_column() {
        let document: Value = serde_json::from_str(include_str!("../../../../../docs/openapi.json")).unwrap();
        let held = document.pointer("/components/schemas/Held/properties").unwrap().as_object().unwrap();
        let hold: serde_json::Map<String, Value> =
            held.keys().map(|name| (name.clone(), Value::from(format!("the {name}")))).collect();
        let row = super::super::csv_row(COLUMNS, &serde_json::json!({ "holds": [hold, hold] })).unwrap();
        for name in held.keys() {
            assert!(row.contains(&format!("the {name}; the {name}")), "{name} has no column");
        }
    }

    #[test]
    fn no_two_columns_have_the_same_name() {
        let mut names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
