//! Checks a configuration before a push, on a machine without the app's settings.

use std::cell::RefCell;
use std::collections::BTreeSet;

use configuration::{AppPlace, Configuration, EXTRA_SUFFIXES, Problem, Problems};
use wiring::settings::AppSettingNames;
use wiring::{CommandError, accepts};

/// A configuration that may be pushed.
pub struct PushableConfiguration {
    /// Warnings, one a line: likely mistakes, and app settings needed by the app.
    pub warnings: Vec<String>,
}

/// Checks a text for the app at `place` like the start of the app. App settings missing on this machine are
/// warnings.
///
/// # Errors
/// Returns every other problem.
pub fn check(
    name: &str,
    text: &str,
    place: AppPlace,
    settings: &AppSettingNames,
) -> Result<PushableConfiguration, CommandError> {
    let missing: RefCell<BTreeSet<String>> = RefCell::default();
    let app_setting = |name: &str| {
        let value = settings.app_setting(name);
        // The app has its own suffixes; no file names them.
        if value.is_none() && name != EXTRA_SUFFIXES {
            missing.borrow_mut().insert(name.to_owned());
        }
        value
    };
    let checked = configuration::check(name, text, place, &app_setting);
    let missing = missing.into_inner();
    let missing: BTreeSet<String> = missing.into_iter().filter(|name| text.contains(name.as_str())).collect();
    let is_missing = |problem: &Problem| {
        missing.iter().any(|name| problem.what.starts_with(&format!("app setting {name} is not set")))
    };
    let (configuration, problems) = match checked.configuration {
        Ok(configuration) => (Some(configuration), Vec::new()),
        Err(problems) => (None, problems.problems),
    };
    let problems: Vec<Problem> = problems.into_iter().filter(|problem| !is_missing(problem)).collect();
    if !problems.is_empty() {
        return Err(Problems { file_name: name.to_owned(), problems }.into());
    }
    let mut warnings: Vec<String> =
        missing.iter().map(|setting| format!("app setting {setting} is not set here; it must be in the app")).collect();
    if let Some(configuration) = configuration {
        warnings.extend(in_the_app(&configuration, place, settings)?);
    }
    let others: Vec<Problem> = checked.warnings.into_iter().filter(|problem| !is_missing(problem)).collect();
    if !others.is_empty() {
        let all = Problems { file_name: name.to_owned(), problems: others };
        warnings.extend(all.to_string().lines().map(str::to_owned));
    }
    Ok(PushableConfiguration { warnings })
}

/// Runs the start checks that need no network. Values that only the app's own settings can complete are
/// warnings.
fn in_the_app(
    configuration: &Configuration,
    place: AppPlace,
    settings: &AppSettingNames,
) -> Result<Vec<String>, CommandError> {
    let there = match place {
        AppPlace::AsSet => settings.clone(),
        // Azure has no emulator, and this machine's storage settings differ from the app's.
        AppPlace::Azure => settings.without_storage(),
    };
    match (accepts(configuration, &there), place) {
        (Ok(()), _) => Ok(Vec::new()),
        (Err(CommandError::Problems(problems)), AppPlace::Azure) => {
            let (incomplete, wrong): (Vec<String>, Vec<String>) =
                problems.into_iter().partition(|problem| problem.contains(": is missing; add it, or set "));
            if wrong.is_empty() {
                Ok(incomplete)
            } else {
                Err(CommandError::Problems(wrong))
            }
        }
        (Err(error), _) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "version: 1\nbastions:\n  - name: bas-1\n    recordings: { account_url: \"${RECORDINGS_URL}\", container: recordings }\n";

    fn settings() -> AppSettingNames {
        AppSettingNames::read(std::collections::BTreeMap::new()).0
    }

    #[test]
    fn an_app_setting_missing_locally_is_only_a_warning() {
        let checked = check("archivist.yaml", GOOD, AppPlace::Azure, &settings()).unwrap();
        assert_eq!(checked.warnings, ["app setting RECORDINGS_URL is not set here; it must be in the app"]);
    }

    #[test]
    fn a_wrong_configuration_is_rejected_despite_missing_settings() {
        let refused =
            check("archivist.yaml", &format!("{GOOD}nonsense: true\n"), AppPlace::Azure, &settings()).err().unwrap();
        let said = refused.message();
        assert!(said.contains("nonsense") && !said.contains("RECORDINGS_URL"), "{said}");
    }

    /// Channels with a placeholder for the destination.
    const KINDS: [&str; 4] = [
        "{ kind: teams, url: 'URL' }",
        "{ kind: slack, url: 'URL' }",
        "{ kind: webhook, url: 'URL', secret_env: SECRET }",
        "{ kind: event_grid, endpoint: 'URL' }",
    ];

    /// Destinations, with true if a start in Azure accepts them.
    const DESTINATIONS: [(&str, bool); 12] = [
        ("https://t.westeurope-1.eventgrid.azure.net/api/events", true),
        ("http://t.westeurope-1.eventgrid.azure.net/api/events", false),
        ("http://127.0.0.1:4000/hook", false),
        ("http://localhost/hook", false),
        ("https://127.0.0.1/hook", false),
        ("https://10.1.2.3/hook", false),
        ("https://[fd00::1]/hook", false),
        ("https://169.254.169.254/metadata", false),
        ("https://168.63.129.16/", false),
        ("https://2130706433/", false),
        ("ftp://t.example/x", false),
        ("t.example/x", false),
    ];

    #[test]
    fn a_check_a_push_and_a_start_agree_on_every_destination() {
        let secret = [("SECRET".to_owned(), "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".to_owned())];
        let settings = AppSettingNames::read(secret.into()).0;
        let good = GOOD.replace("${RECORDINGS_URL}", "https://st1.blob.core.windows.net");
        let good = good.replace("    recordings", "    resource_id: /subscriptions/s/resourceGroups/r/providers/Microsoft.Network/bastionHosts/b\n    recordings");
        for (kind, (destination, is_taken)) in KINDS.iter().flat_map(|kind| DESTINATIONS.map(|one| (kind, one))) {
            let channel = kind.replace("URL", destination);
            let text = format!("{good}notifications: {{ channels: {{ a: {channel} }} }}\n");
            for place in [AppPlace::Azure, AppPlace::AsSet] {
                let checked = configuration::check("a.yaml", &text, place, &|name| settings.app_setting(name));
                let pushed = check("a.yaml", &text, place, &settings);
                let is_checked = checked.configuration.is_ok();
                assert_eq!(
                    is_checked,
                    pushed.is_ok(),
                    "{channel} {place:?} {:?}",
                    pushed.err().map(|error| error.message())
                );
                if place == AppPlace::Azure {
                    assert_eq!(is_checked, is_taken, "{channel}");
                }
                // The start builds the channel and must accept every checked destination.
                if let Ok(configuration) = checked.configuration {
                    accepts(&configuration, &settings).map_err(|error| error.message()).unwrap();
                }
            }
        }
    }

    #[test]
    fn a_configuration_unusable_in_azure_is_not_pushed() {
        let without = check("a.yaml", "version: 1\n", AppPlace::Azure, &settings());
        assert!(without.err().unwrap().message().contains("no bastion is configured"));
        let emulator = GOOD.replace("${RECORDINGS_URL}", "http://127.0.0.1:10000/devstoreaccount1");
        let emulator = emulator.replace("    recordings", "    resource_id: /subscriptions/s/resourceGroups/r/providers/Microsoft.Network/bastionHosts/b\n    recordings");
        let refused = check("a.yaml", &emulator, AppPlace::Azure, &settings());
        assert!(refused.err().unwrap().message().contains("storage emulator"));
    }
}
