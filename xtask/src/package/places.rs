//! Hides local paths from the binary: the compilers write the same names for any build folder.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::step::{self, StepError, cargo, command};

/// Folders of this machine and the names that replace them. If several match a path, the last one wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places(Vec<(PathBuf, String)>);

impl Places {
    /// Returns the folders of this machine: repository, target folder, and the source folders of crates and of Rust.
    pub fn here(target: &str) -> Result<Self, StepError> {
        let json =
            step::output(cargo(&["metadata", "--locked", "--format-version", "1", "--filter-platform", target]))?;
        let metadata: Value = serde_json::from_slice(&json).map_err(|source| StepError::Unreadable {
            what: "the metadata of the workspace".into(),
            source: source.into(),
        })?;
        let asked = |arguments: &[&str]| -> Result<String, StepError> {
            Ok(String::from_utf8_lossy(&step::output(command("rustc", arguments))?).trim().to_owned())
        };
        let version = asked(&["--version", "--verbose"])?;
        let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or("unknown");
        Ok(Self::from_metadata(&metadata, Path::new(&asked(&["--print", "sysroot"])?), commit))
    }

    fn from_metadata(metadata: &Value, sysroot: &Path, commit: &str) -> Self {
        let path = |key: &str| metadata[key].as_str().map(PathBuf::from);
        let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
        let foreign = packages.iter().filter(|package| !package["source"].is_null());
        let manifests = foreign.filter_map(|package| package["manifest_path"].as_str().map(Path::new));
        let sources: BTreeSet<_> = manifests.filter_map(|manifest| manifest.parent()?.parent()).collect();
        let mut places: Vec<_> =
            path("workspace_root").map(|root| (root, "/archivist".to_owned())).into_iter().collect();
        places.extend(path("target_directory").map(|built| (built, "/target".to_owned())));
        places.extend(sources.into_iter().map(|folder| (folder.to_owned(), "/crates".to_owned())));
        // The path under which the standard library itself was compiled.
        places.push((sysroot.join("lib/rustlib/src/rust"), format!("/rustc/{commit}")));
        Self(places)
    }

    /// Makes both compilers write the replacement names, and drops their flags from the environment.
    pub fn hide(&self, target: &str, build: &mut Command) {
        let flags = self.0.iter().map(|(folder, name)| {
            let mut flag = OsString::from("--remap-path-prefix=");
            flag.push(folder);
            flag.push(format!("={name}"));
            flag
        });
        build
            .env_remove("RUSTFLAGS")
            .env("CARGO_ENCODED_RUSTFLAGS", flags.collect::<Vec<_>>().join(&OsString::from("\u{1f}")));
        let flags =
            self.0.iter().map(|(folder, name)| quoted(&format!("-ffile-prefix-map={}={name}", folder.display())));
        let flags = flags.collect::<Vec<_>>().join(" ");
        build.env_remove("CFLAGS").env_remove("TARGET_CFLAGS").env_remove(format!("CFLAGS_{target}"));
        build.env(format!("CFLAGS_{}", target.replace('-', "_")), flags).env("CC_SHELL_ESCAPED_FLAGS", "1");
    }
}

/// Quotes a word for a shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::path::Path;
    use std::process::Command;

    use serde_json::json;

    use super::{Places, quoted};

    fn places() -> Places {
        let metadata = json!({
            "workspace_root": "/somewhere/my clone",
            "target_directory": "/somewhere/my clone/target",
            "packages": [
                { "source": null, "manifest_path": "/somewhere/my clone/Cargo.toml" },
                { "source": "registry", "manifest_path": "/somewhere/.cargo/registry/src/mirror-1/jiff-0.2.1/Cargo.toml" },
                { "source": "registry", "manifest_path": "/somewhere/.cargo/registry/src/mirror-1/ring-0.17.1/Cargo.toml" },
            ],
        });
        Places::from_metadata(&metadata, Path::new("/somewhere/rust"), "0a0b")
    }

    fn variable(name: &str) -> String {
        let mut build = Command::new("cargo");
        build.env("RUSTFLAGS", "-C target-cpu=native").env("CFLAGS", "-march=native");
        places().hide("x86_64-unknown-linux-musl", &mut build);
        let found = build.get_envs().find(|(key, _)| *key == name).and_then(|(_, value)| value);
        found.map(|value| OsStr::to_string_lossy(value).into_owned()).unwrap_or_default()
    }

    #[test]
    fn a_nested_folder_has_its_own_prefix() {
        let flags = variable("CARGO_ENCODED_RUSTFLAGS");
        assert_eq!(
            flags.split('\u{1f}').collect::<Vec<_>>(),
            [
                "--remap-path-prefix=/somewhere/my clone=/archivist",
                "--remap-path-prefix=/somewhere/my clone/target=/target",
                "--remap-path-prefix=/somewhere/.cargo/registry/src/mirror-1=/crates",
                "--remap-path-prefix=/somewhere/rust/lib/rustlib/src/rust=/rustc/0a0b",
            ]
        );
    }

    #[test]
    fn the_c_compiler_maps_paths_and_ignores_foreign_flags() {
        let flags = variable("CFLAGS_x86_64_unknown_linux_musl");
        assert!(flags.starts_with("'-ffile-prefix-map=/somewhere/my clone=/archivist' '-f"), "{flags}");
        assert_eq!([variable("RUSTFLAGS"), variable("CFLAGS")], ["", ""]);
    }

    #[test]
    fn a_quoted_word_is_one_word_in_a_shell() {
        let done = Command::new("sh").args(["-c", &format!("printf %s {}", quoted("it's one"))]).output().unwrap();
        assert_eq!(done.stdout, b"it's one");
    }
}
