//! Bytes of the headers. One form for every size keeps writer and reader on a single path.

/// Signature of a local header.
pub const LOCAL: u32 = 0x0403_4b50;
/// Signature of an entry of the central directory.
pub const CENTRAL: u32 = 0x0201_4b50;
/// Signature of the Zip64 end of the central directory.
const END_64: u32 = 0x0606_4b50;
/// Signature of the locator of [`END_64`].
const LOCATOR: u32 = 0x0706_4b50;
/// Signature of the end of the central directory.
const END: u32 = 0x0605_4b50;
/// Version 4.5, the first with Zip64.
const NEEDED: u16 = 45;
/// Unix, so that the attributes below are permissions.
const MADE_BY: u16 = 3 << 8 | NEEDED;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// 1980-01-01 00:00, the earliest time of the format.
const TIME_AND_DATE: u32 = 0x0021_0000;
/// A regular file that its owner may write.
const ATTRIBUTES: u32 = 0o100_644 << 16;
/// Value of a field whose value is in the Zip64 field.
const IN_ZIP64: u32 = u32::MAX;
/// Tag of the Zip64 field.
const ZIP64: u16 = 1;
/// Length in bytes of a local header without name and Zip64 field.
pub const LOCAL_LENGTH: usize = 30;
/// Length in bytes of the Zip64 field of a local header.
pub const LOCAL_EXTRA: usize = 20;
/// Maximum length of a file name in bytes.
pub const LONGEST_NAME: usize = 96;

/// One file of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFrame {
    /// File name.
    pub name: String,
    /// CRC-32 of the content.
    pub crc: u32,
    /// Length of the content in bytes.
    pub size: u64,
    /// Offset of the local header in the archive.
    pub offset: u64,
}

#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn u16(mut self, value: u16) -> Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn u32(mut self, value: u32) -> Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn u64(mut self, value: u64) -> Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn text(mut self, value: &str) -> Self {
        self.0.extend(value.as_bytes());
        self
    }
}

/// Returns the length of a name as its field has it. Names are short.
fn length(name: &str) -> u16 {
    u16::try_from(name.len()).unwrap_or(u16::MAX)
}

impl FileFrame {
    /// Returns the local header.
    pub fn local(&self) -> Vec<u8> {
        let Self { name, crc, size, .. } = self;
        let fixed = Bytes::default().u32(LOCAL).u16(NEEDED).u16(FLAGS).u16(0).u32(TIME_AND_DATE);
        let sized = fixed.u32(*crc).u32(IN_ZIP64).u32(IN_ZIP64).u16(length(name)).u16(20);
        sized.text(name).u16(ZIP64).u16(16).u64(*size).u64(*size).0
    }

    /// Returns the entry of the central directory.
    pub fn central(&self) -> Vec<u8> {
        let Self { name, crc, size, offset } = self;
        let fixed = Bytes::default().u32(CENTRAL).u16(MADE_BY).u16(NEEDED).u16(FLAGS).u16(0).u32(TIME_AND_DATE);
        let sized = fixed.u32(*crc).u32(IN_ZIP64).u32(IN_ZIP64).u16(length(name)).u16(28);
        let placed = sized.u16(0).u16(0).u16(0).u32(ATTRIBUTES).u32(IN_ZIP64);
        placed.text(name).u16(ZIP64).u16(24).u64(*size).u64(*size).u64(*offset).0
    }

    /// Returns the length of the local header in bytes.
    pub fn local_length(&self) -> u64 {
        (LOCAL_LENGTH + LOCAL_EXTRA + self.name.len()) as u64
    }
}

/// Returns the end of an archive, behind its central directory.
pub fn end(files: u64, directory_at: u64, directory_size: u64) -> Vec<u8> {
    let end_64 = Bytes::default().u32(END_64).u64(44).u16(MADE_BY).u16(NEEDED).u32(0).u32(0);
    let counted = end_64.u64(files).u64(files).u64(directory_size).u64(directory_at);
    let located = counted.u32(LOCATOR).u32(0).u64(directory_at + directory_size).u32(1);
    located.u32(END).u16(0).u16(0).u16(u16::MAX).u16(u16::MAX).u32(IN_ZIP64).u32(IN_ZIP64).u16(0).0
}
