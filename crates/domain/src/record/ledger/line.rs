//! Format of one line of a segment, byte for byte.

use std::fmt;

use jiff::Timestamp;

use super::fact::FactId;
use super::segment::SegmentNumber;
use super::sha256::Sha256;

/// Format version of written lines.
const SCHEMA: u32 = 1;

/// Maximum length of a line in bytes, without line feed. A fact about the longest blob name that storage accepts takes
/// a tenth of it.
pub const LONGEST_LINE: usize = 64 << 10;

/// A line: `{"schema":1,"seq":…,"at":"…","prev":"…",BODY,"hash":"…"}`, always in this order and without whitespace.
///
/// The hash covers all bytes before `,"hash":`, which include the hash of the previous line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine<'a> {
    /// Sequence number in the segment, from 0.
    pub seq: u64,
    /// Time of writing, never earlier than that of the previous line.
    pub at: Timestamp,
    /// Hash of the previous line.
    pub prev: Sha256,
    /// Content of the line.
    pub body: LineContent<'a>,
    /// Hash of this line.
    pub hash: Sha256,
}

/// Content of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineContent<'a> {
    /// First line of each segment.
    Opening {
        /// Number of the segment.
        segment: SegmentNumber,
        /// Hash of the partial line that a crash left behind the last complete line of the previous segment.
        torn: Option<Sha256>,
    },
    /// A recorded fact.
    Fact {
        /// Id of the fact.
        id: FactId,
        /// Stored form of the fact: one JSON object that begins with the id.
        text: &'a str,
    },
    /// Last line of a segment.
    Closing,
}

/// Error in a single line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The text does not have the format of a line.
    Form,
    /// The line has a format version that only a newer release reads.
    Newer(u32),
    /// The hash does not match the bytes.
    Hash,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("it is not a line of a ledger"),
            Self::Newer(schema) => write!(f, "it has form {schema}, which needs a newer archivist"),
            Self::Hash => f.write_str("its hash does not match its bytes"),
        }
    }
}

impl<'a> LedgerLine<'a> {
    /// Creates a line and computes its hash.
    pub fn new(seq: u64, at: Timestamp, prev: Sha256, body: LineContent<'a>) -> Self {
        let mut line = Self { seq, at, prev, body, hash: Sha256::NOTHING };
        line.hash = Sha256::hash(line.hashed().as_bytes());
        line
    }

    /// Returns the stored text, including the line feed.
    pub fn text(&self) -> String {
        format!("{},\"hash\":\"{}\"}}\n", self.hashed(), self.hash)
    }

    /// Returns the text that the hash covers.
    fn hashed(&self) -> String {
        let Self { seq, at, prev, body, .. } = self;
        format!(r#"{{"schema":{SCHEMA},"seq":{seq},"at":"{at}","prev":"{prev}",{body}"#)
    }

    /// Parses a line without its line feed. Returns an error if its format or its hash is wrong.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Flaw> {
        let text = std::str::from_utf8(bytes).map_err(|_| Flaw::Form)?;
        let schema = text.strip_prefix("{\"schema\":").and_then(|rest| rest.split_once(',')).map(|(schema, _)| schema);
        match schema.and_then(|schema| schema.parse().ok()) {
            Some(SCHEMA) => {}
            Some(newer) if newer > SCHEMA => return Err(Flaw::Newer(newer)),
            _ => return Err(Flaw::Form),
        }
        let (hashed, line) = Self::fields(text).ok_or(Flaw::Form)?;
        // Hash the original bytes: different bytes can parse to equal values.
        if line.hash == Sha256::hash(hashed.as_bytes()) {
            Ok(line)
        } else {
            Err(Flaw::Hash)
        }
    }

    fn fields(text: &'a str) -> Option<(&'a str, Self)> {
        let (hashed, hash) = text.strip_suffix("\"}")?.rsplit_once(",\"hash\":\"")?;
        let rest = hashed.strip_prefix("{\"schema\":1,\"seq\":")?;
        let (seq, rest) = rest.split_once(",\"at\":\"")?;
        let (at, rest) = rest.split_once("\",\"prev\":\"")?;
        let (prev, body) = rest.split_once("\",")?;
        let line = Self {
            seq: seq.parse().ok()?,
            at: at.parse().ok()?,
            prev: Sha256::parse(prev)?,
            body: LineContent::parse(body)?,
            hash: Sha256::parse(hash)?,
        };
        Some((hashed, line))
    }
}

impl<'a> LineContent<'a> {
    /// Creates a fact from its stored form. Returns `None` if the text does not begin with an id.
    pub fn fact(text: &'a str) -> Option<Self> {
        let (id, _) = text.strip_prefix("{\"id\":\"")?.split_once('"')?;
        Some(Self::Fact { id: FactId::parse(id)?, text })
    }

    fn parse(text: &'a str) -> Option<Self> {
        let (kind, value) = text.strip_prefix('"')?.split_once("\":")?;
        match kind {
            "fact" => Self::fact(value),
            "closing" => (value == "{}").then_some(Self::Closing),
            "opening" => {
                let (segment, rest) = value.strip_prefix("{\"segment\":\"")?.split_once('"')?;
                let torn =
                    rest.split_once("\"torn\":\"").and_then(|(_, torn)| Sha256::parse(torn.strip_suffix("\"}")?));
                let opening = Self::Opening { segment: SegmentNumber::parse(segment)?, torn };
                // Strict format: an opening line with any other content is invalid.
                (opening.to_string() == text).then_some(opening)
            }
            _ => None,
        }
    }
}

/// Formats the JSON member that holds the body.
impl fmt::Display for LineContent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fact { text, .. } => write!(f, "\"fact\":{text}"),
            Self::Closing => f.write_str("\"closing\":{}"),
            Self::Opening { segment, torn } => {
                write!(f, r#""opening":{{"segment":"{segment}""#)?;
                segment.before().map_or(Ok(()), |before| write!(f, r#","after":"{before}""#))?;
                torn.map_or(Ok(()), |torn| write!(f, r#","torn":"{torn}""#))?;
                f.write_str("}")
            }
        }
    }
}
