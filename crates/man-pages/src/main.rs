//! Writes the man pages of `archivist` and of all its commands into a folder. A crate of its own, so that the program
//! contains no generator.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(OsString::into_string) else {
        eprintln!("name the folder of the man pages");
        return ExitCode::from(2);
    };
    let folder = PathBuf::from(folder.unwrap_or_default());
    match write(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("failed to write the man pages to {}: {error}", folder.display());
            ExitCode::from(3)
        }
    }
}

/// Writes one page per command. The pages name the version without commit and target, which are those of this build.
fn write(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(bastion_archivist::command_tree().version(env!("CARGO_PKG_VERSION")), folder)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_command_has_a_page_with_its_options() {
        let folder = tempfile::tempdir().unwrap();
        super::write(folder.path()).unwrap();
        for page in ["archivist.1", "archivist-recordings.1", "archivist-recordings-list.1", "archivist-hold-place.1"] {
            assert!(folder.path().join(page).is_file(), "{page}");
        }
        let page = std::fs::read_to_string(folder.path().join("archivist-recordings-list.1")).unwrap();
        assert!(
            page.contains("\\-\\-person") && page.contains("archivist recordings list \\-\\-state active"),
            "{page}"
        );
        assert!(!page.contains("linux"), "the page does not depend on the target of the build");
    }
}
