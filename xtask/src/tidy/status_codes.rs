//! Checks that the status codes of the functions are in one file, beside the outcomes that they express.

use super::Finding;
use super::source::Source;
use super::tree::Tree;

const PLACE: &str = "functions/invocation/outcome.rs";

/// Checks every source file of the functions.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let files = tree.rust().filter(|(path, _)| path.starts_with("functions/") && *path != PLACE);
    files.flat_map(|(path, text)| check_file(path, &Source::read(text))).collect()
}

fn check_file(path: &str, source: &Source) -> Vec<Finding> {
    let lines = source.lines().filter(|(_, line)| line.contains("StatusCode::"));
    lines.map(|(number, _)| Finding::line(path, number, format!("a status code outside {PLACE}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::{PLACE, check};

    #[test]
    fn a_status_code_beside_the_outcomes_is_found() {
        let text = "let status = StatusCode::FORBIDDEN;";
        assert_eq!(check(&Tree::from_files(&[("functions/router.rs", text)])).len(), 1);
        assert!(check(&Tree::from_files(&[(PLACE, text), ("crates/dev/src/http.rs", text)])).is_empty());
    }
}
