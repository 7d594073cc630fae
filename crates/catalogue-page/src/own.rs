//! Static text without need for HTML escaping.

use std::fmt;

use askama::filters::HtmlSafe;
use askama::{FastWritable, Values};

/// Static text without `<`, `>`, `&` or `"`. Since it contains no untrusted input, rendering skips the escaping.
#[derive(Clone, Copy)]
pub(crate) struct Own(&'static str);

impl Own {
    pub(crate) fn new(words: &'static str) -> Self {
        debug_assert!(!words.contains(['<', '>', '&', '"']), "{words:?} means something in HTML");
        Self(words)
    }
}

impl Own {
    pub(crate) fn text(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl FastWritable for Own {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        Ok(dest.write_str(self.0)?)
    }
}

impl HtmlSafe for Own {}
