//! Values of properties, as far as the template shows them.

use crate::syntax::Syntax;

#[derive(Debug, Clone)]
pub enum BicepValue {
    /// String without interpolation, number, or a word such as `true`.
    Plain(String),
    /// Properties by name; a computed name is `*`.
    Object(Vec<(String, BicepValue)>),
    /// Items; for a loop, the item of one pass.
    List(Vec<BicepValue>),
    /// One of several values: the arms of a condition, or the objects of a union.
    OneOf(Vec<BicepValue>),
    /// Any other expression, as source text.
    Code(String),
}

impl BicepValue {
    /// Converts an expression.
    pub fn from_syntax(syntax: &Syntax) -> Self {
        let each = |nodes: &[Syntax]| nodes.iter().map(Self::from_syntax).collect();
        match syntax.kind.as_str() {
            "string" => syntax.plain().map_or_else(|| Self::Code(syntax.text.clone()), Self::Plain),
            "number" | "boolean" | "null" => Self::Plain(syntax.text.clone()),
            "object" => Self::Object(syntax.children.iter().filter_map(property).collect()),
            "array" => Self::List(each(&syntax.children)),
            "for_statement" => Self::List(syntax.children.last().map(Self::from_syntax).into_iter().collect()),
            "if_statement" => syntax.child("object").map_or_else(|| Self::Code(String::new()), Self::from_syntax),
            "parenthesized_expression" if syntax.children.len() == 1 => Self::from_syntax(&syntax.children[0]),
            "ternary_expression" => Self::OneOf(each(&syntax.children[1..])),
            _ => match syntax.call() {
                Some(("union" | "concat", arguments)) => Self::OneOf(each(arguments)),
                _ => Self::Code(syntax.text.clone()),
            },
        }
    }

    /// Returns the values at a dotted path: for lists their items, for alternatives all that have it.
    pub fn at(&self, path: &str) -> Vec<&Self> {
        let mut found = vec![self];
        for name in path.split('.').filter(|name| !name.is_empty()) {
            found = found.into_iter().flat_map(Self::possible).flat_map(|value| value.named(name)).collect();
        }
        found.into_iter().flat_map(Self::possible).collect()
    }

    /// Returns the plain text at a path, or `None` if there is not exactly one.
    pub fn text(&self, path: &str) -> Option<&str> {
        match self.at(path).as_slice() {
            [Self::Plain(text)] => Some(text),
            _ => None,
        }
    }

    /// Returns every plain text of a list.
    pub fn texts(&self) -> Vec<&str> {
        let Self::List(items) = self else { return Vec::new() };
        items.iter().filter_map(|item| item.text("")).collect()
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

fn property(syntax: &Syntax) -> Option<(String, BicepValue)> {
    let [key, value] = syntax.children.as_slice() else { return None };
    let name = match key.kind.as_str() {
        "string" => key.plain().unwrap_or_else(|| "*".to_owned()),
        _ => key.text.clone(),
    };
    Some((name, BicepValue::from_syntax(value)))
}
