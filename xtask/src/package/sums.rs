//! Writes checksums of the release files in the format of `sha256sum --check`.

use std::fs;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

/// Name of the checksum file, beside the release files.
pub const NAME: &str = "SHA256SUMS";

/// Writes the checksums of the given files that exist in the folder.
pub fn write(folder: &Path, names: &[&str]) -> io::Result<()> {
    let mut lines = String::new();
    for name in names.iter().filter(|name| folder.join(name).is_file()) {
        lines.push_str(&format!("{}  {name}\n", sha256_of(&folder.join(name))?));
    }
    fs::write(folder.join(NAME), lines)
}

/// Returns the SHA-256 of a file in hexadecimal.
pub fn sha256_of(file: &Path) -> io::Result<String> {
    let digest = Sha256::digest(fs::read(file)?);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::{NAME, write};

    #[test]
    fn the_digests_are_those_that_the_usual_program_finds() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.zip"), "one").unwrap();
        fs::write(folder.path().join("b.json"), "other").unwrap();
        write(folder.path(), &["a.zip", "b.json", "not-there"]).unwrap();
        let check = |folder: &tempfile::TempDir| {
            let done = Command::new("sha256sum").args(["--check", NAME]).current_dir(folder.path()).output().unwrap();
            (done.status.success(), String::from_utf8_lossy(&done.stdout).into_owned())
        };
        assert_eq!(check(&folder), (true, "a.zip: OK\nb.json: OK\n".into()));
        fs::write(folder.path().join("b.json"), "changed").unwrap();
        assert!(!check(&folder).0);
    }
}
