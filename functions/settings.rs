//! The app settings: the one place where the environment is read.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Every app setting that the archivist itself knows, besides those that `archivist.yaml` names.
///
/// | setting | meaning |
/// | --- | --- |
/// | `ARCHIVIST_CONFIG` | the configuration file, where no `--config` is given |
/// | `ARCHIVIST_CATALOGUE` | `sqlite:PATH`: where the catalogue is kept |
/// | `FUNCTIONS_CUSTOMHANDLER_PORT` | the port that the host wants answers on |
/// | `RUST_LOG` | what is logged, in the filter language of the `tracing` crates |
/// | `NO_COLOR` | no colours, where it is set and not empty |
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the configuration file is. `None` where no setting says so.
    pub config: Option<PathBuf>,
    /// The database file of the catalogue. `None` where no setting says so.
    pub catalogue: Option<PathBuf>,
    /// The port that the host wants answers on.
    pub port: Option<u16>,
    /// What is logged.
    pub log: Option<String>,
    /// Whether colours are unwanted.
    pub no_color: bool,
    all: BTreeMap<String, String>,
}

impl Settings {
    /// Reads the environment, and says everything that is wrong with it.
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
    pub fn from_environment() -> Result<Self, Vec<String>> {
        // A setting that is no text cannot be one of ours.
        let all =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::read(all.collect())
    }

    /// Reads the settings from a map.
    pub fn read(all: BTreeMap<String, String>) -> Result<Self, Vec<String>> {
        let text = |name: &str| all.get(name).filter(|value| !value.is_empty()).cloned();
        let mut problems = Vec::new();
        let catalogue = text("ARCHIVIST_CATALOGUE").and_then(|value| match value.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Some(PathBuf::from(path)),
            _ => {
                problems.push(format!("ARCHIVIST_CATALOGUE: {value:?} is no catalogue; write sqlite:PATH"));
                None
            }
        });
        let port = text("FUNCTIONS_CUSTOMHANDLER_PORT").and_then(|value| {
            let port = value.parse().ok().filter(|port| *port != 0);
            if port.is_none() {
                problems.push(format!(
                    "FUNCTIONS_CUSTOMHANDLER_PORT: {value:?} is no port; write a number from 1 to 65535"
                ));
            }
            port
        });
        let (config, log) = (text("ARCHIVIST_CONFIG").map(PathBuf::from), text("RUST_LOG"));
        let no_color = text("NO_COLOR").is_some();
        if problems.is_empty() {
            Ok(Self { config, catalogue, port, log, no_color, all })
        } else {
            Err(problems)
        }
    }

    /// The value of any app setting, for what the configuration names.
    pub fn app_setting(&self, name: &str) -> Option<String> {
        self.all.get(name).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, Vec<String>> {
        Settings::read(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn nothing_has_to_be_set() {
        let settings = read(&[]).unwrap();
        assert_eq!((settings.config, settings.catalogue, settings.port, settings.log), (None, None, None, None));
    }

    #[test]
    fn an_empty_setting_counts_as_not_set() {
        assert_eq!(read(&[("ARCHIVIST_CATALOGUE", ""), ("FUNCTIONS_CUSTOMHANDLER_PORT", "")]).unwrap().catalogue, None);
    }

    #[test]
    fn all_problems_are_told_at_once_with_a_remedy() {
        let problems =
            read(&[("ARCHIVIST_CATALOGUE", "postgres:x"), ("FUNCTIONS_CUSTOMHANDLER_PORT", "70000")]).unwrap_err();
        assert_eq!(
            problems,
            [
                "ARCHIVIST_CATALOGUE: \"postgres:x\" is no catalogue; write sqlite:PATH",
                "FUNCTIONS_CUSTOMHANDLER_PORT: \"70000\" is no port; write a number from 1 to 65535",
            ]
        );
    }
}
