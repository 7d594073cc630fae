//! The key of `--sign-key`: a file, or a key in a vault.

use std::path::Path;

use evidence::Ed25519Key;
use pipeline::ports::BundleSigner;
use wiring::Azure;
use wiring::CommandError;
use wiring::settings::AppSettingNames;

use super::{read, shown};
use crate::CliError;

/// Opens a key before the export begins, so that no export is lost to a wrong key.
pub(super) async fn signer(key: &str, settings: &AppSettingNames) -> Result<Box<dyn BundleSigner>, CommandError> {
    if key.starts_with("https://") {
        return Ok(Box::new(Azure::for_command(settings).vault_key("--sign-key", key).await?));
    }
    Ok(Box::new(file_key(Path::new(key))?))
}

fn file_key(path: &Path) -> Result<Ed25519Key, CliError> {
    let key = Ed25519Key::from_pem(&read(path)?);
    key.map_err(|error| CliError::Problems(format!("--sign-key: {}: {error}", shown(path))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_private_key_is_named_with_the_right_one() {
        let folder = tempfile::tempdir().unwrap();
        let problem = |text: &str| {
            let path = folder.path().join("key.pem");
            std::fs::write(&path, text).unwrap();
            file_key(&path).err().unwrap().to_string().replace(&shown(&path), "key.pem")
        };
        let block = |label: &str| format!("-----BEGIN {label}-----\nMC4C\n-----END {label}-----\n");
        let of_openssl = "it is not an Ed25519 key in PKCS#8 form, as `openssl genpkey -algorithm ed25519` writes it";
        let cases = [
            (String::new(), "it is not a PEM file with a PRIVATE KEY"),
            (block("PUBLIC KEY"), "it is not a PEM file with a PRIVATE KEY"),
            (block("PRIVATE KEY"), of_openssl),
            (block("ENCRYPTED PRIVATE KEY"), "the key is encrypted; decrypt it with `openssl pkcs8`"),
        ];
        for (text, expected) in cases {
            assert_eq!(problem(&text), format!("--sign-key: key.pem: {expected}"));
        }
        assert!(
            file_key(&folder.path().join("none.pem")).err().unwrap().to_string().contains("none.pem: cannot be read")
        );
    }
}
