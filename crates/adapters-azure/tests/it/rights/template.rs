//! Reads role assignments, custom roles and modules from the text of the templates. The templates are checked against
//! the grammar elsewhere, so this reader relies on their layout: one property a line, a closing brace at the margin.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Text of the templates, by the name of the file without its ending.
#[derive(Debug, Clone)]
pub struct Templates(BTreeMap<String, String>);

/// A resource or a use of a module.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// First line.
    pub head: &'a str,
    pub body: &'a str,
}

impl Templates {
    /// Reads the templates of this repository.
    pub fn here() -> Self {
        let infra = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra");
        let mut files = BTreeMap::new();
        for folder in [infra.clone(), infra.join("modules"), infra.join("demo"), infra.join("demo/modules")] {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap();
                if name.ends_with(".bicep") || name == "roles.json" {
                    let name = path.strip_prefix(&infra).unwrap().to_str().unwrap().replace("modules/", "");
                    files.insert(name.trim_end_matches(".bicep").to_owned(), fs::read_to_string(&path).unwrap());
                }
            }
        }
        Self(files)
    }

    /// Returns a copy with a change in one file, which must contain the text once.
    pub fn with(&self, file: &str, text: &str, other: &str) -> Self {
        let mut files = self.0.clone();
        let changed = files.get_mut(file).unwrap();
        assert_eq!(changed.matches(text).count(), 1, "{file}: {text}");
        *changed = changed.replace(text, other);
        Self(files)
    }

    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    pub fn file(&self, name: &str) -> &str {
        &self.0[name]
    }

    /// Id of a built-in role by its name in `roles.json`.
    pub fn role_id(&self, name: &str) -> String {
        let roles: BTreeMap<String, String> = serde_json::from_str(self.file("roles.json")).unwrap();
        roles.get(name).unwrap_or_else(|| panic!("roles.json has no {name}")).clone()
    }
}

/// Blocks whose first line begins with `keyword`, a name and `'of`.
pub fn blocks<'a>(text: &'a str, keyword: &'a str, of: &'a str) -> impl Iterator<Item = Block<'a>> {
    let starts = text.match_indices(keyword).map(|(at, _)| at).filter(|at| *at == 0 || text[..*at].ends_with('\n'));
    let blocks = starts.map(|at| {
        let end = text[at..].find("\n}").map_or(text.len(), |end| at + end);
        let (head, body) = text[at..end].split_once('\n').unwrap_or((&text[at..end], ""));
        Block { head, body }
    });
    blocks.filter(move |block| block.head.split('\'').nth(1).is_some_and(|named| named.starts_with(of)))
}

impl<'a> Block<'a> {
    /// Expression of the first property of this name.
    pub fn property(&self, name: &str) -> Option<&'a str> {
        self.body.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(": "))
    }

    /// List over which a loop runs, and the name of its item.
    pub fn repeated(&self) -> Option<(&'a str, &'a str)> {
        let (item, list) = self.head.split_once("[for ")?.1.split_once(" in ")?;
        let item = item.trim_start_matches('(').split([',', ')']).next()?;
        Some((item, list.split(':').next()?))
    }
}

/// Expression of a variable, over several lines if it is a list.
pub fn variable<'a>(text: &'a str, name: &str) -> &'a str {
    let start = format!("\nvar {name} = ");
    let (_, rest) = text.split_once(start.as_str()).unwrap_or_else(|| panic!("no variable {name}"));
    let end = if rest.starts_with("[\n") { "\n]" } else { "\n" };
    rest.split_once(end).map_or(rest, |(expression, _)| expression)
}

/// Texts between single quotes.
pub fn quoted(expression: &str) -> Vec<String> {
    expression.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}
