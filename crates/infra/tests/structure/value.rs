//! What a property is set to, as far as that stands in the template.

use std::collections::BTreeSet;

use crate::syntax::Syntax;

/// A value, as written.
#[derive(Debug, Clone)]
pub enum Value {
    /// A string without interpolation, a number, or a word such as `true`.
    Plain(String),
    /// Properties by name; one whose name is computed is called `*`.
    Object(Vec<(String, Value)>),
    /// Items; of a loop the one that each pass makes.
    List(Vec<Value>),
    /// One of several: the arms of a condition, or the objects of a union.
    OneOf(Vec<Value>),
    /// Anything else, as written.
    Code(String),
}

impl Value {
    /// Reads an expression.
    pub fn of(syntax: &Syntax) -> Self {
        let each = |nodes: &[Syntax]| nodes.iter().map(Self::of).collect();
        match syntax.kind.as_str() {
            "string" => syntax.plain().map_or_else(|| Self::Code(syntax.text.clone()), Self::Plain),
            "number" | "boolean" | "null" => Self::Plain(syntax.text.clone()),
            "object" => Self::Object(syntax.children.iter().filter_map(property).collect()),
            "array" => Self::List(each(&syntax.children)),
            "for_statement" => Self::List(syntax.children.last().map(Self::of).into_iter().collect()),
            "if_statement" => syntax.child("object").map_or_else(|| Self::Code(String::new()), Self::of),
            "parenthesized_expression" if syntax.children.len() == 1 => Self::of(&syntax.children[0]),
            "ternary_expression" => Self::OneOf(each(&syntax.children[1..])),
            _ => match syntax.call() {
                Some(("union" | "concat", arguments)) => Self::OneOf(each(arguments)),
                _ => Self::Code(syntax.text.clone()),
            },
        }
    }

    /// What stands at a path of names parted by dots; of lists the items, of several possible values all that have it.
    pub fn at(&self, path: &str) -> Vec<&Self> {
        let mut found = vec![self];
        for name in path.split('.').filter(|name| !name.is_empty()) {
            found = found.into_iter().flat_map(Self::possible).flat_map(|value| value.named(name)).collect();
        }
        found.into_iter().flat_map(Self::possible).collect()
    }

    /// The one plain text at a path, where there is one.
    pub fn text(&self, path: &str) -> Option<&str> {
        match self.at(path).as_slice() {
            [Self::Plain(text)] => Some(text),
            _ => None,
        }
    }

    /// Every plain text of a list of them.
    pub fn texts(&self) -> Vec<&str> {
        let Self::List(items) = self else { return Vec::new() };
        items.iter().filter_map(|item| item.text("")).collect()
    }

    /// The path of every property, the items of lists as `[]`.
    pub fn paths(&self) -> BTreeSet<String> {
        let mut paths = BTreeSet::new();
        self.collect("", &mut paths);
        paths
    }

    fn collect(&self, path: &str, paths: &mut BTreeSet<String>) {
        match self {
            Self::Object(members) => {
                for (name, value) in members {
                    let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    value.collect(&below, paths);
                    paths.insert(below);
                }
            }
            Self::List(items) => items.iter().for_each(|item| item.collect(&format!("{path}[]"), paths)),
            Self::OneOf(values) => values.iter().for_each(|value| value.collect(path, paths)),
            Self::Plain(_) | Self::Code(_) => {}
        }
    }

    fn possible(&self) -> Vec<&Self> {
        match self {
            Self::OneOf(values) => values.iter().flat_map(Self::possible).collect(),
            value => vec![value],
        }
    }

    fn named(&self, wanted: &str) -> Vec<&Self> {
        match self {
            Self::Object(members) => {
                members.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value).collect()
            }
            Self::List(items) => items.iter().flat_map(Self::possible).flat_map(|item| item.named(wanted)).collect(),
            _ => Vec::new(),
        }
    }
}

fn property(syntax: &Syntax) -> Option<(String, Value)> {
    let [key, value] = syntax.children.as_slice() else { return None };
    let name = match key.kind.as_str() {
        "string" => key.plain().unwrap_or_else(|| "*".to_owned()),
        _ => key.text.clone(),
    };
    Some((name, Value::of(value)))
}
