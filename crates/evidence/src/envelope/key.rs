//! Keys in PEM files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::record::ledger::Sha256;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey, VerificationAlgorithm,
};
use thiserror::Error;

/// Beginning of a SubjectPublicKeyInfo with an Ed25519 key of 32 bytes.
const ED25519_INFO: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// Beginning of a SubjectPublicKeyInfo with an uncompressed P-256 key of 65 bytes.
const P256_INFO: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// Reason why a file is no usable key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Not a PEM file with the expected label.
    #[error("it is not a PEM file with a {0}")]
    NotPem(&'static str),
    /// Encrypted private key.
    #[error("the key is encrypted; decrypt it with `openssl pkcs8`")]
    Encrypted,
    /// Not an Ed25519 private key.
    #[error("it is not an Ed25519 key in PKCS#8 form, as `openssl genpkey -algorithm ed25519` writes it")]
    NotEd25519,
    /// Not an Ed25519 or P-256 public key.
    #[error("it is not an Ed25519 or P-256 public key, as `openssl pkey -pubout` writes it")]
    NotPublic,
}

/// Private key that signs bundles.
pub struct Ed25519Key {
    pair: Ed25519KeyPair,
    public: VerifyingKey,
}

/// Public key that verifies bundles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    id: String,
    kind: KeyKind,
    key: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    Ed25519,
    P256,
}

impl Ed25519Key {
    /// Reads an Ed25519 key from a PKCS#8 PEM file.
    ///
    /// # Errors
    /// The text is no such file.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        if text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
            return Err(KeyError::Encrypted);
        }
        let der = pem(text, "PRIVATE KEY")?;
        // openssl leaves the optional public key out.
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|_| KeyError::NotEd25519)?;
        let public = VerifyingKey::new(KeyKind::Ed25519, pair.public_key().as_ref());
        Ok(Self { pair, public })
    }

    /// Returns the public key.
    pub fn public(&self) -> &VerifyingKey {
        &self.public
    }

    /// Signs a message.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }
}

impl VerifyingKey {
    /// Reads an Ed25519 or P-256 key from a PEM file.
    ///
    /// # Errors
    /// The text is no such file.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let der = pem(text, "PUBLIC KEY")?;
        if let Some(key) = der.strip_prefix(&ED25519_INFO).filter(|key| key.len() == 32) {
            return Ok(Self::new(KeyKind::Ed25519, key));
        }
        let key = der.strip_prefix(&P256_INFO).filter(|key| key.len() == 65 && key.first() == Some(&4));
        key.map(|key| Self::new(KeyKind::P256, key)).ok_or(KeyError::NotPublic)
    }

    /// Returns the P-256 key with these coordinates.
    pub fn p256(x: &[u8; 32], y: &[u8; 32]) -> Self {
        Self::new(KeyKind::P256, &[&[4], x.as_slice(), y].concat())
    }

    fn new(kind: KeyKind, key: &[u8]) -> Self {
        let info: &[u8] = match kind {
            KeyKind::Ed25519 => &ED25519_INFO,
            KeyKind::P256 => &P256_INFO,
        };
        Self { id: Sha256::hash(&[info, key].concat()).to_string(), kind, key: key.to_vec() }
    }

    /// Returns the id of the key: SHA-256 of its SubjectPublicKeyInfo, as lower-case hexadecimal digits.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns true if this is the key's signature of the message, for P-256 with SHA-256 in ASN.1 form.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let algorithm: &dyn VerificationAlgorithm = match self.kind {
            KeyKind::Ed25519 => &ED25519,
            KeyKind::P256 => &ECDSA_P256_SHA256_ASN1,
        };
        UnparsedPublicKey::new(algorithm, &self.key).verify(message, signature).is_ok()
    }
}

/// Returns the ASN.1 form of an ECDSA signature with P-256, given as both numbers one after the other (RFC 7518, 3.4).
pub fn p256_signature(numbers: &[u8; 64]) -> Vec<u8> {
    let (r, s) = numbers.split_at(32);
    let sequence = [integer(r), integer(s)].concat();
    // At most 70 bytes: short form of the length.
    [&[0x30, sequence.len() as u8], sequence.as_slice()].concat()
}

/// Returns a positive ASN.1 integer of at most 32 bytes: without leading zeros, except one before a set first bit.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1);
    let digits = &bytes[first..];
    let pad: &[u8] = if digits[0] & 0x80 == 0 { &[] } else { &[0] };
    [&[0x02, (pad.len() + digits.len()) as u8], pad, digits].concat()
}

/// Returns the bytes in the first block with this label.
fn pem(text: &str, label: &'static str) -> Result<Vec<u8>, KeyError> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let block = text.split_once(&begin).and_then(|(_, rest)| rest.split_once(&end)).map(|(block, _)| block);
    let digits = block.map(|block| block.split_whitespace().collect::<String>());
    digits.and_then(|digits| STANDARD.decode(digits).ok()).ok_or(KeyError::NotPem(label))
}
