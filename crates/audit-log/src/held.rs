//! The bytes of an unfinished piece, kept from chunk to chunk.

/// Bytes of the log from an offset on.
#[derive(Debug, Default)]
pub(crate) struct Held {
    bytes: Vec<u8>,
    at: u64,
}

impl Held {
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    pub fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// Behind the last byte.
    pub fn end(&self) -> u64 {
        self.at + self.bytes.len() as u64
    }

    /// The bytes from this offset on, which must not be before the first one.
    pub fn from(&self, offset: u64) -> &[u8] {
        slice_from(&self.bytes, self.at, offset)
    }

    /// Forgets what stands before `keep` and adds bytes that begin at `at`, which is the end unless nothing is held.
    pub fn extend(&mut self, keep: u64, at: u64, bytes: &[u8]) {
        if self.bytes.is_empty() {
            self.at = at;
        }
        let gone = usize::try_from(keep.saturating_sub(self.at)).unwrap_or(usize::MAX).min(self.bytes.len());
        self.bytes.drain(..gone);
        self.at += gone as u64;
        // Whoever adds grows by steps; to double here too would hold up to twice the limit.
        self.bytes.reserve_exact(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }
}

/// The part from `offset` on of bytes that begin at `at`.
pub(crate) fn slice_from(bytes: &[u8], at: u64, offset: u64) -> &[u8] {
    usize::try_from(offset.saturating_sub(at)).ok().and_then(|from| bytes.get(from..)).unwrap_or_default()
}
