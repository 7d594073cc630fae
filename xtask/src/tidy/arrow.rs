//! Checks the dependencies between workspace crates. A new crate must be added to the table here.

use super::Finding;
use super::tree::{CargoPackage, Tree};

/// Workspace crates that each member may depend on; dev-dependencies are not counted.
const ARROW: [(&str, &[&str]); 26] = [
    ("audit-log", &[]),
    ("azurite", &[]),
    ("domain", &[]),
    ("host-protocol", &[]),
    ("infra", &[]),
    ("random", &[]),
    ("telemetry", &[]),
    ("storage-events", &["domain"]),
    ("storage-log", &["audit-log"]),
    ("estate-simulator", &["domain", "random"]),
    ("configuration", &["domain"]),
    ("evidence", &["domain"]),
    ("pipeline", &["audit-log", "domain", "evidence", "storage-log"]),
    ("adapters-azure", &["domain", "evidence", "pipeline"]),
    ("adapters-local", &["domain", "pipeline"]),
    ("catalogue-api", &["domain", "pipeline"]),
    ("catalogue-page", &["domain", "pipeline"]),
    ("channels", &["domain", "pipeline"]),
    (
        "host-stand-in",
        &["adapters-azure", "adapters-local", "domain", "host-protocol", "pipeline", "random", "storage-events"],
    ),
    ("wiring", &["adapters-azure", "adapters-local", "channels", "configuration", "domain", "pipeline", "telemetry"]),
    (
        "functions",
        &[
            "adapters-local", "catalogue-api", "catalogue-page", "channels", "configuration", "domain",
            "host-protocol", "pipeline", "storage-events", "telemetry", "wiring",
        ],
    ),
    ("cli", &["adapters-local", "configuration", "domain", "evidence", "pipeline", "wiring"]),
    (
        "bastion-archivist",
        &[
            "adapters-local", "cli", "configuration", "domain", "functions", "host-stand-in", "pipeline", "telemetry",
            "wiring",
        ],
    ),
    ("dev", &["adapters-azure", "adapters-local", "azurite", "domain", "host-stand-in", "pipeline", "storage-events"]),
    ("man-pages", &["bastion-archivist"]),
    ("xtask", &[]),
];

/// External crates that the pure domain may depend on.
const DOMAIN_NEEDS: [&str; 12] = [
    "icu_normalizer", "ipnet", "jiff", "memchr", "pathfinding", "regex-lite", "serde", "sha2", "smallvec", "strum",
    "thiserror", "wildmatch",
];

/// Crates that must not depend on the async runtime: decoding and deciding do not wait.
const WITHOUT_RUNTIME: [&str; 11] = [
    "audit-log", "catalogue-api", "domain", "estate-simulator", "evidence", "host-protocol", "storage-events",
    "storage-log", "configuration", "pipeline", "catalogue-page",
];

/// Checks every manifest against the tables.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.packages.iter().flat_map(|package| check_package(package, &tree.packages)).collect()
}

fn check_package(package: &CargoPackage, members: &[CargoPackage]) -> Vec<Finding> {
    let name = package.name.as_str();
    let Some((_, allowed)) = ARROW.iter().find(|(member, _)| *member == name) else {
        let what =
            format!("crate {name} is not in the table of xtask/src/tidy/arrow.rs: state its allowed dependencies");
        return vec![Finding::file("Cargo.toml", what)];
    };
    let is_member = |needed: &str| members.iter().any(|member| member.name == needed);
    let needed = package.dependencies.iter().map(String::as_str);
    let wrong = needed.filter(|needed| {
        (is_member(needed) && !allowed.contains(needed))
            || (name == "domain" && !is_member(needed) && !DOMAIN_NEEDS.contains(needed))
            || (*needed == "tokio" && WITHOUT_RUNTIME.contains(&name))
    });
    wrong.map(|needed| Finding::file("Cargo.toml", format!("crate {name} may not depend on {needed}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::{CargoPackage, Tree};
    use super::check;

    fn findings(packages: &[(&str, &[&str])]) -> Vec<String> {
        let packages = packages.iter().map(|(name, needs)| CargoPackage {
            name: (*name).to_owned(),
            dependencies: needs.iter().map(|need| (*need).to_owned()).collect(),
        });
        let tree = Tree { packages: packages.collect(), ..Tree::default() };
        check(&tree).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn a_dependency_against_the_arrow_is_found() {
        let found = findings(&[("domain", &[]), ("pipeline", &["domain", "adapters-local"]), ("adapters-local", &[])]);
        assert_eq!(found, ["crate pipeline may not depend on adapters-local"]);
    }

    #[test]
    fn the_domain_needs_nothing_that_touches_the_world() {
        let found = findings(&[("domain", &["jiff", "rand", "tokio"])]);
        assert_eq!(found, ["crate domain may not depend on rand", "crate domain may not depend on tokio"]);
    }

    #[test]
    fn use_cases_stand_below_the_runtime() {
        assert_eq!(findings(&[("pipeline", &["tokio"])]), ["crate pipeline may not depend on tokio"]);
    }

    #[test]
    fn functions_and_commands_do_not_know_each_other() {
        let found = findings(&[("functions", &["cli"]), ("cli", &["functions"])]);
        assert_eq!(found, ["crate functions may not depend on cli", "crate cli may not depend on functions"]);
    }

    #[test]
    fn a_new_crate_must_declare_its_layer() {
        assert_eq!(findings(&[("brand-new", &[])]).len(), 1);
    }
}
