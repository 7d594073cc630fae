//! Encodes any text in characters that keys accept, keeping the order of its bytes.

use super::keys::hash;

/// Sixty-four characters every key accepts, in byte order. `_` and `~` are not among them: they separate and end
/// keys.
const LETTERS: &[u8; 64] = b"-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Longest encoded text in letters; a key holds 512 and has other parts.
const LONGEST: usize = 380;

/// Encodes a text; two bytes take three letters, three bytes take four. A longer one is cut and extended by a hash,
/// so texts with the same beginning stay distinct; only their order is lost.
pub(super) fn ordered(text: &[u8]) -> String {
    let whole = letters(text);
    if whole.len() <= LONGEST {
        return whole;
    }
    let hash = hash(&[&whole]);
    format!("{}{hash}", whole.split_at(LONGEST).0)
}

/// Encodes six bits per letter. Missing bits of the last letter are zero, so a text sorts before its extensions.
fn letters(text: &[u8]) -> String {
    let letter = |bits: u32, at: u32| char::from(LETTERS[(bits >> at & 63) as usize]);
    let of_chunk = |chunk: &[u8]| {
        let bits = chunk.iter().zip([16, 8, 0]).fold(0, |bits, (byte, at)| bits | u32::from(*byte) << at);
        let length = chunk.len() + 1;
        [18, 12, 6, 0].into_iter().take(length).map(|at| letter(bits, at)).collect::<String>()
    };
    text.chunks(3).map(of_chunk).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_texts_is_the_order_of_their_bytes() {
        let mut texts: Vec<Vec<u8>> = ["", "a", "ab", "abc", "abcd", "a/b", "a\u{0}", "Z", "ä", "\u{1f511}", "~", "_"]
            .map(|text| text.as_bytes().to_vec())
            .into();
        texts.extend((0..=255).flat_map(|byte| [vec![byte], vec![7, byte], vec![7, 7, byte], vec![7, 7, 7, byte]]));
        texts.sort();
        texts.dedup();
        for pair in texts.windows(2) {
            assert!(ordered(&pair[0]) < ordered(&pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn long_texts_are_cut_and_kept_apart() {
        let long = |end: &str| ordered(format!("{}{end}", "\u{1f511}".repeat(1024)).as_bytes());
        assert_ne!(long("a"), long("b"));
        assert_eq!(long("a").len(), 412);
        assert_eq!(ordered(&[b'a'; 285]).len(), LONGEST);
    }
}
