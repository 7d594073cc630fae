//! Bicep file and its declarations.

use crate::syntax::Syntax;
use crate::value::BicepValue;

/// Bicep file.
pub struct Template {
    /// Path below the root of the repository.
    pub path: String,
    /// Source text.
    pub text: String,
    /// Parsed source.
    pub root: Syntax,
    /// Lines with syntax errors.
    pub wrong: Vec<usize>,
    /// Declarations in order.
    pub declarations: Vec<Declaration>,
}

/// Kind of declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclarationKind {
    Parameter,
    Variable,
    Output,
    /// Resource to deploy.
    Resource,
    /// Existing resource.
    Existing,
    Module,
}

pub struct Declaration {
    pub kind: DeclarationKind,
    /// Symbolic name.
    pub name: String,
    /// Type with version of a resource, path of a module, type of a parameter or output.
    pub of: String,
    /// Value, or default value of a parameter.
    pub value: Option<BicepValue>,
    pub decorators: Vec<Syntax>,
    /// Node of the declaration.
    pub syntax: Syntax,
}

impl Template {
    /// Parses a file.
    pub fn read(path: &str, text: &str) -> Self {
        let (root, wrong) = Syntax::read(text);
        let mut declarations = Vec::new();
        let mut decorators = Vec::new();
        for node in &root.children {
            if node.kind == "decorators" {
                decorators.clone_from(&node.children);
                continue;
            }
            declarations.extend(Declaration::from_syntax(node, std::mem::take(&mut decorators)));
        }
        Self { path: path.to_owned(), text: text.to_owned(), root, wrong, declarations }
    }

    /// Returns the declarations of a kind.
    pub fn declarations(&self, kind: DeclarationKind) -> impl Iterator<Item = &Declaration> {
        self.declarations.iter().filter(move |declaration| declaration.kind == kind)
    }

    /// Returns the value of a variable.
    pub fn variable(&self, name: &str) -> Option<&BicepValue> {
        self.declarations(DeclarationKind::Variable).find(|variable| variable.name == name)?.value.as_ref()
    }

    /// Formats a finding in this file.
    pub fn finding(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

impl Declaration {
    fn from_syntax(node: &Syntax, decorators: Vec<Syntax>) -> Option<Self> {
        let kind = match node.kind.as_str() {
            "parameter_declaration" => DeclarationKind::Parameter,
            "variable_declaration" => DeclarationKind::Variable,
            "output_declaration" => DeclarationKind::Output,
            "module_declaration" => DeclarationKind::Module,
            "resource_declaration" if node.text.split('=').next()?.contains(" existing ") => DeclarationKind::Existing,
            "resource_declaration" => DeclarationKind::Resource,
            _ => return None,
        };
        let (name, rest) = node.children.split_first()?;
        let typed = !matches!(kind, DeclarationKind::Variable);
        let of = rest.first().filter(|_| typed).map(|it| it.plain().unwrap_or_else(|| it.text.clone()));
        let value = rest.get(usize::from(typed)).map(BicepValue::from_syntax);
        let (name, of) = (name.text.clone(), of.unwrap_or_default());
        Some(Self { kind, name, of, value, decorators, syntax: node.clone() })
    }

    /// Returns the arguments of a decorator, or `None` if it is absent.
    pub fn decorator(&self, name: &str) -> Option<&[Syntax]> {
        let calls = self.decorators.iter().filter_map(|decorator| decorator.children.first()?.call());
        calls.into_iter().find(|(called, _)| *called == name).map(|(_, arguments)| arguments)
    }

    /// Returns the properties of a resource or module.
    pub fn body(&self) -> BicepValue {
        self.value.clone().unwrap_or_else(|| BicepValue::Object(Vec::new()))
    }
}
