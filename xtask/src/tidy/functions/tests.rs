use super::super::tree::Tree;
use super::check;

const TIMER: &str =
    r#"{"bindings":[{"type":"timerTrigger","direction":"in","name":"timer","schedule":"0 * * * * *"}]}"#;

/// A valid tree with one function.
const SOUND: [(&str, &str); 7] = [
    ("functions/join_sweep/function.json", TIMER),
    ("functions/join_sweep/mod.rs", "pub const FUNCTION: &str = \"join_sweep\";"),
    ("functions/invocation/mod.rs", "//! A module that is no function."),
    ("functions/lib.rs", "pub mod invocation;\npub mod join_sweep;\n"),
    ("functions/registry.rs", "[function!(\"join_sweep\")]"),
    ("functions/router.rs", "router.route(\"/\", ready).route(\"/join_sweep\", post(join_sweep::handle))"),
    (
        "docs/functions.md",
        "# X\n\n## Commands\n\n| `a` |\n\n## The functions\n\n| name | does |\n|---|---|\n| `join_sweep` | x |\n",
    ),
];

/// Returns the findings after one file of the sound tree is replaced, or removed if `text` is `None`.
fn found_with(path: &str, text: Option<&str>) -> Vec<String> {
    let mut tree = Tree::from_files(&SOUND);
    match text {
        Some(text) => tree.files.insert(path.to_owned(), text.to_owned()),
        None => tree.files.remove(path),
    };
    check(&tree).iter().map(ToString::to_string).collect()
}

#[test]
fn a_consistent_function_has_no_findings() {
    assert!(check(&Tree::from_files(&SOUND)).is_empty());
}

#[test]
fn a_function_missing_in_one_place_is_found_there() {
    for (path, text, found) in [
        (
            "functions/join_sweep/function.json",
            None,
            "functions/join_sweep/function.json: missing: the host does not see the function",
        ),
        ("functions/join_sweep/mod.rs", None, "functions/join_sweep/mod.rs: missing: the function has no module"),
        ("functions/lib.rs", Some("// pub mod join_sweep;"), "functions/lib.rs: no `pub mod join_sweep;`"),
        ("functions/registry.rs", Some("// \"join_sweep\""), "functions/registry.rs: no \"join_sweep\""),
        ("functions/router.rs", Some("// \"/join_sweep\""), "functions/router.rs: no route \"/join_sweep\""),
        (
            "docs/functions.md",
            Some("## The functions\n"),
            "docs/functions.md: no row `join_sweep` in the table of functions",
        ),
    ] {
        assert_eq!(found_with(path, text), [found]);
    }
}

#[test]
fn a_route_or_a_row_without_a_function_is_found() {
    let router = "r.route(\"/join_sweep\", a).route(\"/no_such\", b)";
    assert!(!found_with("functions/router.rs", Some(router)).is_empty());
    let readme = "## Functions\n| `join_sweep` |\n| `no_such` |\n";
    assert!(!found_with("docs/functions.md", Some(readme)).is_empty());
}

#[test]
fn routes_in_the_tests_of_the_router_are_no_routes() {
    let router = "r.route(\"/join_sweep\", a)\n#[cfg(test)]\nmod tests { const X: &str = \"/no_such\"; }";
    assert!(found_with("functions/router.rs", Some(router)).is_empty());
}

#[test]
fn an_http_function_has_the_route_of_its_own_file() {
    let http = |route: &str| format!(r#"{{"bindings":[{{"type":"httpTrigger","name":"req","route":"{route}"}}]}}"#);
    let found = |route: &str| {
        let mut tree = Tree::from_files(&SOUND);
        tree.files.insert("functions/join_sweep/function.json".to_owned(), http(route));
        let router = r#"router.route("/", ready).route("/api/v1/{*path}", any(join_sweep::handle))"#;
        tree.files.insert("functions/router.rs".to_owned(), router.to_owned());
        check(&tree).len()
    };
    assert_eq!((found("api/v1/{*path}"), found("api/v2/{*path}")), (0, 1));
}

#[test]
fn a_span_of_another_name_is_found() {
    assert_eq!(found_with("functions/join_sweep/mod.rs", Some("const FUNCTION: &str = \"joinsweep\";")).len(), 1);
}

#[test]
fn a_stray_file_in_the_folder_is_found() {
    let found = found_with("functions/join_sweep/notes.txt", Some(""));
    assert_eq!(
        found,
        ["functions/join_sweep/notes.txt: a function's folder holds function.json and Rust files, nothing else"]
    );
}

#[test]
fn an_invalid_function_name_is_found() {
    let found = found_with("functions/Join-Sweep/function.json", Some(TIMER));
    assert!(found.iter().any(|finding| finding.contains("a function's name is a lower-case letter")), "{found:?}");
}

#[test]
fn a_function_json_that_the_host_skips_is_found() {
    assert_eq!(found_with("functions/join_sweep/function.json", Some("{}")).len(), 1);
}

#[test]
fn a_function_that_browsers_call_is_routed_by_its_own_route() {
    let http = r#"{"bindings":[{"type":"httpTrigger","direction":"in","name":"request","route":"ui/{*path}"}]}"#;
    let mut tree = Tree::from_files(&SOUND);
    tree.files.insert("functions/join_sweep/function.json".to_owned(), http.to_owned());
    let mut found_with = |router: &str| {
        tree.files.insert("functions/router.rs".to_owned(), router.to_owned());
        check(&tree).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(found_with("r.route(\"/ui\", a).route(\"/ui/{*path}\", a)").is_empty());
    assert_eq!(found_with("r.route(\"/ui\", a)"), ["functions/router.rs: no route \"/join_sweep\""]);
}
