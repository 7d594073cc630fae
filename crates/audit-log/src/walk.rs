//! Parses the members of one complete object.

use std::borrow::Cow;

use crate::RejectReason;
use crate::field::RecordField;
use crate::literal::{escape, is_scalar, is_scalar_byte, special, unescape};
use crate::order::{Behind, MemberOrder};
use crate::scan::{ByteClass, Scan};

/// Cursor in the text of an object.
pub struct TextCursor<'t, 'o> {
    text: &'t str,
    pub at: usize,
    pub order: &'o mut MemberOrder,
}

impl<'t, 'o> TextCursor<'t, 'o> {
    pub fn new(text: &'t str, order: &'o mut MemberOrder) -> Self {
        Self { text, at: 0, order }
    }

    /// Calls `visit` for every member of the object at the cursor; `visit` must move past the member's value. Returns
    /// an error if the object is malformed.
    #[inline]
    pub fn members(
        &mut self,
        mut behind: Behind,
        mut visit: impl FnMut(&mut Self, RecordField) -> Result<(), RejectReason>,
    ) -> Result<(), RejectReason> {
        self.take(b'{')?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            let field = self.name(&mut behind)?;
            self.take(b':')?;
            visit(self, field)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                _ => return self.take(b'}'),
            }
        }
    }

    /// Parses the member name at the cursor and returns its field.
    #[inline(always)]
    fn name(&mut self, behind: &mut Behind) -> Result<RecordField, RejectReason> {
        self.peek();
        if let Some((next, field, length)) = self.order.expected(*behind, self.text.as_bytes(), self.at) {
            self.at += length;
            *behind = next;
            return Ok(field);
        }
        let (name, escaped) = self.string()?;
        let name = if escaped { unescape(name) } else { Cow::Borrowed(name) };
        let (next, field) = self.order.learn(*behind, &name);
        *behind = next;
        Ok(field)
    }

    /// Parses the value at the cursor; `depth` is the depth of the enclosing object. Returns `None` for `null`, objects
    /// and arrays.
    #[inline(always)]
    pub fn value(&mut self, depth: u32) -> Result<Option<Cow<'t, str>>, RejectReason> {
        match self.peek() {
            Some(b'"') => {
                let (raw, escaped) = self.string()?;
                Ok(Some(if escaped { unescape(raw) } else { Cow::Borrowed(raw) }))
            }
            Some(b'{' | b'[') => self.nested(depth).map(|()| None),
            _ => Ok(Some(self.scalar()?).filter(|scalar| *scalar != "null").map(Cow::Borrowed)),
        }
    }

    /// Skips the value at the cursor; `depth` is the depth of the enclosing object.
    #[inline]
    pub fn skip(&mut self, depth: u32) -> Result<(), RejectReason> {
        match self.peek() {
            Some(b'"') => self.string().map(|_| ()),
            Some(b'{' | b'[') => self.nested(depth),
            _ => self.scalar().map(|_| ()),
        }
    }

    /// Skips whitespace and returns the next byte.
    #[inline]
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// True if the text starts with the head of `{"records":[…]}`. Does not move the cursor.
    pub fn is_wrapper(&mut self) -> bool {
        let begin = self.at;
        let is_head = self.is_head();
        self.at = begin;
        is_head == Ok(true)
    }

    fn is_head(&mut self) -> Result<bool, RejectReason> {
        self.take(b'{')?;
        // The first letter already rules out most names.
        if self.peek() != Some(b'"') || !matches!(self.text.as_bytes().get(self.at + 1), Some(b'r' | b'R')) {
            return Ok(false);
        }
        let is_named = self.string()?.0.eq_ignore_ascii_case("records");
        self.take(b':')?;
        Ok(is_named && self.peek() == Some(b'['))
    }

    fn take(&mut self, byte: u8) -> Result<(), RejectReason> {
        if self.peek() != Some(byte) {
            return Err(RejectReason::Syntax);
        }
        self.at += 1;
        Ok(())
    }

    /// Parses a string. Returns the raw text between the quotes and whether it contains escapes.
    // Inlined at every call: returning this tuple from a call took 5% of the total read time.
    #[inline(always)]
    fn string(&mut self) -> Result<(&'t str, bool), RejectReason> {
        self.take(b'"')?;
        let (bytes, begin, mut escaped) = (self.text.as_bytes(), self.at, false);
        loop {
            self.at = special(bytes, self.at);
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => self.at += escape(&bytes[self.at..]).ok_or(RejectReason::Syntax)?,
                _ => return Err(RejectReason::Syntax),
            }
            escaped = true;
        }
        self.at += 1;
        self.text.get(begin..self.at - 1).map(|text| (text, escaped)).ok_or(RejectReason::NotUtf8)
    }

    fn scalar(&mut self) -> Result<&'t str, RejectReason> {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().position(|byte| !is_scalar_byte(*byte)).unwrap_or(rest.len());
        if !is_scalar(&rest[..length]) {
            return Err(RejectReason::Syntax);
        }
        let begin = self.at;
        self.at += length;
        self.text.get(begin..self.at).ok_or(RejectReason::NotUtf8)
    }

    /// Skips an object or array and validates it.
    fn nested(&mut self, depth: u32) -> Result<(), RejectReason> {
        let mut scan = Scan::within(depth);
        let mut scalar = None;
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            let verdict = scan.step(*byte);
            if scan.is_in_scalar() {
                scalar.get_or_insert(self.at);
            } else if let Some(begin) = scalar.take()
                && !is_scalar(&self.text.as_bytes()[begin..self.at])
            {
                return Err(RejectReason::Syntax);
            }
            self.at += 1;
            match verdict {
                ByteClass::Done => return Ok(()),
                ByteClass::Broken(reason) => return Err(reason),
                _ => {}
            }
        }
        Err(RejectReason::Syntax)
    }
}
