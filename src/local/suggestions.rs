//! Commands to try after a run; each works as printed, in the folder of the run.

use std::path::Path;

use wiring::{CATALOGUE_FILE, OWN_FOLDER};

/// Returns three commands for the catalogue of the sample in `folder`.
pub fn text(folder: &Path, catalogue: &Path) -> String {
    let configuration = folder.join(super::sample::CONFIGURATION_FILE);
    let archivist = format!("{} --config {}", command(folder, catalogue), quoted(&configuration.display().to_string()));
    format!(
        "\nTry next:\n\
         Who used the machine vm-card-01, and how long do its recordings stay?\n  \
         {archivist} recordings list --machine vm-card-01\n\
         What was not recorded, and why?\n  \
         {archivist} gaps\n\
         Has the record of final, held and deleted recordings been changed?\n  \
         {archivist} ledger verify\n"
    )
}

/// Returns the first words of a command for this folder and catalogue, with the program as it was called.
pub fn command(folder: &Path, catalogue: &Path) -> String {
    let program = std::env::args().next().unwrap_or_else(|| "archivist".to_owned());
    let named = format!("{} --folder {}", quoted(&program), quoted(&folder.display().to_string()));
    if catalogue == folder.join(OWN_FOLDER).join(CATALOGUE_FILE) {
        return named;
    }
    format!("ARCHIVIST_CATALOGUE={} {named}", quoted(&format!("sqlite:{}", catalogue.display())))
}

/// Quotes a text for a shell, if necessary.
fn quoted(text: &str) -> String {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "/._-:+,@".contains(sign);
    if text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_other_signs_is_quoted() {
        assert_eq!(quoted("target/debug/archivist"), "target/debug/archivist");
        assert_eq!(quoted("it's a folder"), r"'it'\''s a folder'");
    }
}
