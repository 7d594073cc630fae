//! Checks that no file depends on, or reveals, the machine it was written on.

use super::Finding;
use super::source::Source;
use super::tree::Tree;

/// This file contains the banned strings and is exempt.
const OWN: &str = "xtask/src/tidy/traces.rs";

/// Home folders of a person or a build machine.
const FOLDERS: [&str; 3] = ["/home/", "/root/", "/Users/"];

/// Prefixes of package hosts; the choice of host depends on the machine.
const HOSTS: [&str; 6] = ["index.crates.", "static.crates.", "pythonhosted.", "pypi.", "npmjs.", "artifactory"];

/// Name of the public registry in cargo's lock file: its index, independent of the host that serves it.
const ONLY_REGISTRY: &str = "/rust-lang/crates.io-index\"";

/// Checks every file except the fixtures and fuzzing inputs, which contain foreign bytes.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let foreign = |path: &str| path.contains("tests/fixtures/") || path.starts_with("fuzz/corpus/") || path == OWN;
    let own = tree.files.iter().filter(|(path, _)| !foreign(path));
    own.flat_map(|(path, text)| check_file(path, text)).collect()
}

fn check_file(path: &str, text: &str) -> Vec<Finding> {
    let tests_begin = if path.starts_with("tests/") || path.contains("/tests/") {
        0
    } else if path.ends_with(".rs") {
        Source::read(text).tests_begin()
    } else {
        usize::MAX
    };
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    let findings = lines.flat_map(|(number, line)| {
        let whats = traces(line)
            .into_iter()
            .chain(temporary(line).filter(|_| number < tests_begin))
            .chain(registry(path, line));
        whats.map(move |what| Finding::line(path, number, what))
    });
    findings.collect()
}

fn traces(line: &str) -> Vec<String> {
    let folders = FOLDERS.into_iter().filter(|folder| names_absolute(line, folder));
    let hosts = HOSTS.into_iter().filter(|host| line.contains(host));
    let above = Some("../shared").filter(|above| line.contains(above));
    folders
        .map(|folder| format!("\"{folder}\" is a path of one machine"))
        .chain(hosts.map(|host| format!("\"{host}\" is a package host, which depends on the machine")))
        .chain(above.map(|above| format!("\"{above}\" is outside the repository")))
        .collect()
}

fn temporary(line: &str) -> Option<String> {
    names_absolute(line, "/tmp/").then(|| "\"/tmp/\" outside tests; take the folder as an argument".to_owned())
}

/// Checks that lock files name only the public registry, and that cargo's settings do not redirect it.
fn registry(path: &str, line: &str) -> Option<String> {
    let wrong = match path.rsplit('/').next() {
        Some("Cargo.lock") => line.starts_with("source = ") && !line.ends_with(ONLY_REGISTRY),
        Some("config.toml") => line.starts_with("[source") || line.starts_with("[registr"),
        _ => false,
    };
    wrong.then(|| "packages come from the public registry only".to_owned())
}

/// Returns true if the line contains the folder at the beginning of an absolute path.
fn names_absolute(line: &str, folder: &str) -> bool {
    let inside_path = |c: char| c.is_alphanumeric() || "._-~/*)}]>".contains(c);
    line.match_indices(folder).any(|(at, _)| !line[..at].ends_with(inside_path))
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    fn found(path: &str, text: &str) -> usize {
        check(&Tree::from_files(&[(path, text)])).len()
    }

    #[test]
    fn paths_of_one_machine_are_found_in_any_file() {
        assert_eq!(found("README.md", "see `/home/me`\n"), 1);
        assert_eq!(found("functions/a.rs", "const P: &str = \"/home/me/x\";"), 1);
        assert_eq!(found(".ci/run", "cd /root/x"), 1);
    }

    #[test]
    fn the_middle_of_a_relative_path_is_no_trace() {
        assert_eq!(found("README.md", "crates/home/src and ./home/x and https://a.example/root/b"), 0);
    }

    #[test]
    fn temporary_folders_are_allowed_only_in_tests() {
        assert_eq!(found("crates/a/src/x.rs", "const T: &str = \"/tmp/x\";"), 1);
        assert_eq!(found("crates/a/src/x.rs", "#[cfg(test)]\nmod tests { const T: &str = \"/tmp/x\"; }"), 0);
        assert_eq!(found("tests/it/x.rs", "const T: &str = \"/tmp/x\";"), 0);
    }

    #[test]
    fn package_hosts_and_other_registries_are_found() {
        assert_eq!(found("docs/a.md", "from pypi.example"), 1);
        assert_eq!(found("Cargo.lock", "source = \"registry+https://mirror.example/index\""), 1);
        assert_eq!(
            found("Cargo.lock", &format!("source = \"registry+https://forge.example{}", super::ONLY_REGISTRY)),
            0
        );
        assert_eq!(found(".cargo/config.toml", "[source.crates-io]"), 1);
    }

    #[test]
    fn a_path_outside_the_repository_is_found() {
        assert_eq!(found("tests/it/a.rs", "include_str!(\"../shared/a.json\")"), 1);
    }

    #[test]
    fn fixtures_hold_foreign_bytes() {
        assert_eq!(found("tests/fixtures/app/a.json", "/home/site/wwwroot"), 0);
    }
}
