//! Bans words without meaning from names.

use super::Finding;
use super::source::Source;
use super::tree::Tree;

const EMPTY_WORDS: [&str; 10] =
    ["manager", "managers", "helper", "helpers", "util", "utils", "utility", "utilities", "common", "impl"];

/// Checks the names of types, modules and Rust files.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust().flat_map(|(path, text)| file_name(path).into_iter().chain(definitions(path, text))).collect()
}

fn file_name(path: &str) -> Option<Finding> {
    let mut parts = path.trim_end_matches(".rs").split('/');
    parts.find_map(empty_word).map(|word| Finding::file(path, says_nothing(&word)))
}

fn definitions(path: &str, text: &str) -> Vec<Finding> {
    let source = Source::read(text);
    let findings = source.lines().flat_map(|(number, line)| {
        defined(line).filter_map(empty_word).map(move |word| Finding::line(path, number, says_nothing(&word)))
    });
    findings.collect()
}

/// Returns the names of types and modules that a line defines.
fn defined(line: &str) -> impl Iterator<Item = &str> {
    let words = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let pairs = words.clone().zip(words.skip(1));
    pairs
        .filter(|(keyword, _)| matches!(*keyword, "struct" | "enum" | "trait" | "type" | "union" | "mod"))
        .map(|(_, name)| name)
}

fn says_nothing(word: &str) -> String {
    format!("\"{word}\" in a name says nothing; name the role")
}

fn empty_word(name: &str) -> Option<String> {
    words(name).find(|word| EMPTY_WORDS.contains(&word.as_str()))
}

/// Splits a name in snake, kebab or camel case into lower-case words.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if c == '_' || c == '-' || c.is_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
        }
    }
    words.into_iter().filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    #[test]
    fn empty_words_in_types_and_modules_are_found() {
        for bad in
            ["pub struct QueueManager;", "trait StringUtil {}", "mod common;", "enum HelperKind {}", "type AImpl = B;"]
        {
            assert_eq!(check(&Tree::from_files(&[("a.rs", bad)])).len(), 1, "{bad}");
        }
    }

    #[test]
    fn empty_words_in_paths_are_found() {
        assert_eq!(
            check(&Tree::from_files(&[("tests/common/mod.rs", ""), ("crates/x/src/time_utils.rs", "")])).len(),
            2
        );
    }

    #[test]
    fn only_whole_words_of_definitions_count() {
        let text = "struct Commonwealth; mod implication; let helper = 1; impl Clock for SystemClock {} // mod common";
        assert!(check(&Tree::from_files(&[("a.rs", text)])).is_empty());
    }
}
