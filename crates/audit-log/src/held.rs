//! Buffers the bytes of an unfinished piece between chunks.

/// Contiguous bytes of the log, starting at offset `at`.
#[derive(Debug, Default)]
pub(crate) struct HeldBytes {
    bytes: Vec<u8>,
    at: u64,
}

impl HeldBytes {
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    pub fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// Offset behind the last byte.
    pub fn end(&self) -> u64 {
        self.at + self.bytes.len() as u64
    }

    /// Returns the bytes from `offset` on. `offset` must not be before the first held byte.
    pub fn from(&self, offset: u64) -> &[u8] {
        slice_from(&self.bytes, self.at, offset)
    }

    /// Drops the bytes before `keep` and appends `bytes`. `at` is the offset of `bytes`: the current end, or any offset
    /// if the buffer is empty.
    pub fn extend(&mut self, keep: u64, at: u64, bytes: &[u8]) {
        if self.bytes.is_empty() {
            self.at = at;
        }
        let gone = usize::try_from(keep.saturating_sub(self.at)).unwrap_or(usize::MAX).min(self.bytes.len());
        self.bytes.drain(..gone);
        self.at += gone as u64;
        // The caller grows the buffer in steps; the default doubling would hold up to twice the limit.
        self.bytes.reserve_exact(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }
}

/// Returns the part of `bytes` from `offset` on, if `bytes` starts at offset `at`.
pub(crate) fn slice_from(bytes: &[u8], at: u64, offset: u64) -> &[u8] {
    usize::try_from(offset.saturating_sub(at)).ok().and_then(|from| bytes.get(from..)).unwrap_or_default()
}
