//! Checks that every invariant in ARCHITECTURE.md names an existing test.
//!
//! Notation: under a heading that contains "Invariants", each list item ends with ` — ` and one or more `` `place:
//! test_name` ``, separated by `, `. The place is a crate below `crates/`, or `functions`, `tests`, `xtask`.

use super::Finding;
use super::source::Source;
use super::tree::Tree;

const PAGE: &str = "ARCHITECTURE.md";

/// Checks every item.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let items = items(tree.file(PAGE).unwrap_or_default());
    if items.is_empty() {
        return vec![Finding::file(PAGE, "no list under a heading \"Invariants\"")];
    }
    items.iter().flat_map(|(line, item)| check_item(tree, *line, item)).collect()
}

fn check_item(tree: &Tree, line: usize, item: &str) -> Vec<Finding> {
    match item.rsplit_once(" — ").and_then(|(_, names)| named_tests(names)) {
        Some(tests) => missing(tree, PAGE, line, tests),
        None => vec![Finding::line(PAGE, line, "the item does not end with \" — `place: test_name`\"")],
    }
}

/// Returns a finding for each test named on this line that does not exist.
pub(super) fn missing(tree: &Tree, page: &str, line: usize, tests: Vec<(&str, &str)>) -> Vec<Finding> {
    let missing = tests.into_iter().filter(|(place, test)| !exists(tree, place, test));
    missing.map(|(place, test)| Finding::line(page, line, format!("no test {test} in {place}"))).collect()
}

/// Returns the list items of the section, each joined to one line, with the line number of its start.
fn items(page: &str) -> Vec<(usize, String)> {
    let mut items: Vec<(usize, String)> = Vec::new();
    let mut inside = false;
    let mut open = false;
    for (number, line) in page.lines().enumerate().map(|(index, line)| (index + 1, line)) {
        if line.starts_with('#') {
            inside = line.contains("Invariants");
            open = false;
        } else if let Some(text) = line.strip_prefix("- ").filter(|_| inside) {
            items.push((number, text.trim().to_owned()));
            open = true;
        } else if line.trim().is_empty() {
            open = false;
        } else if let Some((_, item)) = items.last_mut().filter(|_| open) {
            item.push(' ');
            item.push_str(line.trim());
        }
    }
    items
}

/// Parses the place and name of each test in a list. Returns `None` if an entry is malformed.
pub(super) fn named_tests(names: &str) -> Option<Vec<(&str, &str)>> {
    names.split(", ").map(|name| name.strip_prefix('`')?.strip_suffix('`')?.split_once(": ")).collect()
}

fn exists(tree: &Tree, place: &str, test: &str) -> bool {
    let folder = match place {
        "functions" | "tests" | "xtask" => format!("{place}/"),
        _ => format!("crates/{place}/"),
    };
    // Parsing a file is slow, and most files do not contain the name at all.
    let files = tree.rust().filter(|(path, text)| path.starts_with(&folder) && text.contains(test));
    files.into_iter().any(|(_, text)| defines(&Source::read(text).code, test))
}

fn defines(code: &str, function: &str) -> bool {
    let start = format!("fn {function}");
    code.match_indices(&start).any(|(at, _)| code[at + start.len()..].starts_with(['(', '<']))
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    const TEST: &str = "#[test]\nfn a_late_delete_closes_the_earlier_life() {}\n";

    fn found(item: &str) -> Vec<String> {
        let page =
            format!("# Architecture\n\n- not one\n\n## Invariants\n\nText.\n\n{item}\n\n## After\n\n- not one\n");
        let tree = Tree::from_files(&[
            ("ARCHITECTURE.md", &page),
            ("crates/domain/src/life.rs", TEST),
            ("tests/it/a.rs", TEST),
        ]);
        check(&tree).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn an_invariant_held_by_a_test_is_fine() {
        assert!(found("- Lives never merge\n  — `domain: a_late_delete_closes_the_earlier_life`").is_empty());
        let both = "`domain: a_late_delete_closes_the_earlier_life`, `tests: a_late_delete_closes_the_earlier_life`";
        assert!(found(&format!("- Lives never merge — {both}")).is_empty());
    }

    #[test]
    fn an_invariant_without_a_test_is_found() {
        assert_eq!(found("- Lives never merge.").len(), 1);
        assert_eq!(found("- Lives never merge — some day").len(), 1);
    }

    #[test]
    fn a_test_that_does_not_exist_is_found() {
        assert_eq!(found("- X — `domain: a_late_delete`"), ["no test a_late_delete in domain"]);
        assert_eq!(found("- X — `pipeline: a_late_delete_closes_the_earlier_life`").len(), 1);
    }

    #[test]
    fn a_page_without_invariants_is_found() {
        assert_eq!(found("no items").len(), 1);
        assert_eq!(check(&Tree::default()).len(), 1);
    }
}
