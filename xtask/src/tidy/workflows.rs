//! Checks that each workflow pins its actions by commit, with the version as a comment, so that a third party cannot
//! change them, and that it starts with read-only permissions.

use super::Finding;
use super::tree::Tree;

const FOLDER: &str = ".github/workflows/";

/// Checks every `uses:` of every workflow, and that each workflow starts without write permission.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let workflows = tree.files.iter().filter(|(path, _)| path.starts_with(FOLDER));
    workflows.flat_map(|(path, text)| check_file(path, text)).collect()
}

fn check_file(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let Some(used) = used(line) else { continue };
        if !is_pinned(used) {
            let what = "an action is used as OWNER/NAME@COMMIT # vVERSION, the commit in 40 hexadecimal digits";
            findings.push(Finding::line(path, number, what));
        }
    }
    if !text.contains("\npermissions:\n  contents: read\n") && !text.contains("\npermissions: {}\n") {
        findings.push(Finding::file(
            path,
            "the workflow does not begin with `permissions:` of contents: read, or of nothing",
        ));
    }
    findings
}

/// Returns the value of `uses:`, also as the first key of a step.
fn used(line: &str) -> Option<&str> {
    let line = line.trim_start().trim_start_matches("- ").trim_start();
    let rest = line.strip_prefix("uses:").or_else(|| line.strip_prefix("\"uses\":"))?;
    Some(rest.trim())
}

fn is_pinned(used: &str) -> bool {
    let Some((action, comment)) = used.split_once(" # ") else { return false };
    let Some((name, commit)) = action.split_once('@') else { return false };
    let is_commit = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let is_version = comment.strip_prefix('v').is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()));
    name.split('/').count() >= 2 && is_commit && is_version
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "08c6903cd8c0fde910a37f88322edcfb5dd907a8";

    fn findings(uses: &str) -> usize {
        let text = format!("on: push\npermissions:\n  contents: read\njobs:\n  a:\n    steps:\n      - uses: {uses}\n");
        check(&Tree::from_files(&[(".github/workflows/a.yml", &text)])).len()
    }

    #[test]
    fn an_action_is_pinned_by_its_commit_and_names_its_version() {
        assert_eq!(findings(&format!("actions/checkout@{COMMIT} # v5.0.0")), 0);
        for uses in [
            "actions/checkout@v5".to_owned(),
            "actions/checkout@main # v5.0.0".to_owned(),
            format!("actions/checkout@{COMMIT}"),
            format!("actions/checkout@{} # v5", &COMMIT[..39]),
            format!("actions/checkout@{} # v5", COMMIT.to_uppercase()),
            format!("actions/checkout@{COMMIT} # newest"),
            "docker://alpine:3 # v3".to_owned(),
            "actions/checkout".to_owned(),
        ] {
            assert_eq!(findings(&uses), 1, "{uses}");
        }
    }

    #[test]
    fn a_workflow_begins_without_the_right_to_write() {
        let of = |text| check(&Tree::from_files(&[(".github/workflows/a.yml", text)])).len();
        assert_eq!(of("on: push\npermissions: {}\njobs: {}\n"), 0);
        assert_eq!(of("on: push\njobs: {}\n"), 1);
        assert_eq!(of("on: push\npermissions: write-all\njobs: {}\n"), 1);
    }

    #[test]
    fn every_workflow_of_this_repository_is_looked_at() {
        let tree = Tree::read().unwrap();
        let uses = tree.files.iter().filter(|(path, _)| path.starts_with(FOLDER)).flat_map(|(_, text)| text.lines());
        assert!(uses.filter(|line| used(line).is_some()).count() >= 10);
    }
}
