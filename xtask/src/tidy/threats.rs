//! Checks that every threat names the test of its control or states `nothing`, and that every test named in a
//! documentation page exists.
//!
//! Notation: the last cell of each row of `docs/security.md` under a heading "held by" has the notation of the failure
//! table, or is the word `nothing`.

use std::collections::BTreeSet;

use super::Finding;
use super::invariants::{missing, named_tests};
use super::tree::Tree;

const PAGE: &str = "docs/security.md";
/// Pages with test rules of their own, and the page that explains the notation.
const OTHERS: [&str; 3] = ["ARCHITECTURE.md", "docs/failures.md", "CONTRIBUTING.md"];

/// Checks the rows, and the tests named on other pages.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let rows = rows(tree.file(PAGE).unwrap_or_default());
    let mut findings = if rows.is_empty() {
        vec![Finding::file(PAGE, "no table of threats")]
    } else {
        Vec::new()
    };
    let open = rows.into_iter().filter(|(_, cell)| *cell != "nothing" && named_tests(cell).is_none());
    findings.extend(
        open.map(|(line, _)| Finding::line(PAGE, line, "the last cell is neither `place: test_name` nor nothing")),
    );
    let pages = tree.files.iter().filter(|(path, _)| path.ends_with(".md") && !OTHERS.contains(&path.as_str()));
    for (path, text) in pages {
        for (number, line) in (1..).zip(text.lines()) {
            findings.extend(missing(tree, path, number, names(tree, line)));
        }
    }
    findings
}

/// Returns the last cell of each row of every table whose header ends with "held by".
fn rows(page: &str) -> Vec<(usize, &str)> {
    let mut rows = Vec::new();
    let mut is_inside = false;
    for (number, line) in (1..).zip(page.lines()) {
        if line.ends_with("| held by |") {
            is_inside = true;
        } else if !line.starts_with('|') {
            is_inside = false;
        } else if is_inside && !line.starts_with("| ---") {
            rows.extend(line.trim_end_matches(['|', ' ']).rsplit_once('|').map(|(_, cell)| (number, cell.trim())));
        }
    }
    rows
}

/// Returns the tests that a line names in existing places.
fn names<'a>(tree: &Tree, line: &'a str) -> Vec<(&'a str, &'a str)> {
    let crates = tree.files.keys().filter_map(|path| path.strip_prefix("crates/")?.split('/').next());
    let places: BTreeSet<&str> = crates.chain(["functions", "tests", "xtask"]).collect();
    let in_backticks = line.split('`').skip(1).step_by(2);
    let is_name = |test: &str| {
        test.contains('_')
            && test.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    in_backticks
        .filter_map(|text| text.split_once(": "))
        .filter(|(place, test)| places.contains(place) && is_name(test))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    const TEST: &str = "#[test]\nfn it_is_refused() {}\n";

    fn found(cell: &str, other: &str) -> Vec<String> {
        let page =
            format!("# Security\n\n| threat | control | held by |\n| --- | --- | --- |\n| a | b | {cell} |\n\nText.\n");
        let tree = Tree::from_files(&[
            ("docs/security.md", &page),
            ("docs/other.md", other),
            ("crates/domain/src/life.rs", TEST),
        ]);
        check(&tree).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn a_threat_with_a_test_or_openly_without_one_is_fine() {
        assert!(found("`domain: it_is_refused`", "").is_empty());
        assert!(found("nothing", "").is_empty());
    }

    #[test]
    fn a_threat_that_leaves_it_unsaid_is_found() {
        assert_eq!(found("somebody", "").len(), 1);
        assert_eq!(found("", "").len(), 1);
        assert_eq!(found("`domain: it_is_not`", ""), ["no test it_is_not in domain"]);
    }

    #[test]
    fn a_test_that_another_page_names_exists() {
        assert!(found("nothing", "held by `domain: it_is_refused`, and `name: some_value`\n").is_empty());
        assert_eq!(found("nothing", "held by `domain: it_is_not`\n"), ["no test it_is_not in domain"]);
    }

    #[test]
    fn a_page_without_threats_is_found() {
        assert_eq!(check(&Tree::default()).len(), 1);
    }
}
