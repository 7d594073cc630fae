//! Checks that every row of the failure table names an existing test.
//!
//! Notation: the last cell of each row of `docs/failures.md` is one or more `` `place: test_name` ``, separated by `,
//! `, as in the list of invariants.

use super::Finding;
use super::invariants::{missing, named_tests};
use super::tree::Tree;

const PAGE: &str = "docs/failures.md";

/// Checks every row.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let rows = rows(tree.file(PAGE).unwrap_or_default());
    if rows.is_empty() {
        return vec![Finding::file(PAGE, "no table of failures")];
    }
    let found = |(line, cell): (usize, &str)| match named_tests(cell) {
        Some(tests) => missing(tree, PAGE, line, tests),
        None => vec![Finding::line(PAGE, line, "the last cell is not `place: test_name`")],
    };
    rows.into_iter().flat_map(found).collect()
}

/// Returns the last cell of each row below the header, with its line number.
fn rows(page: &str) -> Vec<(usize, &str)> {
    let lines = (1..).zip(page.lines()).skip_while(|(_, line)| !line.starts_with("| ---")).skip(1);
    let rows = lines.take_while(|(_, line)| line.starts_with('|'));
    rows.filter_map(|(number, line)| Some((number, line.trim_end_matches(['|', ' ']).rsplit_once('|')?.1.trim())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    fn found(cell: &str) -> Vec<String> {
        let page =
            format!("# What can go wrong\n\n| what | held by |\n| --- | --- |\n| it fails | {cell} |\n\nText.\n");
        let test = "#[test]\nfn it_is_retried() {}\n";
        let tree = Tree::from_files(&[("docs/failures.md", &page), ("crates/domain/src/life.rs", test)]);
        check(&tree).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn a_row_held_by_a_test_is_fine() {
        assert!(found("`domain: it_is_retried`").is_empty());
    }

    #[test]
    fn a_row_without_a_test_is_found() {
        assert_eq!(found("nobody").len(), 1);
        assert_eq!(found("`domain: it_is`"), ["no test it_is in domain"]);
    }

    #[test]
    fn a_page_without_the_table_is_found() {
        assert_eq!(check(&Tree::default()).len(), 1);
    }
}
