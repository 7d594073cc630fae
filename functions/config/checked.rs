//! Whether a configuration may be pushed from a machine that has not the app's settings.

use std::cell::RefCell;
use std::collections::BTreeSet;

use configuration::{Problem, Problems};

use crate::settings::Settings;
use crate::start::StartError;

/// What may be pushed.
pub struct Checked {
    /// What is hardly meant so, and which app settings must be set in the app, a line each.
    pub warnings: Vec<String>,
}

/// Checks a text; app settings that are not set here are no problem of it.
pub fn check(name: &str, text: &str, settings: &Settings) -> Result<Checked, StartError> {
    let missing: RefCell<BTreeSet<String>> = RefCell::default();
    let app_setting = |name: &str| {
        let value = settings.app_setting(name);
        if value.is_none() {
            missing.borrow_mut().insert(name.to_owned());
        }
        value
    };
    let checked = configuration::check(name, text, &app_setting);
    let missing = missing.into_inner();
    let is_missing =
        |problem: &Problem| missing.iter().any(|name| problem.what == format!("app setting {name} is not set"));
    let problems = checked.configuration.err().map(|problems| problems.problems).unwrap_or_default();
    let problems: Vec<Problem> = problems.into_iter().filter(|problem| !is_missing(problem)).collect();
    if !problems.is_empty() {
        return Err(Problems { file_name: name.to_owned(), problems }.into());
    }
    let mut warnings: Vec<String> =
        missing.iter().map(|setting| format!("app setting {setting} is not set here; it must be in the app")).collect();
    if !checked.warnings.is_empty() {
        let all = Problems { file_name: name.to_owned(), problems: checked.warnings };
        warnings.extend(all.to_string().lines().map(str::to_owned));
    }
    Ok(Checked { warnings })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "version: 1\nbastions:\n  - name: bas-1\n    recordings: { account_url: \"${RECORDINGS_URL}\", container: recordings }\n";

    fn settings() -> Settings {
        Settings::read(std::collections::BTreeMap::new()).0
    }

    #[test]
    fn an_app_setting_that_only_the_app_has_hinders_nothing_and_is_named() {
        let checked = check("archivist.yaml", GOOD, &settings()).unwrap();
        assert_eq!(checked.warnings, ["app setting RECORDINGS_URL is not set here; it must be in the app"]);
    }

    #[test]
    fn what_is_wrong_for_another_reason_is_refused() {
        let refused = check("archivist.yaml", &format!("{GOOD}nonsense: true\n"), &settings()).err().unwrap();
        let said = refused.message();
        assert!(said.contains("nonsense") && !said.contains("RECORDINGS_URL"), "{said}");
    }
}
