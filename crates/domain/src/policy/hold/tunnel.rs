//! Compares session ids.

use crate::folded::fold;
use crate::policy::matcher::ConditionResult;
use crate::record::session::TunnelId;

/// Compares the session of a hold with the session of a recording. Unknown if the log gave the session no id.
pub(super) fn is_session(wanted: &str, known: &TunnelId) -> ConditionResult {
    match bare(wanted) == bare(known.as_str()) {
        true => ConditionResult::True,
        false if known.is_unnamed() => ConditionResult::Unknown,
        false => ConditionResult::False,
    }
}

/// Returns the id without braces, quotes and scheme; of a GUID only the digits.
fn bare(id: &str) -> String {
    let id = fold(id);
    let id = id.trim_matches(['{', '}', '(', ')', '"', '\'']);
    let id = id.strip_prefix("urn:uuid:").unwrap_or(id);
    let digits: String = id.chars().filter(|letter| *letter != '-').collect();
    let is_guid = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_guid { digits } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_id_ignores_braces_case_and_hyphens() {
        let known = TunnelId::parse("9f8b1c2d-0000-4000-8000-00000000000a").unwrap();
        for way in ["{9F8B1C2D-0000-4000-8000-00000000000A}", " 9f8b1c2d00004000800000000000000a "] {
            assert_eq!(is_session(way, &known), ConditionResult::True, "{way}");
        }
        assert_eq!(is_session("9f8b1c2d-0000-4000-8000-00000000000b", &known), ConditionResult::False);
        assert_eq!(is_session("t-1", &TunnelId::of_unnamed(b"a record")), ConditionResult::Unknown);
    }
}
