//! Values that come from app settings.

use domain::cloud::ExtraSuffixes;

use crate::fault::Fault;

/// App settings, looked up by name.
#[derive(Clone, Copy)]
pub struct AppSettings<'a> {
    /// The value of a setting.
    pub value: &'a dyn Fn(&str) -> Option<String>,
    /// Suffixes of hosts that a setting adds to those of the known clouds.
    pub extra: &'a ExtraSuffixes,
}

/// Why an app setting gives no value.
#[derive(Debug)]
pub enum NoValue {
    /// What is written is not a name.
    Misnamed(Fault),
    /// It is not set, empty, or a reference that the platform could not resolve.
    Absent(Fault),
}

impl NoValue {
    /// What is wrong.
    pub fn fault(self) -> Fault {
        match self {
            Self::Misnamed(fault) | Self::Absent(fault) => fault,
        }
    }
}

/// Whether a value is a reference to a Key Vault that the platform should have replaced by the secret.
pub fn is_unresolved(value: &str) -> bool {
    let start = value.trim_start().get(..UNRESOLVED.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(UNRESOLVED))
}

const UNRESOLVED: &str = "@Microsoft.KeyVault(";

/// What to do about a reference that was not resolved.
pub const RESOLVE: &str =
    "allow the app's identity to read the secret (Key Vault Secrets User), or correct the reference";

impl AppSettings<'_> {
    /// Whether an app setting has a value.
    pub fn is_set(self, name: &str) -> bool {
        (self.value)(name).is_some_and(|value| !value.is_empty())
    }

    /// The text with each `${NAME}` replaced by the app setting's value; `None` where there is nothing to
    /// replace. What comes in is not looked through again.
    pub fn fill(self, text: &str) -> Result<Option<String>, Vec<NoValue>> {
        let mut pieces = text.split("${");
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        let (mut replaced, mut faults) = (false, Vec::new());
        for piece in pieces {
            replaced = true;
            let Some((name, rest)) = piece.split_once('}') else {
                faults.push(NoValue::Misnamed(Fault::new("has ${ without }", "write ${NAME}")));
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

    /// The value of the app setting with this name. The name is repeated only where it can be no secret.
    pub fn value(self, name: &str) -> Result<String, NoValue> {
        if !is_name(name) {
            let what = "does not name an app setting";
            return Err(NoValue::Misnamed(Fault::new(
                what,
                "write a name of letters, digits and _, as in SIEM_SECRET; the app setting holds the value",
            )));
        }
        if is_reserved(name) {
            let remedy =
                "put the value into an app setting of your own: this one may hold a credential of the app itself";
            let what = format!("app setting {name} is not for the configuration");
            return Err(NoValue::Misnamed(Fault::new(what, remedy)));
        }
        let fault = match (self.value)(name) {
            Some(value) if is_unresolved(&value) => {
                Fault::new(format!("app setting {name} is an unresolved Key Vault reference"), RESOLVE)
            }
            Some(value) if !value.is_empty() => return Ok(value),
            Some(_) => Fault::new(format!("app setting {name} is empty"), "give it a value"),
            None => Fault::new(format!("app setting {name} is not set"), "set it, or correct its name here"),
        };
        Err(NoValue::Absent(fault))
    }
}

/// How the names of app settings begin that the platform, the host or the archivist itself has, many of them credentials. A
/// configuration that others may write could send them to a channel.
const RESERVED: [&str; 15] = [
    "APPINSIGHTS_", "APPLICATIONINSIGHTS_", "APPSETTING_", "ARCHIVIST_", "AZURE_", "AZUREWEBJOBS", "CONTAINER_",
    "FUNCTIONS_", "IDENTITY_", "MACHINEKEY_", "MSI_", "OTEL_", "SCM_", "WEBSITE_", "WEBJOBS_",
];

/// Settings of the platform that hold names which everybody may know.
const PUBLIC: [&str; 2] = ["WEBSITE_HOSTNAME", "WEBSITE_SITE_NAME"];

fn is_reserved(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    !PUBLIC.contains(&name.as_str()) && RESERVED.iter().any(|begin| name.starts_with(begin))
}

/// Whether an app setting can have this name. What looks like a signing secret is refused, so that a secret
/// put in the place of a name is not printed as one.
fn is_name(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    starts_well && plain && text.len() <= 128 && !text.starts_with("whsec_")
}
