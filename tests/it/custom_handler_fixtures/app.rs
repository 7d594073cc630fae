//! Checks the sample app against the host's rules for loading functions.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use host_protocol::names::{is_binding_name, is_function_name};
use serde_json::Value;

use super::{FIXTURES, files};

fn app() -> PathBuf {
    Path::new(FIXTURES).join("app")
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_host_loads_the_functions_of_the_sample_app() {
    let folders: Vec<_> = files(&app()).into_iter().filter(|file| file.is_dir()).collect();
    assert_eq!(folders.len(), 7);
    for folder in folders {
        let function = folder.file_name().unwrap().to_str().unwrap();
        assert!(is_function_name(function), "{function}");
        let definition = json(&folder.join("function.json"));
        let bindings = definition["bindings"].as_array().unwrap();
        let names: Vec<_> = bindings.iter().map(|binding| binding["name"].as_str().unwrap()).collect();
        assert!(names.iter().all(|name| is_binding_name(name)), "{function}: {names:?}");
        let distinct: BTreeSet<_> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        assert_eq!(distinct.len(), names.len(), "{function}: names are unique without case");
        assert_eq!(bindings.iter().filter(|binding| is_trigger(binding)).count(), 1, "{function}: one trigger");
        assert_eq!(files(&folder).len(), 1, "{function}: nothing else in the folder");
    }
}

fn is_trigger(binding: &Value) -> bool {
    binding["type"].as_str().unwrap().to_ascii_lowercase().ends_with("trigger")
}

#[test]
fn the_host_accepts_the_host_json_of_the_sample_app() {
    let host = json(&app().join("host.json"));
    assert_eq!(host["version"], "2.0");
    let executable = host["customHandler"]["description"]["defaultExecutablePath"].as_str().unwrap();
    assert!(!executable.is_empty());
    let queues = &host["extensions"]["queues"];
    assert!(queues["batchSize"].as_u64().unwrap() <= 32);
    assert_ne!(queues["visibilityTimeout"], "00:00:00", "all tries would be spent within seconds of an outage");
    assert_eq!(host["extensions"]["http"]["routePrefix"], "");
}
