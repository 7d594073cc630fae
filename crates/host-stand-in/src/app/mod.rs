//! An app as it is deployed: `host.json`, a folder for each function, and what to start.

mod error;
mod folders;
mod start;

use std::path::Path;

use crate::app_settings::AppSettings;
use crate::function::{Function, FunctionFolder, Unusable, load};
use crate::process::HandlerStart;
use crate::settings::HostSettings;

pub use error::AppFolderError;

/// What the host finds in the root of an app.
#[derive(Debug)]
pub struct AppFolder {
    /// What `host.json` says.
    pub settings: HostSettings,
    /// The functions that can be fired, in the order of their names.
    pub functions: Vec<Function>,
    /// Why the others cannot.
    pub unusable: Vec<Unusable>,
    /// How the handler is started.
    pub start: HandlerStart,
}

impl AppFolder {
    /// Reads an app as the host does: `host.json` in the folder itself, `function.json` one level below and no deeper.
    pub fn open(folder: &Path, app_settings: &AppSettings) -> Result<Self, AppFolderError> {
        let root = folders::root(folder)?;
        let settings = HostSettings::parse(&folders::text(&root.join("host.json"))?)?;
        let found = folders::with_function_json(&root)?;
        let found: Vec<FunctionFolder<'_>> =
            found.iter().map(|(name, text)| FunctionFolder { name, function_json: text }).collect();
        let (functions, unusable) = load(&found, &settings, app_settings);
        let start = start::of(&root, &settings.handler, app_settings);
        Ok(Self { settings, functions, unusable, start })
    }
}
