//! Any text gives a configuration or problems.

use proptest::prelude::*;

use crate::read;

const VALID: &str = include_str!("../golden/v1.yaml");

/// Checks the invariants of every result.
fn holds(text: &str) -> Result<(), TestCaseError> {
    let Err(found) = read(text) else { return Ok(()) };
    prop_assert!(!found.problems.is_empty());
    let printed = found.to_string();
    prop_assert_eq!(printed.lines().count(), found.problems.len(), "one line each: {}", printed);
    for problem in &found.problems {
        prop_assert!(problem.line >= 1 && problem.column >= 1);
        prop_assert!(problem.line <= text.split(['\n', '\r']).count(), "{}", printed);
        prop_assert!(!problem.what.is_empty() && !problem.remedy.is_empty());
        prop_assert!(problem.remedy != "correct it", "passed every check but fits no type: {}", printed);
    }
    Ok(())
}

/// Fragments with a meaning in YAML or in the file.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "\n", "\n  ", "\n    - ", ": ", ":", "- ", "{", "}", "[", "]", ", ", "\"", "'", "#", "&a ", "*a", "!!str ",
        "<<: *a", "|\n", ">\n", "? ", "---\n", "...\n", "%YAML 1.2\n", "\t", "\r", "\u{0}", "\u{feff}", "\u{2028}",
        "${", "${A}", "~", "null", "true", "1", "-1", "0x1", "1.5", "é", "\u{202e}", "version", "bastions", "name",
        "state", "account_urls", "blob", "queue", "table", "recordings", "account_url", "container", "until",
        "audit_logs", "privacy", "person_in_tags", "full", "none", "matching", "settle_after", "name_template",
        "name_pattern", "failed_logins", "count", "suffix_warning_at", "{vm}", "(?<vm>", "notifications", "channels",
        "kind", "webhook", "stub", "url_env", "SIEM_SECRET", "file:///a/local", "PT5M",
    ])
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        holds(&text)?;
    }

    #[test]
    fn no_sequence_of_fragments_makes_the_parser_panic(pieces in prop::collection::vec(piece(), 0..40)) {
        holds(&pieces.concat())?;
    }

    #[test]
    fn no_change_of_a_valid_file_makes_the_parser_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..12usize, piece()), 1..6),
    ) {
        let mut text: Vec<char> = VALID.chars().collect();
        for (at, removed, added) in changes {
            let at = at.index(text.len() + 1);
            let end = (at + removed).min(text.len());
            text.splice(at..end, added.chars());
        }
        holds(&text.into_iter().collect::<String>())?;
    }

    #[test]
    fn no_order_of_lines_makes_the_parser_panic(lines in prop::sample::subsequence(VALID.lines().collect::<Vec<_>>(), 0..39).prop_shuffle()) {
        holds(&lines.join("\n"))?;
    }
}
