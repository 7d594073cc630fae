//! Who calls Azure storage.

use adapters_azure::{Access, Patience};
use configuration::state::{Access as Configured, HostStorage};

use crate::settings::Settings;
use crate::start::StartError;

/// How storage accounts are called: as the app's managed identity, as whoever is signed in, or with an emulator's key.
pub struct Azure<'a> {
    storage: &'a HostStorage,
    managed_identity: bool,
}

impl<'a> Azure<'a> {
    /// As the settings say.
    pub fn new(settings: &'a Settings) -> Self {
        Self { storage: &settings.storage, managed_identity: settings.managed_identity }
    }

    /// Whether the key of an emulator on this machine is known.
    pub fn has_emulator_key(&self) -> bool {
        self.storage.emulator.is_some()
    }

    /// How to call this account. All accounts of an emulator are taken to share the key that is set.
    pub fn access(&self, account: &str, local: bool) -> Result<Access, StartError> {
        let patience = Patience::default();
        let access = match self.storage.access(local) {
            Configured::EmulatorKey(emulator) => Access::emulator(account, emulator.key.expose(), patience),
            Configured::Identity { client_id } if self.managed_identity => {
                Access::managed_identity(client_id, patience)
            }
            Configured::Identity { .. } => Access::developer_tools(patience),
        };
        access.map_err(StartError::needed)
    }
}
