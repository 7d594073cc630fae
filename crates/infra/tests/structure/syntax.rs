//! Bicep as a tree of named nodes.

use tree_sitter::{Node, Parser};

/// A node with everything below it; comments are left out.
#[derive(Debug, Clone)]
pub struct Syntax {
    /// What it is, in the words of the grammar.
    pub kind: String,
    /// How it is written.
    pub text: String,
    /// Where it begins; the first line is 1.
    pub line: usize,
    /// The named nodes right below it.
    pub children: Vec<Self>,
}

impl Syntax {
    /// Reads a text, and says in which lines it is no Bicep.
    pub fn read(text: &str) -> (Self, Vec<usize>) {
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_bicep::LANGUAGE.into()).unwrap();
        let tree = parser.parse(text, None).unwrap();
        let mut wrong = Vec::new();
        (Self::of(tree.root_node(), text, &mut wrong), wrong)
    }

    fn of(node: Node<'_>, text: &str, wrong: &mut Vec<usize>) -> Self {
        let line = node.start_position().row + 1;
        let mut cursor = node.walk();
        let mut children = Vec::new();
        for child in node.children(&mut cursor) {
            if child.is_error() || child.is_missing() {
                wrong.push(child.start_position().row + 1);
            } else if child.is_named() && !child.kind().ends_with("comment") {
                children.push(Self::of(child, text, wrong));
            }
        }
        Self { kind: node.kind().to_owned(), text: text[node.byte_range()].to_owned(), line, children }
    }

    /// This node and all below it, from the top down.
    pub fn all(&self) -> Vec<&Self> {
        std::iter::once(self).chain(self.children.iter().flat_map(Self::all)).collect()
    }

    /// The first child of a kind.
    pub fn child(&self, kind: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.kind == kind)
    }

    /// The text of a string without interpolation, as it is meant.
    pub fn plain(&self) -> Option<String> {
        let is_plain = self.kind == "string" && self.children.iter().all(|child| child.kind != "interpolation");
        is_plain.then(|| self.text.trim_matches('\'').replace("\\'", "'").replace("\\\\", "\\"))
    }

    /// Of a call: the name of the function, and its arguments.
    pub fn call(&self) -> Option<(&str, &[Self])> {
        match (self.kind.as_str(), self.children.as_slice()) {
            ("call_expression", [function, arguments]) => Some((&function.text, &arguments.children)),
            _ => None,
        }
    }
}
