//! Credentials for Azure storage.

use std::cell::OnceCell;
use std::sync::Arc;
use std::time::Duration;

use adapters_azure::{AccessError, AzureTokens, Management, Patience, StorageAccess, VaultKey, VaultKeyError};
use adapters_local::SystemClock;
use configuration::AccountUrl;
use configuration::state::{HostStorage, StateAccess as Configured};
use domain::cloud::{Cloud, ExtraSuffixes};
use pipeline::ports::TokenSource;

use crate::settings::AppSettingNames;
use crate::start::CommandError;

/// Longest call of a survey, with all waits; throttling of Resource Graph and of the management API ends within a minute.
const SURVEY_CALL: Duration = Duration::from_secs(180);
const SURVEY_WAIT: Duration = Duration::from_secs(60);

/// Credentials for storage accounts: the app's managed identity, the signed-in developer, or an emulator's
/// key.
pub struct Azure<'a> {
    storage: &'a HostStorage,
    extra: &'a ExtraSuffixes,
    managed_identity: bool,
    is_command: bool,
    patience: Patience,
    identity: OnceCell<StorageAccess>,
    emulator: OnceCell<StorageAccess>,
}

impl<'a> Azure<'a> {
    /// Uses the credentials of the settings.
    pub fn new(settings: &'a AppSettingNames) -> Self {
        let (identity, emulator) = (OnceCell::new(), OnceCell::new());
        let (storage, managed_identity) = (&settings.storage, settings.managed_identity);
        Self {
            storage,
            extra: &settings.extra_suffixes,
            managed_identity,
            is_command: false,
            patience: Patience::default(),
            identity,
            emulator,
        }
    }

    /// Returns host suffixes to which tokens may be sent, in addition to the known clouds.
    pub fn suffixes(&self) -> &ExtraSuffixes {
        self.extra
    }

    /// Like `new`, for a command that ends: a missing sign-in is detected only once.
    pub fn for_command(settings: &'a AppSettingNames) -> Self {
        Self { is_command: true, ..Self::new(settings) }
    }

    /// Like `for_command`, for one that makes many calls in a row: waits as long as a throttling service asks.
    pub fn for_survey(settings: &'a AppSettingNames) -> Self {
        let patience = Patience { call: SURVEY_CALL, retries: 6, longest_wait: SURVEY_WAIT, ..Patience::default() };
        Self { patience, ..Self::for_command(settings) }
    }

    /// Returns the management API of a cloud.
    ///
    /// # Errors
    /// Returns an error if there is no identity.
    pub fn management(&self, cloud: Cloud) -> Result<Management, CommandError> {
        Management::new(&self.access("", false)?, cloud).map_err(CommandError::needed)
    }

    /// Returns the key at this address of a vault, for `option` of the command line.
    ///
    /// # Errors
    /// Returns an error if the address is no usable key, there is no identity, or the vault fails.
    pub async fn vault_key(&self, option: &str, address: &str) -> Result<VaultKey, CommandError> {
        let access = self.identified(self.storage.client_id.clone()).map_err(CommandError::needed)?;
        VaultKey::open(&access, address).await.map_err(|error| match error {
            VaultKeyError::Fault(fault) => fault.into(),
            VaultKeyError::Access(access) => CommandError::needed(access),
            problem => CommandError::Problems(vec![format!("{option}: {address}: {problem}")]),
        })
    }

    /// Requests a token if any of these accounts needs one.
    ///
    /// # Errors
    /// Returns an error if no identity is signed in.
    pub async fn sign_in<'u>(&self, accounts: impl IntoIterator<Item = &'u AccountUrl>) -> Result<(), CommandError> {
        if accounts.into_iter().any(|url| !url.is_local()) {
            self.access("", false)?.who().await?;
        }
        Ok(())
    }

    /// Returns true if the key of an emulator on this machine is known.
    pub fn has_emulator_key(&self) -> bool {
        self.storage.emulator.is_some()
    }

    /// Returns the access to an account. Accounts of an emulator share the configured key. All accounts
    /// share their connections, and those of an identity share its tokens.
    pub fn access(&self, account: &str, local: bool) -> Result<StorageAccess, CommandError> {
        let access = match self.storage.access(local) {
            Configured::EmulatorKey(emulator) => self.emulated(account, emulator.key.expose()),
            Configured::Identity { client_id } => self.identified(client_id),
        };
        access.map_err(CommandError::needed)
    }

    /// Returns tokens of this scope, of the app's identity or else of the signed-in developer.
    pub fn tokens(&self, scope: &str) -> Result<Arc<dyn TokenSource>, AccessError> {
        let access = self.identified(self.storage.client_id.clone())?;
        Ok(Arc::new(AzureTokens::new(&access, scope)?))
    }

    fn emulated(&self, account: &str, key: &str) -> Result<StorageAccess, AccessError> {
        let access =
            StorageAccess::emulator(account, key, Arc::new(SystemClock), Patience::default())?.with_server_time();
        let first = self.emulator.get_or_init(|| access.clone());
        Ok(access.with_connections_of(first))
    }

    fn identified(&self, client_id: Option<String>) -> Result<StorageAccess, AccessError> {
        if let Some(known) = self.identity.get() {
            return Ok(known.clone());
        }
        let access = if self.managed_identity {
            StorageAccess::managed_identity(client_id, self.patience)?
        } else {
            StorageAccess::developer_tools(self.patience)?
        };
        let access = if self.is_command { access.asked_once() } else { access };
        Ok(self.identity.get_or_init(|| access.with_suffixes(self.extra.clone()).with_server_time()).clone())
    }
}
