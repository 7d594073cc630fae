//! A span while it is open, and when it is over.

use crate::context::TraceContext;

/// How many attributes and how many links a span has at most; what is told beyond that is left out.
const MOST: usize = 32;
/// How long a text is at most, in characters.
const LONGEST_TEXT: usize = 256;

/// Which side of a call or a message a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Neither.
    #[default]
    Internal,
    /// Answers a request.
    Server,
    /// Makes a request.
    Client,
    /// Sends a message.
    Producer,
    /// Takes a message.
    Consumer,
}

/// What an attribute says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
    /// Yes or no.
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

/// A span of which more may be told. Times are nanoseconds since 1970.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Span {
    pub context: TraceContext,
    pub parent: Option<[u8; 8]>,
    pub name: &'static str,
    pub kind: Kind,
    pub begin: u64,
    pub end: u64,
    pub attributes: Vec<(&'static str, Value)>,
    pub links: Vec<TraceContext>,
    pub is_failed: bool,
}

impl Span {
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

    /// Makes it a child of a span elsewhere, unless it has a parent, beside which it is linked to the other. Those that are
    /// its children already stay in the trace that it was in.
    pub fn continue_from(&mut self, context: TraceContext) {
        if self.parent.is_some() {
            return self.link(context);
        }
        self.parent = Some(context.span);
        self.context = TraceContext { span: self.context.span, ..context };
    }
}
