//! Checks an app's folder against the rules of the Functions host. If a rule is broken, the host skips the function or
//! does not start, and reports it only in its log.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::tidy::{binding, is_function_name};

/// Triggers that the host supports without the extension bundle.
const BUILT_IN: [&str; 2] = ["timerTrigger", "httpTrigger"];

/// Returns everything in this app folder that the host would refuse or skip.
///
/// # Errors
/// Returns an error if the folder cannot be listed.
pub fn problems(app: &Path) -> io::Result<Vec<String>> {
    let host: Value = json(&app.join("host.json"));
    let mut problems = Vec::new();
    if host["version"] != "2.0" {
        problems.push("host.json: \"version\" is not the text \"2.0\"".to_owned());
    }
    problems.extend(executable(app, &host));
    let mut triggers = Vec::new();
    for path in listed(app)? {
        if path.is_dir() {
            problems.extend(function(&path)?);
            triggers.extend(function_triggers(&path));
        }
    }
    if triggers.is_empty() {
        problems.push("no function".to_owned());
    }
    let bundle = &host["extensionBundle"];
    let has_bundle = bundle["id"].is_string() && bundle["version"].is_string();
    if !has_bundle && triggers.iter().any(|trigger| !BUILT_IN.contains(&trigger.as_str())) {
        problems.push("host.json: no extensionBundle, which the queue trigger comes from".to_owned());
    }
    problems.extend(unreadable(app)?);
    Ok(problems)
}

/// Checks the program that the host starts: its path is relative, the file exists and is executable.
fn executable(app: &Path, host: &Value) -> Option<String> {
    let path = host["customHandler"]["description"]["defaultExecutablePath"].as_str().unwrap_or_default();
    if path.is_empty() || Path::new(path).is_absolute() {
        return Some(format!("host.json: defaultExecutablePath {path:?} is not a file of the app"));
    }
    match fs::metadata(app.join(path)) {
        Ok(file) if file.is_file() && file.permissions().mode() & 0o111 == 0o111 => None,
        Ok(_) => Some(format!("{path}: cannot be run")),
        Err(_) => Some(format!("{path}: missing, and host.json starts it")),
    }
}

/// Checks a folder of the app: it must be a function and contain only `function.json`.
fn function(folder: &Path) -> io::Result<Vec<String>> {
    let name = name(folder);
    let mut problems = Vec::new();
    if !is_function_name(&name) || name == "host" {
        problems.push(format!("{name}: not a function name"));
    }
    for path in listed(folder)? {
        if path.file_name().is_none_or(|file| file != "function.json") || !path.is_file() {
            problems.push(format!("{name}: holds more than function.json"));
        }
    }
    let file = folder.join("function.json");
    let text = fs::read_to_string(&file).unwrap_or_default();
    problems.extend(binding::problems(&text).into_iter().map(|problem| format!("{name}/function.json: {problem}")));
    let queues = bindings(&file).into_iter().filter(|binding| binding["type"] == "queueTrigger");
    for queue in queues {
        if !is_queue_name(queue["queueName"].as_str().unwrap_or_default()) || !queue["connection"].is_string() {
            problems.push(format!("{name}/function.json: the trigger does not name queue and connection"));
        }
    }
    Ok(problems)
}

fn function_triggers(folder: &Path) -> Vec<String> {
    let types = bindings(&folder.join("function.json"));
    let types = types.iter().filter_map(|binding| binding["type"].as_str());
    types.filter(|kind| kind.ends_with("Trigger")).map(str::to_owned).collect()
}

/// Returns true for a valid storage queue name: 3 to 63 lower-case letters, digits and single inner hyphens.
fn is_queue_name(name: &str) -> bool {
    (3..=63).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && name.split('-').all(|part| !part.is_empty())
}

/// Returns a problem for each file that is not world-readable; the host runs as a different user.
fn unreadable(folder: &Path) -> io::Result<Vec<String>> {
    let mut problems = Vec::new();
    for path in listed(folder)? {
        if path.is_dir() {
            problems.extend(unreadable(&path)?);
        } else if fs::metadata(&path)?.permissions().mode() & 0o444 != 0o444 {
            problems.push(format!("{}: not readable by all", name(&path)));
        }
    }
    Ok(problems)
}

fn listed(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn bindings(function_json: &Path) -> Vec<Value> {
    json(function_json)["bindings"].as_array().cloned().unwrap_or_default()
}

fn json(path: &Path) -> Value {
    fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
