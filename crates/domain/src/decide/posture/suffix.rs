//! Reads the numeric suffixes of recording names.

use std::collections::BTreeMap;

/// Highest suffix of a name; beyond it nothing is recorded.
pub const HIGHEST_SUFFIX: u32 = 255;

/// Splits a name into base and suffix: `vm-ann.4` gives `vm-ann` and 4. `None` if there is no suffix.
pub fn suffix_of(name: &str) -> Option<(&str, u32)> {
    let (base, number) = name.rsplit_once('.')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    // A user called `ops.2024` has no suffix, because no suffix is so high.
    let suffix = number.parse().ok().filter(|suffix| is_number && (1..=HIGHEST_SUFFIX).contains(suffix))?;
    (!base.is_empty()).then_some((base, suffix))
}

/// Returns the highest suffix of each name with a suffix of at least `limit`, by name.
pub fn highest_suffixes<'a>(names: impl IntoIterator<Item = &'a str>, limit: u32) -> BTreeMap<String, u32> {
    let mut highest: BTreeMap<String, u32> = BTreeMap::new();
    for (base, suffix) in names.into_iter().filter_map(suffix_of).filter(|(_, suffix)| *suffix >= limit) {
        let known = highest.entry(base.to_owned()).or_default();
        *known = suffix.max(*known);
    }
    highest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_is_a_number_that_can_be_one() {
        assert_eq!(suffix_of("vm-ann.4"), Some(("vm-ann", 4)));
        assert_eq!(suffix_of("vm-ann.255"), Some(("vm-ann", 255)));
        for name in
            ["vm-ann", "vm-ann.", ".4", "vm-ann.0", "vm-ann.256", "vm-ann.2024", "vm-ann.+4", "vm-ann.99999999999"]
        {
            assert_eq!(suffix_of(name), None, "{name}");
        }
    }

    #[test]
    fn the_highest_suffix_is_found_for_names_at_the_limit() {
        let names = ["a.199", "a.200", "a.230", "b.12", "c"];
        assert_eq!(highest_suffixes(names, 200).into_iter().collect::<Vec<_>>(), [("a".to_owned(), 230)]);
    }
}
