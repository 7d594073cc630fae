//! Checks the layers of the domain: records know no policy, policies know no decision, and no modules form a cycle.
//!
//! A module is a file or a folder of a layer, or of the root of the domain, which is below all layers. A module depends
//! on another if a path names it, or if it calls a method that only the other one adds to a type of a third module.

mod methods;
mod paths;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Finding;
use super::source::Source;
use super::tree::Tree;

/// Folder of the domain.
const DOMAIN: &str = "crates/domain/src/";
/// Layers, from the lowest.
const LAYERS: [&str; 3] = ["record", "policy", "decide"];

/// Module of the domain, or a layer itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Module {
    /// Position of the layer, counted from 1; 0 at the root.
    layer: usize,
    name: String,
}

/// One place at which a module depends on another.
struct Dependency {
    from: Module,
    to: Module,
    path: String,
    line: usize,
}

/// File of the domain.
struct DomainFile {
    /// Path below the root of the repository.
    path: String,
    /// Path of its module below the crate, such as `record`, `session`, `entry`.
    place: Vec<String>,
    module: Module,
    source: Source,
}

/// Checks every source file of the domain, including its unit tests.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let files: Vec<DomainFile> = tree.rust().filter_map(|(path, text)| DomainFile::read(path, text)).collect();
    let mut dependencies: Vec<Dependency> = files.iter().flat_map(DomainFile::named).collect();
    dependencies.extend(methods::called(&files));
    dependencies.retain(|one| one.from != one.to);
    upward(&dependencies).chain(cycles(&dependencies)).collect()
}

impl DomainFile {
    fn read(path: &str, text: &str) -> Option<Self> {
        let below = path.strip_prefix(DOMAIN)?.strip_suffix(".rs")?;
        let mut place: Vec<String> = below.split('/').map(str::to_owned).collect();
        if matches!(place.last().map(String::as_str), Some("mod" | "lib")) {
            place.pop();
        }
        let module = Module::at(&place)?;
        Some(Self { path: path.to_owned(), place, module, source: Source::read(text) })
    }

    /// Returns the dependencies by paths.
    fn named(&self) -> impl Iterator<Item = Dependency> {
        paths::named(&self.source.code, &self.place)
            .into_iter()
            .filter_map(|(line, path)| Some(self.depends_on(Module::at(&path)?, line)))
    }

    fn depends_on(&self, to: Module, line: usize) -> Dependency {
        Dependency { from: self.module.clone(), to, path: self.path.clone(), line }
    }
}

impl Module {
    /// Returns the module of a path below the crate. `None` for the crate itself.
    fn at(path: &[String]) -> Option<Self> {
        let first = path.first()?;
        match LAYERS.iter().position(|layer| layer == first) {
            Some(layer) => {
                let name = path.get(1).filter(|name| *name != "*" && *name != "self");
                Some(Self { layer: layer + 1, name: name.cloned().unwrap_or_default() })
            }
            None => Some(Self { layer: 0, name: first.clone() }),
        }
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layer = self.layer.checked_sub(1).map(|layer| LAYERS[layer]);
        let name = Some(self.name.as_str()).filter(|name| !name.is_empty());
        f.write_str(&layer.into_iter().chain(name).collect::<Vec<_>>().join("::"))
    }
}

/// Finds dependencies on a higher layer.
fn upward(dependencies: &[Dependency]) -> impl Iterator<Item = Finding> {
    dependencies.iter().filter(|one| one.from.layer < one.to.layer).map(|one| {
        let what = format!("`{}` depends on `{}`, which is in a higher layer", one.from, one.to);
        Finding::line(&one.path, one.line, what)
    })
}

/// Finds dependencies that are part of a cycle within a layer, one for each pair of modules. A cycle over several layers
/// has a dependency on a higher one.
fn cycles(dependencies: &[Dependency]) -> impl Iterator<Item = Finding> {
    let mut next: BTreeMap<&Module, BTreeSet<&Module>> = BTreeMap::new();
    for one in dependencies.iter().filter(|one| one.from.layer == one.to.layer) {
        next.entry(&one.from).or_default().insert(&one.to);
    }
    let mut known = BTreeSet::new();
    dependencies
        .iter()
        .filter(|one| one.from.layer == one.to.layer)
        .filter(move |one| known.insert((&one.from, &one.to)) && reaches(&next, &one.to, &one.from))
        .map(|one| Finding::line(&one.path, one.line, format!("`{}` and `{}` are in a cycle", one.from, one.to)))
}

fn reaches(next: &BTreeMap<&Module, BTreeSet<&Module>>, from: &Module, wanted: &Module) -> bool {
    let (mut seen, mut open) = (BTreeSet::from([from]), vec![from]);
    while let Some(module) = open.pop() {
        let fresh: Vec<&Module> =
            next.get(module).into_iter().flatten().copied().filter(|to| seen.insert(to)).collect();
        open.extend(fresh);
    }
    seen.contains(wanted)
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    const ENTRY: (&str, &str) =
        ("crates/domain/src/record/entry.rs", "pub struct Entry;\nimpl Entry {\n    fn a() {}\n}");

    /// Returns the findings about these files of the domain beside [`ENTRY`].
    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|(path, text)| (format!("crates/domain/src/{path}"), *text)).collect();
        let mut all = vec![ENTRY];
        all.extend(files.iter().map(|(path, text)| (path.as_str(), *text)));
        check(&Tree::from_files(&all)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_dependency_on_a_higher_layer_is_found() {
        for (path, text) in [
            ("record/session/mod.rs", "use crate::policy::hold::covers;"),
            ("record/session/mod.rs", "use crate::decide;"),
            ("policy/hold.rs", "use crate::{\n    digest,\n    decide::{join::judge, context},\n};"),
            ("policy/hold.rs", "fn a() { super::super::decide::join::judge() }"),
            ("digest.rs", "fn a() -> crate::record::entry::Entry {}"),
            ("record/session/mod.rs", "#[cfg(test)]\nmod tests {\n    use crate::decide::join::judge;\n}"),
        ] {
            assert!(found(&[(path, text)])[0].contains("in a higher layer"), "{path} {text}");
        }
    }

    #[test]
    fn a_cycle_of_modules_is_found_at_every_edge() {
        let found = found(&[
            ("policy/hold/mod.rs", "use crate::policy::tags::plan;"),
            ("policy/tags.rs", "use crate::policy::retention::Policy;"),
            ("policy/retention/mod.rs", ""),
            ("policy/retention/warrant.rs", "use super::super::hold::{covers, carried};"),
        ]);
        assert_eq!(
            found,
            [
                "crates/domain/src/policy/hold/mod.rs:1: `policy::hold` and `policy::tags` are in a cycle",
                "crates/domain/src/policy/retention/warrant.rs:1: `policy::retention` and `policy::hold` are in a cycle",
                "crates/domain/src/policy/tags.rs:1: `policy::tags` and `policy::retention` are in a cycle",
            ]
        );
    }

    #[test]
    fn a_call_of_a_method_that_a_higher_layer_adds_is_found() {
        let judged = ("decide/join.rs", "impl Entry {\n    pub fn judged(&self) {}\n    fn a() {}\n}");
        for call in ["fn b(one: &Entry) { one.judged() }", "fn b() { map(Entry::judged) }"] {
            let found = found(&[judged, ("record/session.rs", call)]);
            assert_eq!(found.len(), 1, "{call}");
            assert!(found[0].ends_with("`record::session` depends on `decide::join`, which is in a higher layer"));
        }
        assert!(found(&[judged, ("record/session.rs", "fn b() { Entry::a() }")]).is_empty());
    }

    #[test]
    fn dependencies_downward_and_within_a_module_are_allowed() {
        assert!(
            found(&[
                ("decide/join/mod.rs", "use crate::policy::hold::covers;\nuse crate::record::entry::Entry;"),
                ("decide/join/judge.rs", "use super::covers;\nuse crate::decide::join::walk;\nuse crate::digest;"),
                ("policy/hold.rs", "// crate::decide::join\nmod tests {\n    use super::*;\n}"),
                ("lib.rs", "pub mod record;"),
            ])
            .is_empty()
        );
    }
}
