//! Span while it is open and after its end.

use crate::context::TraceContext;

/// Maximum number of attributes and of links of a span; further ones are ignored.
const MOST: usize = 32;
/// Maximum length of a text, in characters.
const LONGEST_TEXT: usize = 256;

/// Side of a call or a message represented by a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SpanKind {
    /// Neither.
    #[default]
    Internal,
    /// Answers a request.
    Server,
    /// Makes a request.
    Client,
    /// Sends a message.
    Producer,
    /// Receives a message.
    Consumer,
}

/// Value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, cut to 256 characters when converted from `&str`.
    Text(String),
    /// Integer.
    Number(i64),
    /// Boolean.
    Flag(bool),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.chars().take(LONGEST_TEXT).collect())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// Open or finished span. Times are nanoseconds since 1970.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TraceSpan {
    pub context: TraceContext,
    pub parent: Option<[u8; 8]>,
    pub name: &'static str,
    pub kind: SpanKind,
    pub begin: u64,
    pub end: u64,
    pub attributes: Vec<(&'static str, Value)>,
    pub links: Vec<TraceContext>,
    pub is_failed: bool,
}

impl TraceSpan {
    pub fn attribute(&mut self, name: &'static str, value: Value) {
        if let Some((_, known)) = self.attributes.iter_mut().find(|(known, _)| *known == name) {
            *known = value;
        } else if self.attributes.len() < MOST {
            self.attributes.push((name, value));
        }
    }

    pub fn link(&mut self, context: TraceContext) {
        if self.links.len() < MOST && !self.links.contains(&context) {
            self.links.push(context);
        }
    }

    /// Makes the span a child of a span in another process, or links it if it already has a parent. Existing children
    /// stay in their trace.
    pub fn continue_from(&mut self, context: TraceContext) {
        if self.parent.is_some() {
            return self.link(context);
        }
        self.parent = Some(context.span);
        self.context = TraceContext { span: self.context.span, ..context };
    }
}
