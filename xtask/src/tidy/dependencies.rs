//! Checks that `docs/dependencies.md` has a row for each external dependency and no other row.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::Tree;

const PAGE: &str = "docs/dependencies.md";
const MANIFEST: &str = "Cargo.toml";

/// Compares the table with the workspace manifest.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let needed = needed(tree.file(MANIFEST).unwrap_or_default());
    let told = told(tree.file(PAGE).unwrap_or_default());
    let untold = needed
        .difference(&told)
        .map(|name| Finding::file(PAGE, format!("dependency {name} has no row: state its purpose, and why this one")));
    let gone = told.difference(&needed).map(|name| Finding::file(PAGE, format!("{name} is not a dependency any more")));
    untold.chain(gone).collect()
}

/// Returns the names under `[workspace.dependencies]` that have no path.
fn needed(manifest: &str) -> BTreeSet<&str> {
    let section = manifest.lines().skip_while(|line| *line != "[workspace.dependencies]").skip(1);
    let lines = section.take_while(|line| !line.starts_with('['));
    lines.filter(|line| !line.contains("path =")).filter_map(|line| Some(line.split_once(" = ")?.0)).collect()
}

/// Returns the names in backticks in the first cell of each row.
fn told(page: &str) -> BTreeSet<&str> {
    let cells = page.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split('|').nth(1));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    fn found(page: &str) -> Vec<String> {
        let manifest = "[workspace.dependencies]\ndomain = { path = \"crates/domain\" }\njiff = \"0.2\"\nurl = \"2\"\n\n[lints]\nx = 1\n";
        let tree = Tree::from_files(&[("Cargo.toml", manifest), ("docs/dependencies.md", page)]);
        check(&tree).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn a_row_may_list_several_crates() {
        assert!(found("| crate | for |\n| --- | --- |\n| `jiff`, `url` | times, `URLs` |\n").is_empty());
    }

    #[test]
    fn dependencies_and_rows_without_counterpart_are_found() {
        assert_eq!(
            found("| `jiff` | times |\n| `chrono` | times |\n"),
            ["dependency url has no row: state its purpose, and why this one", "chrono is not a dependency any more"]
        );
    }
}
