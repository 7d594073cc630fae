//! One line of a segment, byte by byte.

use std::fmt;

use jiff::Timestamp;

use super::fact::FactId;
use super::segment::SegmentNumber;
use super::sha256::Sha256;

/// The version of the form that is written.
const SCHEMA: u32 = 1;

/// The most bytes of a line, its line feed not counted; a fact about the longest name that storage accepts has a tenth.
pub const LONGEST_LINE: usize = 64 << 10;

/// A line: `{"schema":1,"seq":…,"at":"…","prev":"…",BODY,"hash":"…"}`, always in this order and without blanks.
///
/// The hash is that of all bytes before `,"hash":`, which hold the hash of the line before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// Which line of its segment, from 0 on.
    pub seq: u64,
    /// When it was written, never before the line before.
    pub at: Timestamp,
    /// The hash of the line before.
    pub prev: Sha256,
    /// What it tells.
    pub body: Body<'a>,
    /// Its own hash.
    pub hash: Sha256,
}

/// What a line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body<'a> {
    /// A segment begins: the first line of each.
    Opening {
        /// Which segment.
        segment: SegmentNumber,
        /// The hash of half a line that a crash left at the end of the segment before, behind its last whole one.
        torn: Option<Sha256>,
    },
    /// Something happened.
    Fact {
        /// The fact's id.
        id: FactId,
        /// The fact in its stored form: one JSON object that begins with the id.
        text: &'a str,
    },
    /// Nothing more comes in this segment.
    Closing,
}

/// What is wrong with a line by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is not of the form that a line has.
    Form,
    /// It is of a form that only a newer archivist reads.
    Newer(u32),
    /// Its hash is not that of its bytes.
    Hash,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("it is not a line of a ledger"),
            Self::Newer(schema) => write!(f, "it is in form {schema}, which only a newer archivist reads"),
            Self::Hash => f.write_str("its hash is not that of its bytes"),
        }
    }
}

impl<'a> Line<'a> {
    /// Makes a line, with the hash that it has.
    pub fn new(seq: u64, at: Timestamp, prev: Sha256, body: Body<'a>) -> Self {
        let mut line = Self { seq, at, prev, body, hash: Sha256::NOTHING };
        line.hash = Sha256::of(line.hashed().as_bytes());
        line
    }

    /// The line as it is written, its line feed included.
    pub fn text(&self) -> String {
        format!("{},\"hash\":\"{}\"}}\n", self.hashed(), self.hash)
    }

    /// The bytes that the hash is of.
    fn hashed(&self) -> String {
        let Self { seq, at, prev, body, .. } = self;
        format!(r#"{{"schema":{SCHEMA},"seq":{seq},"at":"{at}","prev":"{prev}",{body}"#)
    }

    /// Reads a line without its line feed, and checks its hash.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Flaw> {
        let text = std::str::from_utf8(bytes).map_err(|_| Flaw::Form)?;
        let schema = text.strip_prefix("{\"schema\":").and_then(|rest| rest.split_once(',')).map(|(schema, _)| schema);
        match schema.and_then(|schema| schema.parse().ok()) {
            Some(SCHEMA) => {}
            Some(newer) if newer > SCHEMA => return Err(Flaw::Newer(newer)),
            _ => return Err(Flaw::Form),
        }
        let (hashed, line) = Self::fields(text).ok_or(Flaw::Form)?;
        // What reads the same need not be written the same, and the hash is of what is written.
        if line.hash == Sha256::of(hashed.as_bytes()) {
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
            body: Body::parse(body)?,
            hash: Sha256::parse(hash)?,
        };
        Some((hashed, line))
    }
}

impl<'a> Body<'a> {
    /// A fact in its stored form. `None` where the text does not begin with an id.
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
                // The form is strict: what says anything else is no opening.
                (opening.to_string() == text).then_some(opening)
            }
            _ => None,
        }
    }
}

/// The field of the line that holds it.
impl fmt::Display for Body<'_> {
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
