//! Identity, transport and guards of every call to Azure.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use azure_core::credentials::{Secret, TokenCredential};
use azure_core::http::policies::Policy;
use azure_core::http::policies::auth::BearerTokenAuthorizationPolicy;
use azure_core::http::{ClientOptions, HttpClient, Transport, Url};
use azure_identity::{
    DeveloperToolsCredential, ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId,
};
use domain::cloud::{CalledService, ExtraSuffixes};
use pipeline::ports::Clock;
use thiserror::Error;
use url::Host;

use super::asked_once::AskedOnce;
use super::connections::AccountConnections;
use super::patience::Patience;
use super::server_date::ServerDate;
use super::shared_key::SharedKey;
use super::throttled::NoLongWaits;
use super::time_limit::TimeLimit;

/// Reason why a service cannot be called with this access.
#[derive(Debug, Error)]
pub enum AccessError {
    /// An account key was given for a host other than an emulator on this machine.
    #[error("account key refused for {0}: keys are for an emulator on a loopback address, use an identity")]
    KeyNotLocal(String),
    /// A token would be sent without TLS.
    #[error("identity refused for {0}: a token is sent over https only")]
    TokenInTheOpen(String),
    /// A token would be sent to an unknown host or to a port other than the one of https.
    #[error("identity refused for {0}: a token is sent to hosts of known clouds only")]
    UnknownHost(String),
    /// An account key cannot provide tokens.
    #[error("no token for an account key: use an identity")]
    KeyHasNoToken,
    /// The credential cannot be created.
    #[error("failed to set up the identity")]
    Identity(#[source] azure_core::Error),
    /// The SDK rejects the address.
    #[error("failed to set up a client for {address}")]
    Client {
        /// Address of the service.
        address: String,
        /// Error of the SDK.
        source: azure_core::Error,
    },
}

/// Identity, patience and connections for calls to Azure storage.
///
/// Clones share connections and tokens, so clone an access rather than create another. The first call opens the
/// connections and reads the certificates; creating an access does neither.
#[derive(Clone)]
pub struct StorageAccess {
    identity: Identity,
    transport: Transport,
    patience: Patience,
    policies: Vec<Arc<dyn Policy>>,
    extra: ExtraSuffixes,
    server_date: Option<ServerDate>,
}

#[derive(Clone)]
enum Identity {
    Entra(Arc<dyn TokenCredential>),
    EmulatorKey { account: String, key: Secret, clock: Arc<dyn Clock> },
}

/// Credential and options for a client of one service.
pub(crate) struct ServiceOptions {
    pub(crate) credential: Option<Arc<dyn TokenCredential>>,
    pub(crate) options: ClientOptions,
}

impl StorageAccess {
    /// Uses the managed identity of the function app: the user-assigned one with this client id, or the
    /// system-assigned one if `None`.
    pub fn managed_identity(client_id: Option<String>, patience: Patience) -> Result<Self, AccessError> {
        let user_assigned_id = client_id.map(UserAssignedId::ClientId);
        let transport = AccountConnections::transport(patience);
        let client_options = ClientOptions { transport: Some(transport.clone()), ..ClientOptions::default() };
        let options = ManagedIdentityCredentialOptions { user_assigned_id, client_options };
        let credential = ManagedIdentityCredential::new(Some(options)).map_err(AccessError::Identity)?;
        Ok(Self { transport, ..Self::token(credential, patience)? })
    }

    /// Uses the account signed in with the Azure CLI or the Azure Developer CLI.
    pub fn developer_tools(patience: Patience) -> Result<Self, AccessError> {
        Self::token(DeveloperToolsCredential::new(None).map_err(AccessError::Identity)?, patience)
    }

    /// Remembers the first failure to get a token and never asks again; used by commands.
    pub fn asked_once(self) -> Self {
        let identity = match self.identity {
            Identity::Entra(credential) => Identity::Entra(Arc::new(AskedOnce::new(credential))),
            key @ Identity::EmulatorKey { .. } => key,
        };
        Self { identity, ..self }
    }

    /// Uses any credential with tokens.
    pub fn token(credential: Arc<dyn TokenCredential>, patience: Patience) -> Result<Self, AccessError> {
        Ok(Self::new(Identity::Entra(credential), patience))
    }

    /// Uses the Base64 key of an emulator's account. Clients reject it for every host except a loopback address. The
    /// signatures contain the time of `clock`, which the emulator compares with its own.
    pub fn emulator(account: &str, key: &str, clock: Arc<dyn Clock>, patience: Patience) -> Result<Self, AccessError> {
        let identity = Identity::EmulatorKey { account: account.to_owned(), key: Secret::new(key.to_owned()), clock };
        Ok(Self::new(identity, patience))
    }

    fn new(identity: Identity, patience: Patience) -> Self {
        Self {
            identity,
            transport: AccountConnections::transport(patience),
            patience,
            policies: Vec::new(),
            extra: ExtraSuffixes::default(),
            server_date: None,
        }
    }

    /// Also allows tokens to be sent to hosts below these suffixes.
    pub fn with_suffixes(mut self, extra: ExtraSuffixes) -> Self {
        self.extra = extra;
        self
    }

    /// Shares the connections of another access and the storage time that it records.
    pub fn with_connections_of(mut self, other: &Self) -> Self {
        self.transport = other.transport.clone();
        self.server_date.clone_from(&other.server_date);
        self
    }

    /// Records the time in the `Date` header of storage answers. Clones share the record.
    pub fn with_server_time(mut self) -> Self {
        self.server_date = Some(ServerDate::default());
        self
    }

    /// Recorded storage time. `None` if this access does not record it.
    pub(crate) fn server_date(&self) -> Option<&ServerDate> {
        self.server_date.as_ref()
    }

    /// Adds a policy that runs at every try just before the transport: to count, trace or inject failures.
    pub fn with_policy(mut self, policy: Arc<dyn Policy>) -> Self {
        self.policies.push(policy);
        self
    }

    /// Replaces the transport by a policy.
    pub fn with_wire(mut self, policy: Arc<dyn Policy>) -> Self {
        self.transport = Transport::with_policy(policy);
        self
    }

    /// Replaces the HTTP client, for example by one that trusts another certificate.
    pub fn with_http_client(mut self, client: Arc<dyn HttpClient>) -> Self {
        self.transport = Transport::new(client);
        self
    }

    /// Credential of the caller. `None` for an account key.
    pub(crate) fn credential(&self) -> Option<&Arc<dyn TokenCredential>> {
        match &self.identity {
            Identity::Entra(credential) => Some(credential),
            Identity::EmulatorKey { .. } => None,
        }
    }

    /// Time limit of a whole call with all its tries.
    pub(crate) fn limit(&self) -> Duration {
        self.patience.call
    }

    /// Returns credential and options for a client of this service at this address.
    ///
    /// # Errors
    /// Returns an error if a key would go to a host other than loopback, or a token to an unknown host or without
    /// TLS.
    pub(crate) fn line(&self, service: CalledService, endpoint: &Url) -> Result<ServiceOptions, AccessError> {
        let local = is_loopback(endpoint);
        let mut per_try: Vec<Arc<dyn Policy>> = vec![Arc::new(NoLongWaits(self.patience.longest_wait))];
        let credential = match &self.identity {
            Identity::EmulatorKey { .. } if !local => return Err(AccessError::KeyNotLocal(endpoint.to_string())),
            Identity::EmulatorKey { account, key, clock } => {
                let signature = SharedKey::new(service, account.clone(), key.clone(), Arc::clone(clock));
                per_try.push(Arc::new(signature));
                None
            }
            Identity::Entra(_) if endpoint.scheme() != "https" => {
                return Err(AccessError::TokenInTheOpen(endpoint.to_string()));
            }
            Identity::Entra(_) if !local && !self.may_send_token(service, endpoint) => {
                return Err(AccessError::UnknownHost(endpoint.origin().ascii_serialization()));
            }
            Identity::Entra(credential) => Some(Arc::clone(credential)),
        };
        if let Some(server_date) = self.server_date.as_ref().filter(|_| service.is_storage()) {
            per_try.push(Arc::new(server_date.clone()));
        }
        per_try.extend(self.policies.iter().cloned());
        let options = ClientOptions {
            per_call_policies: vec![Arc::new(TimeLimit(self.patience.call))],
            per_try_policies: per_try,
            retry: self.patience.retry(),
            transport: Some(self.transport.clone()),
            ..ClientOptions::default()
        };
        Ok(ServiceOptions { credential, options })
    }
}

impl StorageAccess {
    /// Last guard before the transport: checks the endpoint even if it was built from trusted configuration.
    fn may_send_token(&self, service: CalledService, endpoint: &Url) -> bool {
        let is_bare = endpoint.port().is_none() && endpoint.username().is_empty() && endpoint.password().is_none();
        is_bare && service.known(endpoint.host_str().unwrap_or_default(), &self.extra).is_some()
    }
}

impl ServiceOptions {
    /// Policy that requests tokens of this scope. `None` for an account key.
    pub(crate) fn bearer(&self, scope: &str) -> Option<Arc<dyn Policy>> {
        let credential = self.credential.clone()?;
        Some(Arc::new(BearerTokenAuthorizationPolicy::new(credential, [scope])))
    }
}

/// Prints the identity, never the key.
impl fmt::Debug for StorageAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.identity {
            Identity::Entra(credential) => write!(f, "Access({credential:?})"),
            Identity::EmulatorKey { account, .. } => write!(f, "Access(emulator account {account})"),
        }
    }
}

/// True if requests to this address never leave the machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
