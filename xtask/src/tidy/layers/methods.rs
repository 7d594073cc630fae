//! Finds calls of methods that one module adds to a type of another. No path names the module that adds them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Dependency, DomainFile, Module};

/// Returns the dependencies by calls of added methods. A name that several modules define says nothing.
pub fn called(files: &[DomainFile]) -> Vec<Dependency> {
    let added = added(files);
    let mut found = Vec::new();
    for file in files {
        for (line, text) in file.source.lines() {
            let calls = calls(text).filter_map(|name| added.get(name));
            found.extend(calls.map(|to| file.depends_on(to.clone(), line)));
        }
    }
    found
}

/// Returns the methods that modules add to types of others, by name.
fn added(files: &[DomainFile]) -> BTreeMap<&str, Module> {
    let mut types: BTreeMap<&str, BTreeSet<&Module>> = BTreeMap::new();
    let mut functions: BTreeMap<&str, BTreeSet<&Module>> = BTreeMap::new();
    for file in files {
        for (_, line) in file.source.lines() {
            if let Some(name) = after(line, &["struct ", "enum "]).filter(|_| !line.starts_with(' ')) {
                types.entry(name).or_default().insert(&file.module);
            }
            if let Some(name) = after(line, &["fn "]) {
                functions.entry(name).or_default().insert(&file.module);
            }
        }
    }
    let mut added = BTreeMap::new();
    for file in files {
        let mut is_foreign = false;
        for (_, line) in file.source.lines() {
            if let Some(block) = line.strip_prefix("impl") {
                let name = implemented(block);
                is_foreign = types.get(name).is_some_and(|modules| !modules.contains(&file.module));
            } else if line.starts_with('}') {
                is_foreign = false;
            } else if let Some(name) = after(line, &["fn "]).filter(|_| is_foreign)
                && functions.get(name).is_some_and(|modules| modules.len() == 1)
            {
                added.insert(name, file.module.clone());
            }
        }
    }
    added
}

/// Returns the type of an inherent implementation, given the text after `impl`. Empty for that of a trait.
fn implemented(block: &str) -> &str {
    if block.contains(" for ") {
        return "";
    }
    let generic = block.trim_start().starts_with('<');
    let named = if generic {
        block.split_once("> ").map_or("", |(_, named)| named)
    } else {
        block
    };
    word(named.trim_start())
}

/// Returns the word after the first of these texts in a line.
fn after<'l>(line: &'l str, texts: &[&str]) -> Option<&'l str> {
    let at = texts.iter().find_map(|text| line.find(text).map(|at| at + text.len()))?;
    Some(word(&line[at..])).filter(|word| !word.is_empty())
}

/// Returns the names in a line after a full stop, if called, or after a type.
fn calls(line: &str) -> impl Iterator<Item = &str> {
    let methods = line.split('.').skip(1).filter(|rest| rest[word(rest).len()..].starts_with('(')).map(word);
    let functions = line.split("::").zip(line.split("::").skip(1)).filter(|(of, _)| ends_in_type(of));
    methods.chain(functions.map(|(_, name)| word(name)))
}

fn ends_in_type(text: &str) -> bool {
    let name = text.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next();
    name.is_some_and(|name| name.starts_with(char::is_uppercase))
}

fn word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())]
}
