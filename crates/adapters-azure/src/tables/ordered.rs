//! Any text in the letters of a key, in the order of its bytes.

use super::keys::hash;

/// Sixty-four characters that every key takes, in the order of their bytes. `_` and `~` are none of them: they divide
/// and end keys.
const LETTERS: &[u8; 64] = b"-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// How many letters a text may take; a key holds 512, and has other parts.
const LONGEST: usize = 400;

/// The text with three letters for two bytes or four for three. One that is too long is cut, and a hash keeps it
/// apart from those with the same beginning: only among these the order is lost.
pub(super) fn ordered(text: &[u8]) -> String {
    let whole = letters(text);
    if whole.len() <= LONGEST {
        return whole;
    }
    let hash = hash(&[&whole]);
    format!("{}{hash}", whole.split_at(LONGEST).0)
}

/// Six bits a letter; what is missing of the last one is zero, so a text comes before all that it begins.
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
        assert_eq!(long("a").len(), 432);
        assert_eq!(ordered(&[b'a'; 300]).len(), LONGEST);
    }
}
