//! The document as a tree in which everything knows its place.

use serde_json::Value;

use crate::fault::Fault;

/// Where something begins: line and column, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

/// One value and where it begins.
#[derive(Debug)]
pub struct Node {
    pub place: Place,
    pub content: Content,
}

/// What a value is.
#[derive(Debug)]
pub enum Content {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<Member>),
    /// A problem was told of it already: no check looks at it again.
    Refused,
    /// App settings that it is made of give no value.
    Absent(Vec<Fault>),
}

/// One key of a mapping with its value.
#[derive(Debug)]
pub struct Member {
    pub key: String,
    pub key_place: Place,
    pub value: Node,
}

/// A value without parts.
#[derive(Debug)]
pub struct Scalar {
    pub kind: Kind,
    /// The text that counts, app settings filled in.
    pub text: String,
    /// The text as it stands in the file, where app settings were filled in: what a problem may show.
    pub written: Option<String>,
}

/// The kinds of scalars of the YAML core schema that some key can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Null,
    Bool(bool),
    Integer(i64),
    Text,
}

impl Node {
    /// The value under a key; `None` also where this is no mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.members().iter().find(|member| member.key == key).map(|member| &member.value)
    }

    /// The keys with their values; none where this is no mapping.
    pub fn members(&self) -> &[Member] {
        match &self.content {
            Content::Map(members) => members,
            _ => &[],
        }
    }

    /// Like [`Node::get`], to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.members_mut().iter_mut().find(|member| member.key == key).map(|member| &mut member.value)
    }

    /// Like [`Node::members`], to be changed.
    pub fn members_mut(&mut self) -> &mut [Member] {
        match &mut self.content {
            Content::Map(members) => members,
            _ => &mut [],
        }
    }

    /// The items of a list; none where this is no list.
    pub fn items(&self) -> &[Node] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// The value, where it has no parts.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.content {
            Content::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Like [`Node::scalar`], to be changed.
    pub fn scalar_mut(&mut self) -> Option<&mut Scalar> {
        match &mut self.content {
            Content::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text, where this is one.
    pub fn text(&self) -> Option<&str> {
        self.scalar().filter(|scalar| scalar.kind == Kind::Text).map(|scalar| scalar.text.as_str())
    }

    /// The same as JSON, for the types to be made from.
    pub fn to_json(&self) -> Value {
        match &self.content {
            Content::Scalar(scalar) => scalar.to_json(),
            Content::List(items) => items.iter().map(Node::to_json).collect(),
            Content::Map(members) => members.iter().map(|it| (it.key.clone(), it.value.to_json())).collect(),
            Content::Refused | Content::Absent(_) => Value::Null,
        }
    }
}

impl Scalar {
    /// The text for a problem: quoted, as written, shortened.
    pub fn shown(&self) -> String {
        let text = self.written.as_ref().unwrap_or(&self.text);
        let as_set = if self.written.is_some() { " (as set)" } else { "" };
        format!("{}{as_set}", quoted(text))
    }

    fn to_json(&self) -> Value {
        match self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::from(value),
            Kind::Integer(value) => Value::from(value),
            Kind::Text => Value::from(self.text.as_str()),
        }
    }
}

/// The longest piece of somebody's text that a problem repeats, in characters.
const LONGEST_QUOTE: usize = 80;

/// A text in quotes, escaped, its end left out where it is long.
pub fn quoted(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(LONGEST_QUOTE).collect();
    if characters.next().is_some() {
        format!("{:?}", start + "…")
    } else {
        format!("{start:?}")
    }
}

/// The path of a key below a path. A key that is not a plain word is quoted.
pub fn below(path: &str, key: &str) -> String {
    let plain = !key.is_empty()
        && key.len() <= LONGEST_QUOTE
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    let key = if plain { key.to_owned() } else { quoted(key) };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}
