//! Checks that the domain stays pure: it must not wait, read a clock, or access files, network and environment.
//!
//! Addresses and durations are plain values; the domain uses them from `core::net` and `core::time`.

use super::Finding;
use super::source::Source;
use super::tree::Tree;

/// Code that no line of the domain may contain.
const BANNED: [&str; 5] = ["async fn", "async move", "::now(", "println!", "eprintln!"];

/// Modules of the standard library that access the outside world.
const WORLDLY: [&str; 7] = ["env", "fs", "io", "net", "process", "thread", "time"];

/// Checks every source file of the domain, including its tests.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let files = tree.rust().filter(|(path, _)| path.starts_with("crates/domain/"));
    files.flat_map(|(path, text)| check_file(path, &Source::read(text))).collect()
}

fn check_file(path: &str, source: &Source) -> Vec<Finding> {
    let finding = |number, what: &str| Finding::line(path, number, format!("`{what}` in the domain, which stays pure"));
    let banned = source.lines().flat_map(|(number, line)| {
        BANNED.iter().filter(move |word| line.contains(**word)).map(move |word| finding(number, word))
    });
    let worldly = source.code.match_indices("std::").flat_map(|(at, _)| {
        let number = source.code[..at].matches('\n').count() + 1;
        worldly_modules(&source.code[at + "std::".len()..])
            .map(move |module| finding(number, &format!("std::{module}")))
    });
    banned.chain(worldly).collect()
}

/// Returns the [`WORLDLY`] modules in a path right after `std::`, either one module or a list in braces.
fn worldly_modules(after: &str) -> impl Iterator<Item = &'static str> {
    let named = match after.strip_prefix('{') {
        Some(list) => &list[..list.find('}').unwrap_or(list.len())],
        None => &after[..after.find([';', ' ', '\n', ',']).unwrap_or(after.len())],
    };
    let first =
        |path: &str| path.split(|c: char| !c.is_alphanumeric() && c != '_').find(|w| !w.is_empty()).map(str::to_owned);
    let named: Vec<_> = named.split(',').filter_map(first).collect();
    WORLDLY.into_iter().filter(move |module| named.iter().any(|name| name == module))
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    fn found(text: &str) -> usize {
        check(&Tree::from_files(&[("crates/domain/src/a.rs", text)])).len()
    }

    #[test]
    fn async_clocks_and_io_are_found() {
        for bad in [
            "pub async fn f() {}",
            "let t = Timestamp::now();",
            "use std::fs;",
            "use std::time::SystemTime;",
            "use std::{\n    fmt,\n    net::IpAddr,\n};",
            "let x = std::env::args();",
        ] {
            assert_eq!(found(bad), 1, "{bad}");
        }
    }

    #[test]
    fn the_rest_of_the_standard_library_is_welcome() {
        assert_eq!(found("use std::{fmt, collections::BTreeMap};\nuse std::str::FromStr; // never std::fs\n"), 0);
    }

    #[test]
    fn other_crates_may_do_io() {
        assert!(check(&Tree::from_files(&[("crates/adapters-local/src/a.rs", "use std::fs;")])).is_empty());
    }
}
