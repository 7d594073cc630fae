//! Writes the bill of materials of the binary as CycloneDX 1.6.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::shipped::PackagePart;

/// Build information for the document.
pub struct Build<'a> {
    /// Time of the commit as RFC 3339; `None` if unknown, and left out of the document.
    pub made_at: Option<&'a str>,
    /// Target triple of the binary.
    pub target: &'a str,
}

/// Returns the document, or `None` if the app is not among the parts. The same parts and build give the same document,
/// including its serial number.
pub fn document(parts: &[PackagePart], build: &Build<'_>) -> Option<Value> {
    let app = parts.iter().find(|part| part.is_app())?;
    let mut metadata = json!({
        "component": component(app, "application"),
        "properties": [{ "name": "archivist:target", "value": build.target }],
    });
    if let Some(made_at) = build.made_at {
        metadata["timestamp"] = json!(made_at);
    }
    let others = parts.iter().filter(|part| part.purl != app.purl);
    let mut document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": metadata,
        "components": others.map(|part| component(part, "library")).collect::<Vec<_>>(),
        "dependencies": parts.iter().map(|part| json!({ "ref": part.purl, "dependsOn": part.needs })).collect::<Vec<_>>(),
    });
    document["serialNumber"] = json!(serial_number(&document));
    Some(document)
}

fn component(part: &PackagePart, kind: &str) -> Value {
    let mut component = json!({
        "type": kind,
        "bom-ref": part.purl,
        "name": part.name,
        "purl": part.purl,
        "licenses": [{ "expression": part.licence }],
    });
    if !part.version.is_empty() {
        component["version"] = json!(part.version);
    }
    if let Some(checksum) = &part.checksum {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    component
}

/// Returns a version 8 UUID from the document's hash, so that different documents have different serial numbers.
fn serial_number(document: &Value) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(document.to_string())[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests;
