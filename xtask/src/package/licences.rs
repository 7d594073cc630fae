//! Writes the third-party licences of the binary: each text once, with the parts it covers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::shipped::PackagePart;

/// Upper-case prefixes of file names that contain licence texts.
const BEGINNINGS: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

/// Text for SQLite, which has no licence.
const BLESSING: &str = "SQLite is in the public domain: its authors have given up all rights in its code.\n";

/// Standard licence texts, taken from this project's own licences.
pub struct Standard {
    /// MIT licence with a copyright notice.
    pub mit: String,
    /// Apache licence 2.0, identical for every author.
    pub apache: String,
}

impl Standard {
    /// Reads both texts from the root of the repository.
    pub fn read(root: &Path) -> io::Result<Self> {
        Ok(Self {
            mit: fs::read_to_string(root.join("LICENSE-MIT"))?,
            apache: fs::read_to_string(root.join("LICENSE-APACHE"))?,
        })
    }

    /// Returns the standard text of the first known alternative in the part's licence expression, or `None`.
    fn text(&self, part: &PackagePart) -> Option<String> {
        part.licence.split(" OR ").find_map(|licence| match licence.trim_matches(['(', ')']) {
            "MIT" => Some(self.mit_of(&part.authors)),
            "Apache-2.0" => Some(self.apache.clone()),
            "blessing" => Some(BLESSING.to_owned()),
            _ => None,
        })
    }

    fn mit_of(&self, authors: &[String]) -> String {
        let authors = if authors.is_empty() { "the authors".to_owned() } else { authors.join(", ") };
        let notice = format!("Copyright (c) {authors}");
        let lines = self.mit.lines().map(|line| if line.starts_with("Copyright") { &notice } else { line });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Returns the whole document.
///
/// Returns an error if a part has neither a licence file nor an expression with a known standard text.
pub fn document(parts: &[PackagePart], standard: &Standard) -> io::Result<String> {
    let others = || parts.iter().filter(|part| !part.is_ours);
    let mut texts: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    for part in others() {
        for text in texts_of(part, standard)? {
            let (_, under) = texts.entry(essence(&text)).or_insert_with(|| (text, BTreeSet::new()));
            under.insert(shown(part));
        }
    }
    let mut texts: Vec<_> = texts.into_values().collect();
    // The most used text comes first; ties are ordered by the first name.
    texts.sort_by(|(_, one), (_, other)| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    let mut document = String::from("Third-party software in Bastion Archivist, with its licences.\n\n");
    for part in others() {
        document.push_str(&format!("{}: {}\n", shown(part), part.licence));
    }
    for (text, under) in texts {
        let under = under.into_iter().collect::<Vec<_>>().join(", ");
        document.push_str(&format!("\n{}\n{under}\n\n{}\n", "=".repeat(80), text.trim_matches('\n')));
    }
    Ok(document)
}

/// Returns the licence files of the part's source, or the standard text if it has none.
fn texts_of(part: &PackagePart, standard: &Standard) -> io::Result<Vec<String>> {
    let files = part.folder.as_deref().map(files).transpose()?.unwrap_or_default();
    if files.is_empty() {
        let why = format!("{}: no licence file, and no standard text of {:?}", shown(part), part.licence);
        return standard.text(part).map(|text| vec![text]).ok_or_else(|| io::Error::other(why));
    }
    files.iter().map(|file| Ok(String::from_utf8_lossy(&fs::read(file)?).replace("\r\n", "\n"))).collect()
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        if path.is_file() && BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Normalizes line breaks and indentation, so that equal texts compare as equal.
fn essence(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shown(part: &PackagePart) -> String {
    format!("{} {}", part.name, part.version).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::tests::parts::part;
    use super::super::{ARM64, X86_64, bundled, shipped};
    use super::{Standard, document};
    use crate::ROOT;

    fn standard() -> Standard {
        Standard { mit: "MIT License\n\nCopyright (c) ours\n\nfree".into(), apache: "Apache License".into() }
    }

    #[test]
    fn equal_licence_texts_are_listed_once_with_their_parts() {
        let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
        fs::write(folders[0].path().join("LICENSE-MIT"), "one  licence\n").unwrap();
        fs::write(folders[1].path().join("license.txt"), "one\r\nlicence").unwrap();
        fs::write(folders[1].path().join("NOTICE"), "a notice").unwrap();
        let mut parts = [part("a", "MIT"), part("b", "MIT")];
        for (part, folder) in parts.iter_mut().zip(&folders) {
            part.folder = Some(folder.path().to_owned());
        }
        let text = document(&parts, &standard()).unwrap();
        assert_eq!(text.matches("one  licence").count(), 1, "{text}");
        assert!(text.contains("\na 1.0.0, b 1.0.0\n\none  licence\n"), "{text}");
        assert!(text.ends_with("\nb 1.0.0\n\na notice\n"), "{text}");
    }

    #[test]
    fn a_crate_without_a_licence_text_gets_the_standard_one() {
        let mut parts = [part("a", "ISC OR MIT"), part("b", "Apache-2.0 OR MIT")];
        parts[0].authors = vec!["A".into(), "B".into()];
        let text = document(&parts, &standard()).unwrap();
        assert!(text.contains("\na 1.0.0\n\nMIT License\n\nCopyright (c) A, B\n\nfree\n"), "{text}");
        assert!(text.contains("\nb 1.0.0\n\nApache License\n"), "{text}");
    }

    #[test]
    fn a_crate_of_which_no_text_is_known_is_named() {
        let refused = document(&[part("a", "ISC")], &standard()).unwrap_err();
        assert_eq!(refused.to_string(), "a 1.0.0: no licence file, and no standard text of \"ISC\"");
    }

    #[test]
    fn every_shipped_part_has_its_licence_in_the_document() {
        let parts = bundled::added(shipped::parts(&[X86_64, ARM64]).unwrap()).unwrap();
        let text = document(&parts, &Standard::read(Path::new(ROOT)).unwrap()).unwrap();
        for needed in ["\nring 0.17", "\nsqlite 3.", "\nrust-std 1.", "\nmusl: MIT", "Copyright (c) Microsoft\n"] {
            assert!(text.contains(needed), "{needed}");
        }
        assert!(!text.contains(ROOT.trim_end_matches("/xtask/..")));
    }
}
