//! Reads the checksums in `Cargo.lock`.

use std::collections::BTreeMap;

/// Returns the SHA-256 of every crate that comes in an archive, by name and version.
pub fn checksums(lock: &str) -> BTreeMap<(&str, &str), &str> {
    let packages = lock.split("[[package]]").skip(1);
    let entries = packages.filter_map(|package| {
        Some(((value(package, "name")?, value(package, "version")?), value(package, "checksum")?))
    });
    entries.collect()
}

fn value<'a>(package: &'a str, key: &str) -> Option<&'a str> {
    package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'))
}

#[cfg(test)]
mod tests {
    use super::checksums;

    #[test]
    fn only_crates_from_an_archive_have_a_checksum() {
        let lock = "version = 4\n\n[[package]]\nname = \"domain\"\nversion = \"0.1.0\"\ndependencies = [\n \"jiff\",\n]\n\n\
                    [[package]]\nname = \"jiff\"\nversion = \"0.2.1\"\nsource = \"registry\"\nchecksum = \"0a0b\"\n";
        assert_eq!(checksums(lock).into_iter().collect::<Vec<_>>(), [(("jiff", "0.2.1"), "0a0b")]);
    }
}
