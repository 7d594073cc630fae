//! Reads `cargo metadata` of a workspace.

use serde_json::Value;

use crate::step::{self, StepError, cargo};

/// Returns the workspace members of this manifest (a path below the root), as `cargo metadata` prints them.
pub fn members(manifest: &str) -> Result<Vec<Value>, StepError> {
    let json = step::output(cargo(&["metadata", "--no-deps", "--format-version", "1", "--manifest-path", manifest]))?;
    let mut metadata: Value = serde_json::from_slice(&json).map_err(|source| StepError::Unreadable {
        what: format!("the metadata of {manifest}"),
        source: source.into(),
    })?;
    match metadata["packages"].take() {
        Value::Array(packages) => Ok(packages),
        _ => Err(StepError::Unreadable { what: format!("the metadata of {manifest}"), source: "no packages".into() }),
    }
}
