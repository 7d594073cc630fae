//! Bicep as a tree of named nodes.

use tree_sitter::{Node, Parser};

/// Node with its subtree; comments are omitted.
#[derive(Debug, Clone)]
pub struct Syntax {
    /// Kind of node, as named by the grammar.
    pub kind: String,
    /// Source text.
    pub text: String,
    /// First line, from 1.
    pub line: usize,
    /// Named child nodes.
    pub children: Vec<Self>,
}

impl Syntax {
    /// Parses a text; returns the lines with syntax errors too.
    pub fn read(text: &str) -> (Self, Vec<usize>) {
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_bicep::LANGUAGE.into()).unwrap();
        let tree = parser.parse(text, None).unwrap();
        let mut wrong = Vec::new();
        (Self::from_node(tree.root_node(), text, &mut wrong), wrong)
    }

    fn from_node(node: Node<'_>, text: &str, wrong: &mut Vec<usize>) -> Self {
        let line = node.start_position().row + 1;
        let mut cursor = node.walk();
        let mut children = Vec::new();
        for child in node.children(&mut cursor) {
            if child.is_error() || child.is_missing() {
                wrong.push(child.start_position().row + 1);
            } else if child.is_named() && !child.kind().ends_with("comment") {
                children.push(Self::from_node(child, text, wrong));
            }
        }
        Self { kind: node.kind().to_owned(), text: text[node.byte_range()].to_owned(), line, children }
    }

    /// Returns this node and all its descendants, parents first.
    pub fn all(&self) -> Vec<&Self> {
        std::iter::once(self).chain(self.children.iter().flat_map(Self::all)).collect()
    }

    /// Returns the first child of a kind.
    pub fn child(&self, kind: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.kind == kind)
    }

    /// Returns the unescaped text of a string without interpolation.
    pub fn plain(&self) -> Option<String> {
        let is_plain = self.kind == "string" && self.children.iter().all(|child| child.kind != "interpolation");
        is_plain.then(|| self.text.trim_matches('\'').replace("\\'", "'").replace("\\\\", "\\"))
    }

    /// Returns function name and arguments of a call.
    pub fn call(&self) -> Option<(&str, &[Self])> {
        match (self.kind.as_str(), self.children.as_slice()) {
            ("call_expression", [function, arguments]) => Some((&function.text, &arguments.children)),
            _ => None,
        }
    }
}
