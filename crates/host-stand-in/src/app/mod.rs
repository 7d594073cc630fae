//! Deployed app: `host.json`, a folder per function, and the handler to start.

mod error;
mod folders;
mod start;

use std::path::Path;

use crate::app_settings::HandlerEnvironment;
use crate::function::{FunctionDefinition, FunctionFolder, Unusable, load};
use crate::process::HandlerStart;
use crate::settings::HostSettings;

pub use error::AppFolderError;

/// Content of an app's root folder.
#[derive(Debug)]
pub struct AppFolder {
    /// Settings of `host.json`.
    pub settings: HostSettings,
    /// Usable functions, by name.
    pub functions: Vec<FunctionDefinition>,
    /// Unusable functions, with the reason.
    pub unusable: Vec<Unusable>,
    /// Start parameters of the handler.
    pub start: HandlerStart,
}

impl AppFolder {
    /// Reads an app as the host does: `host.json` in the folder itself, `function.json` exactly one level below.
    ///
    /// # Errors
    /// Returns an error if a file or folder cannot be read, or if `host.json` is invalid.
    pub fn open(folder: &Path, app_settings: &HandlerEnvironment) -> Result<Self, AppFolderError> {
        let root = folders::root(folder)?;
        let settings = HostSettings::parse(&folders::text(&root.join("host.json"))?)?;
        let found = folders::with_function_json(&root)?;
        let found: Vec<FunctionFolder<'_>> =
            found.iter().map(|(name, text)| FunctionFolder { name, function_json: text }).collect();
        let (functions, unusable) = load(&found, &settings, app_settings);
        let start = start::build(&root, &settings.handler, app_settings);
        Ok(Self { settings, functions, unusable, start })
    }
}
