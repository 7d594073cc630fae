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
    let path = Path::new(key);
    let file_key = Ed25519Key::from_pem(&read(path)?);
    let file_key = file_key.map_err(|error| CliError::Problems(format!("--sign-key: {}: {error}", shown(path))))?;
    Ok(Box::new(file_key))
}
