//! Document tree with the place of every value.

use serde_json::Value;

use crate::fault::TextProblem;

/// Start of a key or value: line and column, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextPosition {
    pub line: usize,
    pub column: usize,
}

/// A value with its place.
#[derive(Debug)]
pub struct ConfigurationNode {
    pub place: TextPosition,
    pub content: Content,
}

/// Content of a value.
#[derive(Debug)]
pub enum Content {
    Scalar(Scalar),
    List(Vec<ConfigurationNode>),
    Map(Vec<Member>),
    /// A problem with it is already reported; no further check looks at it.
    Refused,
    /// Built from app settings without a value.
    Absent(Vec<TextProblem>),
}

/// A key of a mapping with its value.
#[derive(Debug)]
pub struct Member {
    pub key: String,
    pub key_place: TextPosition,
    pub value: ConfigurationNode,
}

/// A value without parts.
#[derive(Debug)]
pub struct Scalar {
    pub kind: ScalarKind,
    /// Text with app settings filled in.
    pub text: String,
    /// Text of the file, if app settings were filled in. Problems may show it.
    pub written: Option<String>,
}

/// Scalar kinds of the YAML core schema accepted by some key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarKind {
    Null,
    Bool(bool),
    Integer(i64),
    Text,
}

impl ConfigurationNode {
    /// Returns the value of a key. `None` also if this is not a mapping.
    pub fn get(&self, key: &str) -> Option<&ConfigurationNode> {
        self.members().iter().find(|member| member.key == key).map(|member| &member.value)
    }

    /// Returns keys and values, or nothing if this is not a mapping.
    pub fn members(&self) -> &[Member] {
        match &self.content {
            Content::Map(members) => members,
            _ => &[],
        }
    }

    /// Mutable version of [`ConfigurationNode::get`].
    pub fn get_mut(&mut self, key: &str) -> Option<&mut ConfigurationNode> {
        self.members_mut().iter_mut().find(|member| member.key == key).map(|member| &mut member.value)
    }

    /// Mutable version of [`ConfigurationNode::members`].
    pub fn members_mut(&mut self) -> &mut [Member] {
        match &mut self.content {
            Content::Map(members) => members,
            _ => &mut [],
        }
    }

    /// Returns the items, or nothing if this is not a list.
    pub fn items(&self) -> &[ConfigurationNode] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// Returns the scalar, or `None` if the value has parts.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.content {
            Content::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Mutable version of [`ConfigurationNode::scalar`].
    pub fn scalar_mut(&mut self) -> Option<&mut Scalar> {
        match &mut self.content {
            Content::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Returns the text, or `None` for any other kind.
    pub fn text(&self) -> Option<&str> {
        self.scalar().filter(|scalar| scalar.kind == ScalarKind::Text).map(|scalar| scalar.text.as_str())
    }

    /// Converts to JSON, for deserialization.
    pub fn to_json(&self) -> Value {
        match &self.content {
            Content::Scalar(scalar) => scalar.to_json(),
            Content::List(items) => items.iter().map(ConfigurationNode::to_json).collect(),
            Content::Map(members) => members.iter().map(|it| (it.key.clone(), it.value.to_json())).collect(),
            Content::Refused | Content::Absent(_) => Value::Null,
        }
    }
}

impl Scalar {
    /// Returns the text for a problem: as written in the file, quoted and shortened.
    pub fn shown(&self) -> String {
        let text = self.written.as_ref().unwrap_or(&self.text);
        let as_set = if self.written.is_some() { " (as set)" } else { "" };
        format!("{}{as_set}", quoted(text))
    }

    fn to_json(&self) -> Value {
        match self.kind {
            ScalarKind::Null => Value::Null,
            ScalarKind::Bool(value) => Value::from(value),
            ScalarKind::Integer(value) => Value::from(value),
            ScalarKind::Text => Value::from(self.text.as_str()),
        }
    }
}

/// Longest part of a text in a problem, in characters.
const LONGEST_QUOTE: usize = 80;

/// Quotes and escapes a text, and cuts its end if it is long.
pub fn quoted(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(LONGEST_QUOTE).collect();
    if characters.next().is_some() {
        format!("{:?}", start + "…")
    } else {
        format!("{start:?}")
    }
}

/// Appends a key to a path. A key that is not a plain word is quoted.
pub fn below(path: &str, key: &str) -> String {
    let plain = !key.is_empty()
        && key.len() <= LONGEST_QUOTE
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    let key = if plain { key.to_owned() } else { quoted(key) };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}
