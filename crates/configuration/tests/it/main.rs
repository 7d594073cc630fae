//! Tests of the public API: configurations, problems and warnings.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod bastions;
mod destinations;
mod documentation;
mod golden;
mod hosts;
mod matching;
mod privacy;
mod problems;
mod retention;
mod retention_rules;
mod reviews;
mod robustness;
mod routes;
mod secrets;
mod settings;
mod state;
mod storage_settings;
mod when;

use configuration::{AppPlace, Configuration, Problems};

/// App settings of the tests.
const SETTINGS: [(&str, &str); 14] = [
    ("AUDIT_ACCOUNT_URL", "https://staudit01.blob.core.windows.net"),
    ("RECORDINGS_ACCOUNT_URL", "https://stsessions01.blob.core.windows.net"),
    ("SIEM_SECRET", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
    ("SOC_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ("SOC_URL", "https://soc.example/hook?key=hidden"),
    ("STATE_BLOB_URL", "https://starchivist01.blob.core.windows.net"),
    ("STATE_QUEUE_URL", "https://starchivist01.queue.core.windows.net"),
    ("STATE_TABLE_URL", "https://starchivist01.table.core.windows.net"),
    ("BAD_SECRET", "whsec_hidden"),
    ("BAD_URL", "hidden.example"),
    ("EMPTY", ""),
    ("VAULT", "@Microsoft.KeyVault(SecretUri=https://hidden.vault.azure.net/secrets/siem)"),
    ("PRIVATE_URL", "https://10.0.0.5/hidden"),
    ("TWO_SECRETS", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
];

fn app_setting(name: &str) -> Option<String> {
    SETTINGS.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
}

fn read(text: &str) -> Result<Configuration, Problems> {
    configuration::read("archivist.yaml", text, &app_setting)
}

/// Returns the warnings of a text without problems.
fn warnings(text: &str) -> String {
    let checked = configuration::check("archivist.yaml", text, AppPlace::AsSet, &app_setting);
    assert_eq!(checked.configuration.err(), None);
    match checked.warnings.as_slice() {
        [] => String::new(),
        _ => Problems { file_name: "archivist.yaml".to_owned(), problems: checked.warnings }.to_string(),
    }
}

/// Returns the problems as printed, or the configuration if there are none.
fn problems(text: &str) -> String {
    read(text).map_or_else(|problems| problems.to_string(), |configuration| format!("{configuration:?}"))
}
