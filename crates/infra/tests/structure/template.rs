//! One Bicep file: what it declares.

use crate::syntax::Syntax;
use crate::value::Value;

/// A file.
pub struct Template {
    /// Its path below the root of the repository.
    pub path: String,
    /// As written.
    pub text: String,
    /// As read.
    pub root: Syntax,
    /// The lines that are no Bicep.
    pub wrong: Vec<usize>,
    /// Everything that it declares, in its order.
    pub declarations: Vec<Declaration>,
}

/// What a declaration declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A parameter.
    Parameter,
    /// A variable.
    Variable,
    /// An output.
    Output,
    /// A resource that is deployed.
    Resource,
    /// A resource that is there already.
    Existing,
    /// Another file.
    Module,
}

/// One declaration.
pub struct Declaration {
    /// What it declares.
    pub kind: Kind,
    /// The name by which the file calls it.
    pub name: String,
    /// Of a resource its type with the version, of a module its path, of a parameter or output its type.
    pub of: String,
    /// What it is set to, a parameter's default included.
    pub value: Option<Value>,
    /// Its decorators.
    pub decorators: Vec<Syntax>,
    /// The declaration itself.
    pub syntax: Syntax,
}

impl Template {
    /// Reads a file.
    pub fn read(path: &str, text: &str) -> Self {
        let (root, wrong) = Syntax::read(text);
        let mut declarations = Vec::new();
        let mut decorators = Vec::new();
        for node in &root.children {
            if node.kind == "decorators" {
                decorators.clone_from(&node.children);
                continue;
            }
            declarations.extend(Declaration::of(node, std::mem::take(&mut decorators)));
        }
        Self { path: path.to_owned(), text: text.to_owned(), root, wrong, declarations }
    }

    /// The declarations of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Declaration> {
        self.declarations.iter().filter(move |declaration| declaration.kind == kind)
    }

    /// What a variable is set to.
    pub fn variable(&self, name: &str) -> Option<&Value> {
        self.of(Kind::Variable).find(|variable| variable.name == name)?.value.as_ref()
    }

    /// A finding in this file.
    pub fn finding(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

impl Declaration {
    fn of(node: &Syntax, decorators: Vec<Syntax>) -> Option<Self> {
        let kind = match node.kind.as_str() {
            "parameter_declaration" => Kind::Parameter,
            "variable_declaration" => Kind::Variable,
            "output_declaration" => Kind::Output,
            "module_declaration" => Kind::Module,
            "resource_declaration" if node.text.split('=').next()?.contains(" existing ") => Kind::Existing,
            "resource_declaration" => Kind::Resource,
            _ => return None,
        };
        let (name, rest) = node.children.split_first()?;
        let typed = !matches!(kind, Kind::Variable);
        let of = rest.first().filter(|_| typed).map(|it| it.plain().unwrap_or_else(|| it.text.clone()));
        let value = rest.get(usize::from(typed)).map(Value::of);
        let (name, of) = (name.text.clone(), of.unwrap_or_default());
        Some(Self { kind, name, of, value, decorators, syntax: node.clone() })
    }

    /// The arguments of a decorator, where there is one of this name.
    pub fn decorator(&self, name: &str) -> Option<&[Syntax]> {
        let calls = self.decorators.iter().filter_map(|decorator| decorator.children.first()?.call());
        calls.into_iter().find(|(called, _)| *called == name).map(|(_, arguments)| arguments)
    }

    /// What a resource or module is set to.
    pub fn body(&self) -> Value {
        self.value.clone().unwrap_or_else(|| Value::Object(Vec::new()))
    }
}
