//! Tests of the hooks run by `azd`: before a deployment, one builds or downloads the package and rejects one with
//! another digest; before `azd down`, one rejects versions that delete resource groups of others.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Output};

use tempfile::TempDir;

/// Content and SHA-256 of the fake release.
const PACKAGE: &str = "a package\n";
const DIGEST: &str = "c5919a885d0e983e8bcfedc3ad1ab67b4020c2c31be5bfc2e8117f072fdc9106";

/// Folder of the fake programs called by the hooks.
const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/structure/programs");

/// Creates a clone with only the hook.
///
/// The hook is a symbolic link, not a copy: a file written while another test forks a process stays open in the child
/// until its exec, so executing it fails ("text file busy").
fn clone() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let hooks = folder.path().join("infra/hooks");
    fs::create_dir_all(&hooks).unwrap();
    symlink(concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/hooks/package.sh"), hooks.join("package.sh")).unwrap();
    folder
}

fn run(clone: &TempDir, variables: &[(&str, &str)]) -> Output {
    let mut hook = Command::new(clone.path().join("infra/hooks/package.sh"));
    hook.env_clear().env("PATH", format!("{PROGRAMS}:/usr/bin:/bin"));
    hook.envs(variables.iter().copied()).current_dir("/").output().unwrap()
}

fn package(clone: &TempDir) -> Option<String> {
    fs::read_to_string(clone.path().join("archivist.zip")).ok()
}

const URL: (&str, &str) = ("ARCHIVIST_RELEASE_URL", "https://releases.example/archivist.zip");

#[test]
fn without_a_release_the_package_is_built_here() {
    let clone = clone();
    assert!(run(&clone, &[]).status.success());
    assert_eq!(package(&clone).as_deref(), Some("--locked xtask package\n"));
}

#[test]
fn a_release_with_the_digest_that_was_given_is_taken() {
    for digest in [DIGEST.to_owned(), DIGEST.to_uppercase()] {
        let clone = clone();
        let done = run(&clone, &[URL, ("ARCHIVIST_RELEASE_SHA256", &digest)]);
        assert!(done.status.success(), "{done:?}");
        assert_eq!(package(&clone).as_deref(), Some(PACKAGE));
        assert!(String::from_utf8_lossy(&done.stdout).contains(DIGEST));
    }
}

#[test]
fn a_release_without_the_right_digest_is_rejected() {
    for variables in [vec![URL, ("ARCHIVIST_RELEASE_SHA256", "00")], vec![URL]] {
        let clone = clone();
        let done = run(&clone, &variables);
        assert!(!done.status.success() && !done.stderr.is_empty(), "{done:?}");
        assert_eq!(package(&clone), None);
    }
}

/// Runs the hook before `azd down` with a version of azd.
fn down(version: &str, group: Option<&str>) -> Output {
    let group = group.map(|group| ("AZURE_RESOURCE_GROUP", group));
    down_with(version, &group.into_iter().collect::<Vec<_>>())
}

fn down_with(version: &str, variables: &[(&str, &str)]) -> Output {
    let mut hook = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/hooks/predown.sh"));
    hook.env_clear().env("PATH", format!("{PROGRAMS}:/usr/bin:/bin")).env("FAKE_AZD_VERSION", version);
    hook.envs(variables.iter().copied()).output().unwrap()
}

#[test]
fn an_azd_that_deletes_groups_of_others_is_refused() {
    for version in ["1.24.0", "1.9.5", "0.99.9", "1.24", "dev"] {
        let done = down(version, Some("rg-archivist-a"));
        assert_eq!(done.status.code(), Some(1), "{version}: {done:?}");
        assert!(String::from_utf8_lossy(&done.stderr).contains("az group delete --name rg-archivist-a"), "{done:?}");
    }
}

#[test]
fn before_azd_down_the_resources_to_delete_are_listed() {
    for version in ["1.24.1", "1.24.10", "1.100.0", "2.0.0", "1.25.0-beta.1"] {
        let done = down(version, Some("rg-archivist-a"));
        assert!(done.status.success(), "{version}: {done:?}");
        let listed = String::from_utf8_lossy(&done.stdout);
        assert!(listed.contains("/resourceGroups/rg-archivist-a/providers/Microsoft.Storage/"), "{listed}");
    }
    let listed = down("1.24.1", None);
    assert!(listed.status.success() && String::from_utf8_lossy(&listed.stdout).contains("is not set"), "{listed:?}");
}

#[test]
fn the_list_before_azd_down_is_of_the_subscription_of_the_environment() {
    let group = ("AZURE_RESOURCE_GROUP", "rg-archivist-a");
    for (variables, subscription) in [
        (vec![group, ("AZURE_SUBSCRIPTION_ID", "s-of-azd")], "s-of-azd"),
        (vec![group, ("AZURE_SUBSCRIPTION_ID", "")], "selected"),
        (vec![group], "selected"),
    ] {
        let done = down_with("1.24.1", &variables);
        let listed = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success(), "{done:?}");
        assert!(listed.contains(&format!("/subscriptions/{subscription}/resourceGroups/rg-archivist-a/")), "{listed}");
    }
}

#[test]
fn an_azure_cli_that_fails_does_not_refuse_azd_down() {
    let done = down_with("1.24.1", &[("AZURE_RESOURCE_GROUP", "rg-archivist-a"), ("FAKE_AZ_FAILS", "1")]);
    assert!(done.status.success(), "{done:?}");
    assert!(String::from_utf8_lossy(&done.stdout).contains("could not list them"), "{done:?}");
}
