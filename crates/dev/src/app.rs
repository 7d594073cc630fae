//! The packaged app with another configuration and other schedules, in a folder that nobody keeps.

use std::fs;
use std::path::Path;

use azurite::Account;
use host_stand_in::AppSettings;
use serde_json::Value;
use tempfile::TempDir;

use crate::error::DevError;
use crate::storage::CONTAINER;

/// Every timer fires this often.
const SCHEDULE: &str = "*/5 * * * * *";

/// A copy of the app, changed; it goes when it is dropped.
pub fn copied(app: &Path, account: &Account) -> Result<TempDir, DevError> {
    let folder = TempDir::new().map_err(DevError::needed)?;
    copy(app, folder.path())?;
    write(&folder.path().join("archivist.yaml"), &configuration(account))?;
    for entry in fs::read_dir(app).map_err(DevError::file(app))? {
        let path = folder.path().join(entry.map_err(DevError::file(app))?.file_name()).join("function.json");
        if path.is_file() {
            let text = fs::read_to_string(&path).map_err(DevError::file(&path))?;
            write(&path, &fired_often(&text).map_err(DevError::needed)?)?;
        }
    }
    Ok(folder)
}

/// The app settings of every instance.
pub fn settings(account: &Account) -> AppSettings {
    let settings = [
        ("AzureWebJobsStorage", account.connection_string()),
        ("FUNCTIONS_WORKER_RUNTIME", "custom".to_owned()),
        ("RUST_LOG", "info".to_owned()),
    ];
    settings.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Seconds where there are minutes and hours in Azure.
fn configuration(account: &Account) -> String {
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

fn fired_often(function_json: &str) -> serde_json::Result<String> {
    let mut function: Value = serde_json::from_str(function_json)?;
    for binding in function["bindings"].as_array_mut().into_iter().flatten() {
        if binding["type"] == "timerTrigger" {
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
        let queue = r#"{"bindings":[{"name":"event","type":"queueTrigger"}]}"#;
        assert_eq!(fired_often(queue).unwrap(), queue);
    }
}
