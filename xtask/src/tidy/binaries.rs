//! Each package has at most one integration test binary: each further one links everything again, and `cargo test`
//! runs binaries one after another.

use std::collections::BTreeMap;

use super::Finding;
use super::tree::Tree;

/// Checks the number of test binaries below each `tests` folder.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut binaries: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (package, path) in tree.rust().filter_map(|(path, _)| Some((package(path)?, path))) {
        binaries.entry(package).or_default().push(path);
    }
    let further = binaries.into_values().flat_map(|paths| paths.into_iter().skip(1));
    further.map(|path| Finding::file(path, "a second test binary; make it a module of the first")).collect()
}

/// Returns the folder of the package whose test binary starts in this file.
fn package(path: &str) -> Option<&str> {
    let (package, file) =
        path.rsplit_once("tests/").filter(|(before, _)| before.is_empty() || before.ends_with('/'))?;
    let is_source = package.contains("/src/") || package.starts_with("functions/");
    let is_root = !file.contains('/') || file.split_once('/').is_some_and(|(_, file)| file == "main.rs");
    (is_root && !is_source).then_some(package)
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    #[test]
    fn a_second_test_binary_of_a_package_is_found() {
        let files = ["crates/x/tests/it/main.rs", "crates/x/tests/more.rs", "tests/it/main.rs", "tests/other/main.rs"];
        let findings = check(&Tree::from_files(&files.map(|path| (path, ""))));
        let paths: Vec<&str> = findings.iter().map(|finding| finding.path.as_str()).collect();
        assert_eq!(paths, ["tests/other/main.rs", "crates/x/tests/more.rs"]);
    }

    #[test]
    fn modules_and_unit_tests_are_no_binaries() {
        let files = ["crates/x/tests/it/main.rs", "crates/x/tests/it/a/mod.rs", "crates/x/src/a/tests/main.rs"];
        assert!(check(&Tree::from_files(&files.map(|path| (path, "")))).is_empty());
        assert!(check(&Tree::from_files(&[("functions/a/tests/b.rs", ""), ("tests/it/main.rs", "")])).is_empty());
    }
}
