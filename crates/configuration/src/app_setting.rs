//! Values from app settings.

use domain::cloud::ExtraSuffixes;

use crate::fault::TextProblem;

/// App settings, looked up by name.
#[derive(Clone, Copy)]
pub struct AppSettings<'a> {
    /// Returns the value of a setting.
    pub value: &'a dyn Fn(&str) -> Option<String>,
    /// Host suffixes from an app setting, in addition to those of the known clouds.
    pub extra: &'a ExtraSuffixes,
}

/// Error of an app setting without a value.
#[derive(Debug)]
pub enum NoValue {
    /// The text is not a valid name.
    Misnamed(TextProblem),
    /// Not set, empty, or a Key Vault reference not resolved by the platform.
    Absent(TextProblem),
}

impl NoValue {
    /// Returns the problem and its remedy.
    pub fn fault(self) -> TextProblem {
        match self {
            Self::Misnamed(fault) | Self::Absent(fault) => fault,
        }
    }
}

/// Returns true if a value is a Key Vault reference not replaced by the platform.
pub fn is_unresolved(value: &str) -> bool {
    let start = value.trim_start().get(..UNRESOLVED.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(UNRESOLVED))
}

const UNRESOLVED: &str = "@Microsoft.KeyVault(";

/// Remedy for an unresolved Key Vault reference.
pub const RESOLVE: &str = "allow the app's identity to read the secret (Key Vault Secrets User), or correct the reference; then let the platform fetch it, see Channel secrets in infra/README.md";

impl AppSettings<'_> {
    /// Returns true if an app setting has a value.
    pub fn is_set(self, name: &str) -> bool {
        (self.value)(name).is_some_and(|value| !value.is_empty())
    }

    /// Replaces each `${NAME}` in `text` with the value of the app setting. Returns `None` if there is
    /// nothing to replace. Inserted values are not expanded again.
    pub fn fill(self, text: &str) -> Result<Option<String>, Vec<NoValue>> {
        let mut pieces = text.split("${");
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        let (mut replaced, mut faults) = (false, Vec::new());
        for piece in pieces {
            replaced = true;
            let Some((name, rest)) = piece.split_once('}') else {
                faults.push(NoValue::Misnamed(TextProblem::new("has ${ without }", "write ${NAME}")));
                continue;
            };
            match self.value(name) {
                Ok(value) => filled.extend([value.as_str(), rest]),
                Err(fault) => faults.push(fault),
            }
        }
        match (replaced, faults.is_empty()) {
            (_, false) => Err(faults),
            (replaced, true) => Ok(replaced.then_some(filled)),
        }
    }

    /// Returns the value of an app setting. An error repeats the name only if that cannot be a secret.
    pub fn value(self, name: &str) -> Result<String, NoValue> {
        if !is_name(name) {
            let what = "does not name an app setting";
            return Err(NoValue::Misnamed(TextProblem::new(
                what,
                "write a name of letters, digits and _, as in SIEM_SECRET; the app setting holds the value",
            )));
        }
        if is_reserved(name) {
            let remedy =
                "put the value into an app setting of your own: this one may hold a credential of the app itself";
            let what = format!("app setting {name} is not for the configuration");
            return Err(NoValue::Misnamed(TextProblem::new(what, remedy)));
        }
        let fault = match (self.value)(name) {
            Some(value) if is_unresolved(&value) => {
                TextProblem::new(format!("app setting {name} is an unresolved Key Vault reference"), RESOLVE)
            }
            Some(value) if !value.is_empty() => return Ok(value),
            Some(_) => TextProblem::new(format!("app setting {name} is empty"), "give it a value"),
            None => TextProblem::new(format!("app setting {name} is not set"), "set it, or correct its name here"),
        };
        Err(NoValue::Absent(fault))
    }
}

/// Prefixes of app settings of the platform, the host and the archivist, many of them credentials. Someone
/// who can write the configuration could otherwise send them to a channel.
const RESERVED: [&str; 15] = [
    "APPINSIGHTS_", "APPLICATIONINSIGHTS_", "APPSETTING_", "ARCHIVIST_", "AZURE_", "AZUREWEBJOBS", "CONTAINER_",
    "FUNCTIONS_", "IDENTITY_", "MACHINEKEY_", "MSI_", "OTEL_", "SCM_", "WEBSITE_", "WEBJOBS_",
];

/// Platform settings whose values are public names.
const PUBLIC: [&str; 2] = ["WEBSITE_HOSTNAME", "WEBSITE_SITE_NAME"];

fn is_reserved(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    !PUBLIC.contains(&name.as_str()) && RESERVED.iter().any(|begin| name.starts_with(begin))
}

/// Returns true for a valid app setting name. Text that looks like a signing secret is rejected, so a
/// secret in place of a name is not printed.
fn is_name(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    starts_well && plain && text.len() <= 128 && !text.starts_with("whsec_")
}
