//! Splits pieces of a file into lines.

/// Splitter of one file. An overlong line is shortened to just above the limit.
pub struct Lines {
    limit: usize,
    line: Vec<u8>,
    /// Offset of the line in the file.
    begin: u64,
    /// Length of the line so far, also of bytes that were dropped.
    length: u64,
}

impl Lines {
    /// Starts a file whose lines have at most `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self { limit, line: Vec::new(), begin: 0, length: 0 }
    }

    /// Adds a piece, and passes each complete line on with its offset and without its line feed.
    pub fn push(&mut self, mut piece: &[u8], mut each: impl FnMut(u64, &[u8])) {
        while let Some(at) = piece.iter().position(|byte| *byte == b'\n') {
            if self.length == 0 && at <= self.limit {
                each(self.begin, &piece[..at]);
                self.length = at as u64;
            } else {
                self.add(&piece[..at]);
                each(self.begin, &self.line);
            }
            self.line.clear();
            self.begin += self.length + 1;
            self.length = 0;
            piece = &piece[at + 1..];
        }
        self.add(piece);
    }

    /// Returns what follows the last line feed, with its offset.
    pub fn rest(&self) -> (u64, &[u8]) {
        (self.begin, &self.line)
    }

    fn add(&mut self, bytes: &[u8]) {
        let room = (self.limit + 1).saturating_sub(self.line.len());
        self.line.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.length += bytes.len() as u64;
    }
}
