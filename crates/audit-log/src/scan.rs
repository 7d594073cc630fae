//! Finds the end of an object one byte at a time, so scanning can resume wherever the bytes were cut.

use crate::RejectReason;
use crate::literal::is_scalar_byte;

/// Maximum nesting depth of objects and arrays.
pub const MAX_DEPTH: u32 = 64;

/// First name of the object that wraps all records, in lower case.
const RECORDS: &[u8] = b"records";

/// Result of one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteClass {
    /// The value is incomplete.
    More,
    /// A nested object begins, as a member value or an array element.
    Opens,
    /// The byte ends the object.
    Done,
    /// The byte ends the head of `{"records":[…]}`.
    Head,
    /// The byte is invalid here.
    Broken(RejectReason),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// A name, or the end of an object.
    NameOrEnd,
    Name,
    Colon,
    Value,
    /// A value, or the end of an array.
    ValueOrEnd,
    /// A comma, or the end of the enclosing object or array.
    After,
    Scalar,
    Text {
        name: bool,
    },
    Escape {
        name: bool,
    },
    Hex {
        name: bool,
        left: u8,
    },
}

/// State of the scan. Checks the whole JSON grammar except the inside of numbers and literals.
#[derive(Debug, Clone)]
pub struct Scan {
    state: State,
    /// One bit per level, innermost lowest: 1 for an object, 0 for an array.
    objects: u64,
    depth: u32,
    /// Depth of the level that encloses the scanned value.
    floor: u32,
    /// Number of letters of `records` that the first name has matched, or `None` if it does not match.
    wrapper: Option<usize>,
}

impl Scan {
    /// Starts a scan of a top-level object.
    pub fn new() -> Self {
        Self { wrapper: Some(0), ..Self::within(0) }
    }

    /// Starts a scan of an object or array inside `depth` levels.
    pub fn within(depth: u32) -> Self {
        Self { state: State::Value, objects: 0, depth, floor: depth, wrapper: None }
    }

    /// Advances by one byte.
    pub fn step(&mut self, byte: u8) -> ByteClass {
        match self.state {
            State::Text { name } => return self.text(name, byte),
            State::Escape { name } => return self.escape(name, byte),
            State::Hex { name, left } if byte.is_ascii_hexdigit() => {
                self.state = if left == 1 {
                    State::Text { name }
                } else {
                    State::Hex { name, left: left - 1 }
                };
                return ByteClass::More;
            }
            State::Hex { .. } => return ByteClass::Broken(RejectReason::Syntax),
            State::Scalar if is_scalar_byte(byte) => return ByteClass::More,
            State::Scalar => self.state = State::After,
            _ => {}
        }
        if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            ByteClass::More
        } else {
            self.mark(byte)
        }
    }

    /// True if the bytes so far end inside a number or a literal.
    pub fn is_in_scalar(&self) -> bool {
        self.state == State::Scalar
    }

    fn text(&mut self, name: bool, byte: u8) -> ByteClass {
        match byte {
            b'"' => self.state = if name { State::Colon } else { State::After },
            b'\\' => self.state = State::Escape { name },
            0..0x20 => return ByteClass::Broken(RejectReason::Syntax),
            _ => {}
        }
        if name && self.wrapper.is_some() {
            self.spell(byte);
        }
        ByteClass::More
    }

    /// Compares the first name with `records`, up to the colon behind it.
    fn spell(&mut self, byte: u8) {
        self.wrapper = self.wrapper.and_then(|letters| match RECORDS.get(letters) {
            None => (byte == b'"').then_some(letters),
            Some(letter) => byte.eq_ignore_ascii_case(letter).then_some(letters + 1),
        });
    }

    fn escape(&mut self, name: bool, byte: u8) -> ByteClass {
        self.state = match byte {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => State::Text { name },
            b'u' => State::Hex { name, left: 4 },
            _ => return ByteClass::Broken(RejectReason::Syntax),
        };
        ByteClass::More
    }

    fn mark(&mut self, byte: u8) -> ByteClass {
        use State::{After, Colon, Name, NameOrEnd, Scalar, Text, Value, ValueOrEnd};
        let in_object = self.depth > self.floor && self.objects & 1 == 1;
        match (self.state, byte) {
            (Name | NameOrEnd, b'"') => self.state = Text { name: true },
            (Colon, b':') => self.state = Value,
            (After, b',') => self.state = if in_object { Name } else { Value },
            (NameOrEnd | After, b'}') if in_object => return self.close(),
            (ValueOrEnd | After, b']') if !in_object => return self.close(),
            (Value, b'[') if self.wrapper == Some(RECORDS.len()) => return ByteClass::Head,
            (Value | ValueOrEnd, b'{') => return self.open(true),
            (Value | ValueOrEnd, b'[') => return self.open(false),
            (Value | ValueOrEnd, b'"') => self.value(Text { name: false }),
            (Value | ValueOrEnd, byte) if is_scalar_byte(byte) => self.value(Scalar),
            _ => return ByteClass::Broken(RejectReason::Syntax),
        }
        ByteClass::More
    }

    fn value(&mut self, state: State) {
        self.state = state;
        self.wrapper = None;
    }

    fn open(&mut self, object: bool) -> ByteClass {
        if self.depth == MAX_DEPTH {
            return ByteClass::Broken(RejectReason::TooDeep);
        }
        if self.depth > self.floor {
            self.wrapper = None;
        }
        self.depth += 1;
        self.objects = self.objects << 1 | u64::from(object);
        self.state = if object { State::NameOrEnd } else { State::ValueOrEnd };
        if object { ByteClass::Opens } else { ByteClass::More }
    }

    fn close(&mut self) -> ByteClass {
        self.depth -= 1;
        self.objects >>= 1;
        self.state = State::After;
        if self.depth == self.floor { ByteClass::Done } else { ByteClass::More }
    }
}
