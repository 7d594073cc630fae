//! `cargo xtask reproduce`: packages the commit twice in different folders; both must have the same bytes.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::{BuildProfile, PackagedProgram, app, commit, release, shown, sums, unusable};
use crate::ROOT;
use crate::step::{self, StepError, cargo, command, step};

/// Folder of the second clone, its crates and its build output.
const ELSEWHERE: &str = "target/reproduce/elsewhere";

/// Packages in both folders and compares. Returns an error if a file differs.
pub fn run() -> Result<(), StepError> {
    step("commit", "commit first: the second package is built from the commit", commit::must_be_all)?;
    super::run(None, &PackagedProgram::Built(BuildProfile::Release))?;
    let mut clone = PathBuf::new();
    step("the same elsewhere", "see the failure above", || {
        clone = cloned()?;
        again(&clone)
    })?;
    step("comparison", "find what depends on the folder: `strings` on both binaries, and `package/places.rs`", || {
        let different = differences(Path::new(ROOT), &clone).map_err(|source| unusable(&clone, source))?;
        if different.is_empty() {
            return Ok(());
        }
        Err(StepError::Unreadable { what: "two packages as one".into(), source: different.join("; ").into() })
    })
}

/// Clones the commit and creates a separate cargo home with the crates that are already fetched.
fn cloned() -> Result<PathBuf, StepError> {
    let elsewhere = Path::new(ROOT).join(ELSEWHERE);
    let clone = elsewhere.join("clone");
    let prepared = || {
        if elsewhere.exists() {
            fs::remove_dir_all(&elsewhere)?;
        }
        fs::create_dir_all(elsewhere.join("home"))?;
        for name in ["registry", "config.toml"] {
            let there = cargo_home().join(name);
            if there.exists() {
                symlink(fs::canonicalize(there)?, elsewhere.join("home").join(name))?;
            }
        }
        Ok(())
    };
    prepared().map_err(|source: io::Error| unusable(&elsewhere, source))?;
    let mut git = command("git", &["clone", "--quiet", "."]);
    git.arg(&clone);
    step::run(git)?;
    Ok(clone)
}

fn again(clone: &Path) -> Result<(), StepError> {
    let mut package = cargo(&["--locked", "xtask", "package"]);
    package.current_dir(clone);
    package.env("CARGO_TARGET_DIR", clone.with_file_name("built")).env("CARGO_HOME", clone.with_file_name("home"));
    step::run(package)
}

/// Returns the files that differ; prints the checksums of all compared files.
fn differences(here: &Path, there: &Path) -> io::Result<Vec<String>> {
    let mut different = Vec::new();
    let program = format!("dist/{}", app::BINARY);
    let files = release::FILES.iter().filter(|file| !file.contains("arm64")).copied();
    for file in files.chain([program.as_str()]) {
        let (one, other) = (sums::sha256_of(&here.join(file))?, sums::sha256_of(&there.join(file))?);
        println!("{one}  {file}");
        if one != other {
            different.push(format!("{file}: {other} in {}", shown(there)));
        }
    }
    Ok(different)
}

/// Returns cargo's home folder.
fn cargo_home() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "the variable that names cargo's home")]
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::release;
    use super::differences;

    #[test]
    fn a_differing_file_is_named() {
        let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
        for folder in &folders {
            fs::create_dir(folder.path().join("dist")).unwrap();
            for file in release::FILES.iter().chain(&["dist/archivist"]) {
                fs::write(folder.path().join(file), file).unwrap();
            }
        }
        let compared = || differences(folders[0].path(), folders[1].path()).unwrap();
        assert_eq!(compared(), [""; 0]);
        fs::write(folders[1].path().join("dist/archivist"), "somewhere").unwrap();
        assert_eq!(compared().len(), 1);
        assert!(compared()[0].starts_with("dist/archivist: "), "{:?}", compared());
    }
}
