//! Policies in `examples/policies`, each with its assertions.

use std::path::{Path, PathBuf};

use super::run;

fn templates() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/policies");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders.into_iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path)).collect()
}

#[test]
fn every_template_passes_its_own_assertions_without_a_warning() {
    let templates = templates();
    assert_eq!(templates.len(), 7);
    for (name, folder) in templates {
        let text = std::fs::read_to_string(folder.join("archivist.yaml")).unwrap();
        let tests = std::fs::read_to_string(folder.join("policy-tests.yaml")).unwrap();
        let checked = run(Some(&text), &[], "policy check");
        assert_eq!((checked.code, checked.out.as_str()), (0, ""), "{name}");
        let ran = run(Some(&text), &[("policy-tests.yaml", &tests)], "policy test policy-tests.yaml");
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{name}");
    }
}

#[test]
fn no_template_enforces_by_default_and_every_class_ends() {
    for (name, folder) in templates() {
        let text = std::fs::read_to_string(folder.join("archivist.yaml")).unwrap();
        let policy = super::read(&text).retention.unwrap();
        assert!(!policy.enforce, "{name}");
        assert!(name != "gdpr-minimal" || policy.classes.iter().all(|class| class.delete_after.is_some()));
    }
}
