//! Copies the packaged app into a temporary folder, with another configuration and other schedules.

use std::fs;
use std::path::Path;

use azurite::Account;
use host_stand_in::HandlerEnvironment;
use serde_json::Value;
use tempfile::TempDir;

use crate::error::DevError;
use crate::storage::{BASTION, CONTAINER};

/// Schedule of all timers with more than one run a day.
const SCHEDULE: &str = "*/5 * * * * *";

/// App setting with the webhook's signing secret in a check.
const SECRET: (&str, &str) = ("DEV_WEBHOOK_SECRET", "whsec_bm8gc2VjcmV0OiBub2JvZHkgYnV0IGEgdGVzdCBoZWFycyBpdA==");

/// Copies the app with this configuration and frequent timers; the copy is deleted on drop.
pub fn copied(app: &Path, configuration: &str) -> Result<TempDir, DevError> {
    let folder = TempDir::new().map_err(DevError::needed)?;
    copy(app, folder.path())?;
    write(&folder.path().join("archivist.yaml"), configuration)?;
    for entry in fs::read_dir(app).map_err(DevError::file(app))? {
        let path = folder.path().join(entry.map_err(DevError::file(app))?.file_name()).join("function.json");
        if path.is_file() {
            let text = fs::read_to_string(&path).map_err(DevError::file(&path))?;
            write(&path, &fired_often(&text).map_err(DevError::needed)?)?;
        }
    }
    Ok(folder)
}

/// Makes a message visible again two seconds after a failed call, instead of minutes.
pub fn hurry(folder: &Path) -> Result<(), DevError> {
    let path = folder.join("host.json");
    let text = fs::read_to_string(&path).map_err(DevError::file(&path))?;
    let mut host: Value = serde_json::from_str(&text).map_err(DevError::needed)?;
    host["extensions"]["queues"]["visibilityTimeout"] = "00:00:02".into();
    write(&path, &host.to_string())
}

/// App settings of every instance.
pub fn settings(account: &Account) -> HandlerEnvironment {
    let settings = [
        ("AzureWebJobsStorage", account.connection_string()),
        ("FUNCTIONS_WORKER_RUNTIME", "custom".to_owned()),
        ("RUST_LOG", "info".to_owned()),
        (SECRET.0, SECRET.1.to_owned()),
    ];
    settings.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Configuration with seconds instead of the usual minutes and hours.
pub fn configuration(account: &Account) -> String {
    let url = &account.blob_url;
    format!(
        "version: 1
bastions:
  - name: bas-dev
    recordings: {{ account_url: \"{url}\", container: {CONTAINER} }}
matching: {{ settle_after: PT3S, active_at_most: PT30S }}
notifications:
  channels:
    print: {{ kind: stub }}
"
    )
}

/// Like [`configuration`], but with an audit log, a policy and a webhook. The periods keep the result independent of
/// timing: a recording becomes final only after the day's one deletion, late records are awaited for hours, and a slow
/// machine may write late.
pub fn configuration_of_check(account: &Account, webhook: &str) -> String {
    let (url, secret) = (&account.blob_url, SECRET.0);
    format!(
        "version: 1
bastions:
  - name: LOCAL
    resource_id: {BASTION}
    recordings: {{ account_url: \"{url}\", container: {CONTAINER} }}
    audit_logs: {{ account_url: \"{url}\" }}
matching:
  settle_after: PT10S
  active_at_most: PT45S
  start_tolerance: PT15S
  end_tolerance: PT15S
retention:
  default_class: standard
  classes:
    standard: {{ retain_for: P1Y, delete_after: P1Y, then: delete }}
notifications:
  channels:
    webhook: {{ kind: webhook, url: \"{webhook}\", secret_env: {secret} }}
"
    )
}

fn fired_often(function_json: &str) -> serde_json::Result<String> {
    let mut function: Value = serde_json::from_str(function_json)?;
    for binding in function["bindings"].as_array_mut().into_iter().flatten() {
        // Daily functions are fired by hand.
        let is_daily = binding["schedule"].as_str().is_some_and(|schedule| schedule.split(' ').nth(2) != Some("*"));
        if binding["type"] == "timerTrigger" && !is_daily {
            binding["schedule"] = SCHEDULE.into();
        }
    }
    serde_json::to_string(&function)
}

fn copy(from: &Path, to: &Path) -> Result<(), DevError> {
    fs::create_dir_all(to).map_err(DevError::file(to))?;
    for entry in fs::read_dir(from).map_err(DevError::file(from))? {
        let entry = entry.map_err(DevError::file(from))?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to)?;
        } else {
            fs::copy(&path, &to).map_err(DevError::file(&path))?;
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), DevError> {
    fs::write(path, text).map_err(DevError::file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_fire_often_and_nothing_else_is_changed() {
        let timer = r#"{"bindings":[{"name":"timer","schedule":"0 * * * * *","type":"timerTrigger"}]}"#;
        assert_eq!(fired_often(timer).unwrap(), timer.replace("0 * * * * *", SCHEDULE));
        let daily = r#"{"bindings":[{"name":"timer","schedule":"30 40 6 * * *","type":"timerTrigger"}]}"#;
        assert_eq!(fired_often(daily).unwrap(), daily);
        let queue = r#"{"bindings":[{"name":"event","type":"queueTrigger"}]}"#;
        assert_eq!(fired_often(queue).unwrap(), queue);
    }
}
