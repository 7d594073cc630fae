//! SHA-256 of a line or of a recording's content.

use std::fmt;

use sha2::Digest;

use crate::digest;

/// SHA-256 hash, written as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// Placeholder for the hash of the previous line in the very first line: all zeros.
    pub const NOTHING: Self = Self([0; 32]);

    /// Hashes bytes.
    pub fn hash(bytes: &[u8]) -> Self {
        let mut hashing = Hashing::default();
        hashing.add(bytes);
        hashing.done()
    }

    /// Parses 64 lower-case hexadecimal digits. Returns `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// Returns the 32 bytes of the hash.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns the first 64 bits, as a compact fingerprint.
    pub fn first_bits(self) -> u64 {
        u64::from_be_bytes(std::array::from_fn(|at| self.0[at]))
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&digest::hex(&self.0))
    }
}

/// Incremental SHA-256.
#[derive(Debug, Clone, Default)]
pub struct Hashing(sha2::Sha256);

impl Hashing {
    /// Hashes more bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Returns the hash of all bytes.
    pub fn done(self) -> Sha256 {
        Sha256(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_standard_sha_256() {
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Sha256::hash(b"abc").to_string(), known);
        assert_eq!(Sha256::parse(known), Some(Sha256::hash(b"abc")));
        let mut hashing = Hashing::default();
        hashing.add(b"a");
        hashing.add(b"bc");
        assert_eq!(hashing.done(), Sha256::hash(b"abc"));
    }

    #[test]
    fn a_non_canonical_hash_text_is_rejected() {
        let known = Sha256::hash(b"abc").to_string();
        for text in [known.to_uppercase(), known[1..].to_owned(), format!("{known}0"), "g".repeat(64), String::new()] {
            assert_eq!(Sha256::parse(&text), None, "{text}");
        }
    }
}
