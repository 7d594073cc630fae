//! Signature of a bundle: a DSSE envelope around its manifest.

mod key;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

pub use key::{Ed25519Key, KeyError, VerifyingKey, p256_signature};

/// Type of the payload.
pub const PAYLOAD_TYPE: &str = "application/vnd.bastion-archivist.evidence-manifest+json";

/// DSSE envelope, version 1 of the DSSE specification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// [`PAYLOAD_TYPE`].
    #[serde(rename = "payloadType")]
    payload_type: String,
    /// Manifest in base 64.
    payload: String,
    /// Signatures of the [pre-authentication encoding](pae).
    signatures: Vec<EnvelopeSignature>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnvelopeSignature {
    keyid: String,
    sig: String,
}

/// Relation of an envelope to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyCheck {
    Valid,
    /// Signed by this key, but the signature is wrong.
    Wrong,
    /// Not signed by this key.
    Other,
}

impl Envelope {
    /// Returns the bytes that a key must sign for a manifest.
    pub fn message(manifest: &[u8]) -> Vec<u8> {
        pae(PAYLOAD_TYPE, manifest)
    }

    /// Signs a manifest.
    pub fn sign(manifest: &[u8], key: &Ed25519Key) -> Self {
        Self::signed(manifest, key.public(), &key.sign(&Self::message(manifest)))
    }

    /// Returns the envelope with a key's signature of the [message](Self::message).
    pub fn signed(manifest: &[u8], key: &VerifyingKey, signature: &[u8]) -> Self {
        let signature = EnvelopeSignature { keyid: key.id().to_owned(), sig: STANDARD.encode(signature) };
        Self { payload_type: PAYLOAD_TYPE.to_owned(), payload: STANDARD.encode(manifest), signatures: vec![signature] }
    }

    /// Returns the stored form: compact JSON and a line feed.
    pub fn bytes(&self) -> Vec<u8> {
        // An envelope always has a JSON form.
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Parses the stored form. Returns `None` for any other bytes, also if they say the same.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let envelope: Self = serde_json::from_slice(bytes).ok()?;
        let is_own = envelope.payload_type == PAYLOAD_TYPE && !envelope.signatures.is_empty();
        (is_own && envelope.bytes() == bytes).then_some(envelope)
    }

    /// Returns true if this is the manifest in the envelope.
    pub(crate) fn holds(&self, manifest: &[u8]) -> bool {
        self.payload == STANDARD.encode(manifest)
    }

    /// Returns the ids of the signing keys.
    pub(crate) fn key_ids(&self) -> Vec<String> {
        self.signatures.iter().map(|signature| signature.keyid.clone()).collect()
    }

    /// Checks the signature of a key.
    pub(crate) fn check(&self, manifest: &[u8], key: &VerifyingKey) -> KeyCheck {
        let mut own = self.signatures.iter().filter(|signature| signature.keyid == key.id()).peekable();
        if own.peek().is_none() {
            return KeyCheck::Other;
        }
        let message = pae(PAYLOAD_TYPE, manifest);
        let is_valid = |signature: &EnvelopeSignature| {
            STANDARD.decode(&signature.sig).is_ok_and(|signature| key.verifies(&message, &signature))
        };
        if own.all(is_valid) { KeyCheck::Valid } else { KeyCheck::Wrong }
    }
}

/// Returns the pre-authentication encoding, which is what a signature covers.
fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_the_one_of_the_specification() {
        let encoded = pae("http://example.com/HelloWorld", b"hello world");
        assert_eq!(encoded, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }
}
