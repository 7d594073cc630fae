//! Cloud of the signed-in person.

use std::path::{Path, PathBuf};

use domain::cloud::Cloud;
use wiring::settings::AppSettingNames;

/// Clouds by the name of the option and by that of the Azure CLI.
const NAMES: [(Cloud, &str, &str); 3] = [
    (Cloud::Public, "public", "AzureCloud"),
    (Cloud::China, "china", "AzureChinaCloud"),
    (Cloud::UsGovernment, "us-government", "AzureUSGovernment"),
];

/// Parses a cloud by either name.
pub(super) fn parse(text: &str) -> Result<Cloud, String> {
    let is_meant = |(_, name, cli): &&(Cloud, &str, &str)| [name, cli].iter().any(|it| it.eq_ignore_ascii_case(text));
    let found = NAMES.iter().find(is_meant).map(|(cloud, ..)| *cloud);
    found.ok_or_else(|| "write public, china or us-government".to_owned())
}

/// Returns the active cloud of the Azure CLI. `None` if its settings name none, which means the public one.
pub(super) fn signed_in(settings: &AppSettingNames) -> Option<Cloud> {
    let setting = |name: &str| settings.app_setting(name).filter(|value| !value.is_empty());
    let home = || setting("HOME").or_else(|| setting("USERPROFILE")).map(|home| Path::new(&home).join(".azure"));
    let folder = setting("AZURE_CONFIG_DIR").map(PathBuf::from).or_else(home)?;
    active(&std::fs::read_to_string(folder.join("config")).ok()?)
}

/// Reads `name` in the section `cloud` of the CLI's settings.
fn active(settings: &str) -> Option<Cloud> {
    let mut section = "";
    for line in settings.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name.trim();
        } else if let Some((key, value)) = line.split_once('=').filter(|_| section == "cloud")
            && key.trim() == "name"
        {
            return parse(value.trim()).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_has_two_names() {
        for (cloud, name, cli) in NAMES {
            assert_eq!((parse(name), parse(cli)), (Ok(cloud), Ok(cloud)));
        }
        assert!(parse("germany").is_err());
    }

    #[test]
    fn the_active_cloud_of_the_cli_is_read() {
        let settings = "[core]\nname = AzureCloud\n\n[cloud]\nname = AzureUSGovernment\n[defaults]\n";
        assert_eq!(active(settings), Some(Cloud::UsGovernment));
        assert_eq!(active("[cloud]\nname = OwnCloud\n"), None, "an unknown cloud");
        assert_eq!(active("[core]\noutput = table\n"), None);
    }

    #[test]
    fn without_settings_of_the_cli_no_cloud_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let settings = |path: &Path| {
            let all = [("AZURE_CONFIG_DIR".to_owned(), path.display().to_string())].into();
            AppSettingNames::read(all).0
        };
        assert_eq!(signed_in(&settings(folder.path())), None);
        std::fs::write(folder.path().join("config"), "[cloud]\nname = AzureChinaCloud\n").unwrap();
        assert_eq!(signed_in(&settings(folder.path())), Some(Cloud::China));
    }
}
