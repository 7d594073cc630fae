//! Compares the results of two worlds.

use std::collections::BTreeMap;

/// Describes each difference: the name and both values.
pub fn between(calm: &BTreeMap<String, String>, killed: &BTreeMap<String, String>) -> Vec<String> {
    let names = calm.keys().chain(killed.keys().filter(|name| !calm.contains_key(*name)));
    let differing = names.filter(|name| calm.get(*name) != killed.get(*name));
    let shown = |found: Option<&String>| found.cloned().unwrap_or_else(|| "nothing".to_owned());
    differing
        .map(|name| {
            format!("{name}\n    undisturbed: {}\n    killed:      {}", shown(calm.get(name)), shown(killed.get(name)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(things: &[(&str, &str)]) -> BTreeMap<String, String> {
        things.iter().map(|(name, is)| ((*name).to_owned(), (*is).to_owned())).collect()
    }

    #[test]
    fn a_difference_between_two_worlds_is_named() {
        let (one, other) = (found(&[("a", "1"), ("b", "2"), ("c", "3")]), found(&[("a", "1"), ("b", "9"), ("d", "4")]));
        let differences = between(&one, &other);
        assert_eq!(differences.len(), 3);
        assert_eq!(differences[0], "b\n    undisturbed: 2\n    killed:      9");
        assert!(differences[1].starts_with("c\n") && differences[1].ends_with("nothing"));
        assert!(differences[2].starts_with("d\n    undisturbed: nothing"));
        assert!(between(&one, &one).is_empty());
    }
}
