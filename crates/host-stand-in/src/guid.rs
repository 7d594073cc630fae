//! Deterministic GUIDs.

/// Returns a GUID for custom values (version 8), unique for each pair of numbers.
///
/// Version and variant take six bits, so the upper six of `low` are ignored.
pub(crate) fn guid(high: u64, low: u64) -> String {
    let (time, middle, rest) = (high >> 32, (high >> 16) & 0xffff, high & 0xffff);
    // 12 bits of `rest` follow the version; the other four follow the variant.
    let (version, variant) = (0x8000 | (rest >> 4), 0x8000 | ((rest & 0xf) << 10) | ((low >> 48) & 0x3ff));
    format!("{time:08x}-{middle:04x}-{version:04x}-{variant:04x}-{:012x}", low & 0xffff_ffff_ffff)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn consecutive_guids_differ_and_are_valid() {
        let highs = [0, 1, 15, 16, 0xffff, 0x1_0000, u64::MAX];
        let lows = [0, 1, 0xffff_ffff_ffff, 1 << 48];
        let all: BTreeSet<String> = highs.iter().flat_map(|high| lows.map(|low| guid(*high, low))).collect();
        assert_eq!(all.len(), highs.len() * lows.len());
        for guid in all {
            let lengths: Vec<usize> = guid.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{guid}");
            assert!(guid[14..].starts_with('8') && "89ab".contains(&guid[19..20]), "{guid}");
        }
    }
}
