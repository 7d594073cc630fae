//! Rule: `azure.yaml`, `host.json`, every `function.json`, the parameter files and the workflows match their JSON
//! Schemas.

use jsonschema::Validator;
use serde_json::Value;

use crate::repository::Repository;
use crate::yaml;

/// Checks every file against the schema of its reader.
pub fn check(repository: &Repository) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in &repository.files {
        let Some(schema) = schema(path) else { continue };
        let document = if path.ends_with(".json") {
            serde_json::from_str(text).map_err(|error| error.to_string())
        } else {
            yaml::read(text)
        };
        match document {
            Ok(document) => {
                findings.extend(problems(&schema, &document).into_iter().map(|what| format!("{path}: {what}")));
            }
            Err(error) => findings.push(format!("{path}: cannot be read: {error}")),
        }
    }
    for needed in ["azure.yaml", "host.json"] {
        if !repository.files.contains_key(needed) {
            findings.push(format!("{needed} is missing"));
        }
    }
    findings
}

fn schema(path: &str) -> Option<Validator> {
    let text = match path {
        "azure.yaml" => include_str!("../../../schemas/azure-yaml.json"),
        "host.json" => include_str!("../../../schemas/host-json.json"),
        _ if path.starts_with("functions/") && path.ends_with("/function.json") => {
            include_str!("../../../schemas/function-json.json")
        }
        _ if path.starts_with("infra/") && path.ends_with(".parameters.json") => {
            include_str!("../../../schemas/parameters-json.json")
        }
        _ if path.starts_with(".github/workflows/") => include_str!("../../../schemas/workflow.json"),
        _ => return None,
    };
    let schema: Value = serde_json::from_str(text).unwrap();
    Some(jsonschema::validator_for(&schema).unwrap())
}

fn problems(schema: &Validator, document: &Value) -> Vec<String> {
    schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn a_file_of_another_form_is_found() {
    let here = Repository::here();
    for (path, text, other) in [
        ("azure.yaml", "host: function", "hosts: function"),
        ("azure.yaml", "name: bastion-archivist\n", "name: Bastion_Archivist\n"),
        ("azure.yaml", "language: custom", "language: rust"),
        ("azure.yaml", "prepackage:", "prepackaged:"),
        ("azure.yaml", "infra:", "infra: ["),
        ("host.json", "\"2.0\"", "2"),
        ("host.json", "\"maxDequeueCount\": 12", "\"maxDequeueCount\": \"12\""),
        ("host.json", "\"00:30:00\",\n  \"ext", "\"5m\",\n  \"ext"),
        ("host.json", "maxPollingInterval", "pollingInterval"),
        ("host.json", "Request;Trace", "Request"),
        ("host.json", "\"extensionBundle\"", "\"bundle\""),
        ("functions/join_sweep/function.json", "0 * * * * *", "* * * * *"),
        ("functions/join_sweep/function.json", "\"timer\"", "\"the_timer\""),
        ("functions/join_sweep/function.json", "useMonitor", "monitor"),
        ("functions/recording_landed/function.json", "queueName", "queue"),
        ("functions/recording_landed/function.json", "recording-events", "Recording_Events"),
        ("functions/recording_landed/function.json", "\"in\"", "\"out\""),
        ("infra/main.parameters.json", "contentVersion", "version"),
        (".github/workflows/ci.yml", "runs-on", "runs"),
        (".github/workflows/ci.yml", "- run: .ci/run", "- runs: .ci/run"),
        (".github/workflows/release.yml", "permissions:\n  contents: read\n", ""),
    ] {
        assert!(!check(&here.with(path, text, other)).is_empty(), "{path}: {other}");
    }
}
