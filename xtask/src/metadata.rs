//! Reads `cargo metadata` of a workspace.

use serde_json::Value;

use crate::step::{self, Trouble, cargo};

/// Returns the workspace members of this manifest (a path below the root), as `cargo metadata` prints them.
pub fn members(manifest: &str) -> Result<Vec<Value>, Trouble> {
    let json = step::output(cargo(&["metadata", "--no-deps", "--format-version", "1", "--manifest-path", manifest]))?;
    let mut metadata: Value = serde_json::from_slice(&json)
        .map_err(|source| Trouble::Unreadable { what: format!("the metadata of {manifest}"), source: source.into() })?;
    match metadata["packages"].take() {
        Value::Array(packages) => Ok(packages),
        _ => Err(Trouble::Unreadable { what: format!("the metadata of {manifest}"), source: "no packages".into() }),
    }
}
