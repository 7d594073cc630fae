//! Adds the parts of the binary that are not crates: the standard library, its C library, SQLite.

use std::collections::BTreeSet;
use std::fs;

use super::shipped::PackagePart;
use crate::step::{self, StepError, command};

/// Crate that contains the source of SQLite.
const SQLITE_CRATE: &str = "libsqlite3-sys";

/// Returns the parts together with the bundled ones. The standard library gets the version of the installed compiler.
pub fn added(mut parts: Vec<PackagePart>) -> Result<Vec<PackagePart>, StepError> {
    let version = step::output(command("rustc", &["--version"]))?;
    let version = String::from_utf8_lossy(&version);
    let version = version.split(' ').nth(1).unwrap_or_default().trim().to_owned();
    let musl = named("musl", "", "MIT", "Rich Felker, et al.");
    let mut standard = named("rust-std", &version, "MIT OR Apache-2.0", "The Rust Project contributors");
    standard.needs.insert(musl.purl.clone());
    if let Some(app) = parts.iter_mut().find(|part| part.is_app()) {
        app.needs.insert(standard.purl.clone());
    }
    if let Some(brings) = parts.iter_mut().find(|part| part.name == SQLITE_CRATE) {
        let header = brings.folder.as_ref().map(|folder| folder.join("sqlite3/sqlite3.h"));
        let header = header.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
        let sqlite = named("sqlite", sqlite_version(&header), "blessing", "The SQLite authors");
        brings.needs.insert(sqlite.purl.clone());
        parts.push(sqlite);
    }
    parts.extend([musl, standard]);
    parts.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    Ok(parts)
}

fn named(name: &str, version: &str, licence: &str, author: &str) -> PackagePart {
    let purl = if version.is_empty() {
        format!("pkg:generic/{name}")
    } else {
        format!("pkg:generic/{name}@{version}")
    };
    PackagePart {
        name: name.to_owned(),
        version: version.to_owned(),
        purl,
        licence: licence.to_owned(),
        authors: vec![author.to_owned()],
        folder: None,
        checksum: None,
        is_ours: false,
        needs: BTreeSet::new(),
    }
}

/// Returns the version that SQLite's header defines; empty if it defines none.
fn sqlite_version(header: &str) -> &str {
    let defined = header.lines().find_map(|line| line.strip_prefix("#define SQLITE_VERSION "));
    defined.map(|version| version.trim().trim_matches('"')).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tests::parts::{app, part, purls};
    use super::{added, sqlite_version};

    #[test]
    fn a_bundled_library_is_a_separate_part() {
        let parts = added(vec![app(), part("libsqlite3-sys", "MIT")]).unwrap();
        let brings = parts.iter().find(|part| part.name == "libsqlite3-sys").unwrap();
        assert!(brings.needs.contains("pkg:generic/sqlite"), "{:?}", brings.needs);
        assert!(purls(&parts).iter().any(|purl| purl.starts_with("pkg:generic/rust-std@1.")), "{:?}", purls(&parts));
        assert!(purls(&parts).contains(&"pkg:generic/musl".to_owned()));
    }

    #[test]
    fn the_version_of_sqlite_is_that_of_its_header() {
        let header = "/* */\n#define SQLITE_VERSION        \"3.51.0\"\n#define SQLITE_VERSION_NUMBER 3051000\n";
        assert_eq!(sqlite_version(header), "3.51.0");
        assert_eq!(sqlite_version("#define SQLITE_VERSION_NUMBER 3051000\n"), "");
    }
}
