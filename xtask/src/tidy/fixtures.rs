//! Checks that fixtures state their origin and that `host.json` has the version that the host requires.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Finding;
use super::tree::Tree;

/// Checks that every folder of fixtures has an `ORIGIN.md`, and the version in `host.json`.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let folders: BTreeSet<_> = tree.files.keys().filter_map(|path| fixture_folder(path)).collect();
    let without_origin = folders.into_iter().filter(|folder| tree.file(&format!("{folder}/ORIGIN.md")).is_none());
    let origins = without_origin.map(|folder| {
        Finding::file(
            folder,
            "no ORIGIN.md: state which files are published samples, their source, and which are made up",
        )
    });
    origins.chain(host_version(tree)).collect()
}

/// Returns the `tests/fixtures/<folder>` part of a path, in the root or in a crate.
fn fixture_folder(path: &str) -> Option<&str> {
    const FIXTURES: &str = "tests/fixtures/";
    let at = path.find(FIXTURES).filter(|at| *at == 0 || path[..*at].ends_with('/'))? + FIXTURES.len();
    let folder = path[at..].find('/')?;
    Some(&path[..at + folder])
}

fn host_version(tree: &Tree) -> Option<Finding> {
    let text = tree.file("host.json").unwrap_or_default();
    let host: Value = serde_json::from_str(text).unwrap_or_default();
    let known = host["version"] == "2.0";
    (!known).then(|| Finding::file("host.json", "\"version\" must be the text \"2.0\", or the host does not start"))
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    const HOST: (&str, &str) = ("host.json", r#"{"version":"2.0"}"#);

    #[test]
    fn a_folder_of_fixtures_without_origin_is_found() {
        let tree = Tree::from_files(&[
            HOST,
            ("tests/fixtures/event-grid/a.json", ""),
            ("tests/fixtures/custom-handler/app/host.json", ""),
            ("tests/fixtures/custom-handler/ORIGIN.md", ""),
            ("crates/x/tests/fixtures/logs/a.json", ""),
        ]);
        let paths: Vec<_> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(paths, ["crates/x/tests/fixtures/logs", "tests/fixtures/event-grid"]);
    }

    #[test]
    fn a_host_version_that_the_host_refuses_is_found() {
        for host in [r#"{"version":2.0}"#, r#"{"version":"3.0"}"#, "{}", "not JSON"] {
            assert_eq!(check(&Tree::from_files(&[("host.json", host)])).len(), 1, "{host}");
        }
        assert_eq!(check(&Tree::default()).len(), 1);
        assert!(check(&Tree::from_files(&[HOST])).is_empty());
    }
}
