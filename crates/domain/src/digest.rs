//! Hashes and encodings for stable ids: the same input gives the same id on every machine, forever.

use sha2::{Digest, Sha256};

/// SHA-256 over the parts, each preceded by its length: different lists never hash the same bytes.
pub fn hash_parts(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// SHA-256 over exactly these bytes, as `sha256:` and 64 lower-case hexadecimal digits, like `sha256sum`.
pub fn sha256_of(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

/// Encodes bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the first `bits` (1 to 64) of [`hash_parts`] as a number.
pub fn number(parts: &[&[u8]], bits: u32) -> u64 {
    let digest = hash_parts(parts);
    let first: [u8; 8] = std::array::from_fn(|at| digest[at]);
    u64::from_be_bytes(first) >> (64 - bits)
}

/// Digits of Crockford's base 32 in lower case: no `i`, `l`, `o`, `u`.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Encodes a number as 26 base-32 digits, which sort like the numbers.
pub fn base32(value: u128) -> String {
    (0..26).rev().map(|at| char::from(DIGITS[(value >> (at * 5)) as usize & 31])).collect()
}

/// Decodes the digits of [`base32`]. `None` for any other text.
pub fn from_base32(text: &str) -> Option<u128> {
    if text.len() != 26 || text.as_bytes()[0] > b'7' {
        return None;
    }
    text.bytes().try_fold(0u128, |value, byte| {
        let digit = DIGITS.iter().position(|&known| known == byte)?;
        Some((value << 5) | digit as u128)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_32_reads_back_and_keeps_the_order() {
        let numbers = [0, 1, 31, 32, u128::from(u64::MAX), u128::MAX];
        for pair in numbers.windows(2) {
            assert!(base32(pair[0]) < base32(pair[1]));
        }
        for number in numbers {
            assert_eq!(from_base32(&base32(number)), Some(number));
        }
    }

    #[test]
    fn a_text_without_128_bits_is_rejected() {
        for text in ["", "0", "80000000000000000000000000", "0000000000000000000000000u", "ü000000000000000000000000"]
        {
            assert_eq!(from_base32(text), None, "{text}");
        }
    }

    #[test]
    fn the_digest_of_bytes_is_the_one_that_other_tools_print() {
        // printf abc | sha256sum
        let known = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_of(b"abc"), known);
    }

    #[test]
    fn the_digest_separates_its_parts() {
        assert_ne!(hash_parts(&[b"ab", b"c"]), hash_parts(&[b"a", b"bc"]));
    }
}
