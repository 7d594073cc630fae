//! Who calls, and over which line.

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
use thiserror::Error;
use url::Host;

use super::asked_once::AskedOnce;
use super::connections::Connections;
use super::heard::Heard;
use super::patience::Patience;
use super::shared_key::SharedKey;
use super::throttled::NoLongWaits;
use super::time_limit::TimeLimit;

/// Why a service cannot be called in this way.
#[derive(Debug, Error)]
pub enum AccessError {
    /// A key is for an emulator on this machine alone.
    #[error("account key refused for {0}: keys are for an emulator on a loopback address, use an identity")]
    KeyNotLocal(String),
    /// A token must not travel in the open.
    #[error("identity refused for {0}: a token is sent over https only")]
    TokenInTheOpen(String),
    /// A token is for a host of a known cloud, at the port of https.
    #[error("identity refused for {0}: a token is sent to hosts of known clouds only")]
    UnknownHost(String),
    /// Only an identity has tokens.
    #[error("no token for an account key: use an identity")]
    KeyHasNoToken,
    /// The credential cannot be made.
    #[error("failed to set up the identity")]
    Identity(#[source] azure_core::Error),
    /// The SDK refuses the address.
    #[error("failed to set up a client for {address}")]
    Client {
        /// The service's address.
        address: String,
        /// The SDK's reason.
        source: azure_core::Error,
    },
}

/// The service that is called; each is signed in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Blob,
    Queue,
    Table,
    Management,
}

/// Who calls Azure storage, how patiently, and over which connections.
///
/// Clones share their connections and their tokens, so clone one rather than make another. Nothing is connected, nor
/// any certificate read, before the first call.
#[derive(Clone)]
pub struct Access {
    identity: Identity,
    transport: Transport,
    patience: Patience,
    policies: Vec<Arc<dyn Policy>>,
    extra: ExtraSuffixes,
    heard: Option<Heard>,
}

#[derive(Clone)]
enum Identity {
    Entra(Arc<dyn TokenCredential>),
    EmulatorKey { account: String, key: Secret },
}

/// What a client of one service is made with.
pub(crate) struct Line {
    pub(crate) credential: Option<Arc<dyn TokenCredential>>,
    pub(crate) options: ClientOptions,
}

impl Access {
    /// The managed identity of the function app: the user-assigned one with this client id, else the system's.
    pub fn managed_identity(client_id: Option<String>, patience: Patience) -> Result<Self, AccessError> {
        let user_assigned_id = client_id.map(UserAssignedId::ClientId);
        let transport = Connections::transport(patience);
        let client_options = ClientOptions { transport: Some(transport.clone()), ..ClientOptions::default() };
        let options = ManagedIdentityCredentialOptions { user_assigned_id, client_options };
        let credential = ManagedIdentityCredential::new(Some(options)).map_err(AccessError::Identity)?;
        Ok(Self { transport, ..Self::token(credential, patience)? })
    }

    /// Whoever is signed in with the Azure CLI or the Azure Developer CLI.
    pub fn developer_tools(patience: Patience) -> Result<Self, AccessError> {
        Self::token(DeveloperToolsCredential::new(None).map_err(AccessError::Identity)?, patience)
    }

    /// The same identity for a command: a token that it could not give at first it is not asked for again.
    pub fn asked_once(self) -> Self {
        let identity = match self.identity {
            Identity::Entra(credential) => Identity::Entra(Arc::new(AskedOnce::new(credential))),
            key @ Identity::EmulatorKey { .. } => key,
        };
        Self { identity, ..self }
    }

    /// Any credential that gives tokens.
    pub fn token(credential: Arc<dyn TokenCredential>, patience: Patience) -> Result<Self, AccessError> {
        Ok(Self::new(Identity::Entra(credential), patience))
    }

    /// The key of an emulator's account, Base64. Refused for every host but a loopback address.
    pub fn emulator(account: &str, key: &str, patience: Patience) -> Result<Self, AccessError> {
        let identity = Identity::EmulatorKey { account: account.to_owned(), key: Secret::new(key.to_owned()) };
        Ok(Self::new(identity, patience))
    }

    fn new(identity: Identity, patience: Patience) -> Self {
        Self {
            identity,
            transport: Connections::transport(patience),
            patience,
            policies: Vec::new(),
            extra: ExtraSuffixes::default(),
            heard: None,
        }
    }

    /// Returns the same access, whose tokens may also be sent to hosts below these suffixes.
    pub fn with_suffixes(mut self, extra: ExtraSuffixes) -> Self {
        self.extra = extra;
        self
    }

    /// The same access over the connections of another one, which hears the time with it.
    pub fn with_connections_of(mut self, other: &Self) -> Self {
        self.transport = other.transport.clone();
        self.heard.clone_from(&other.heard);
        self
    }

    /// The same access, which takes note of the time that storage tells with its answers. Clones share it.
    pub fn telling_time(mut self) -> Self {
        self.heard = Some(Heard::default());
        self
    }

    /// The time that storage has told. `None` where nobody takes note of it.
    pub(crate) fn heard(&self) -> Option<&Heard> {
        self.heard.as_ref()
    }

    /// The same access with one more policy, run at every try just before the wire: to count, to trace, to fail on
    /// purpose.
    pub fn with_policy(mut self, policy: Arc<dyn Policy>) -> Self {
        self.policies.push(policy);
        self
    }

    /// The same access, with a policy that takes the place of the wire.
    pub fn with_wire(mut self, policy: Arc<dyn Policy>) -> Self {
        self.transport = Transport::with_policy(policy);
        self
    }

    /// The same access over another HTTP client: one that trusts a certificate of its own.
    pub fn with_http_client(mut self, client: Arc<dyn HttpClient>) -> Self {
        self.transport = Transport::new(client);
        self
    }

    /// The identity that calls. `None` for a key.
    pub(crate) fn credential(&self) -> Option<&Arc<dyn TokenCredential>> {
        match &self.identity {
            Identity::Entra(credential) => Some(credential),
            Identity::EmulatorKey { .. } => None,
        }
    }

    /// How long a whole call may take.
    pub(crate) fn limit(&self) -> Duration {
        self.patience.call
    }

    /// What a client of this service at this address is made with.
    pub(crate) fn line(&self, service: Service, endpoint: &Url) -> Result<Line, AccessError> {
        let local = is_loopback(endpoint);
        let mut per_try: Vec<Arc<dyn Policy>> = vec![Arc::new(NoLongWaits(self.patience.longest_wait))];
        let credential = match &self.identity {
            Identity::EmulatorKey { .. } if !local => return Err(AccessError::KeyNotLocal(endpoint.to_string())),
            Identity::EmulatorKey { account, key } => {
                per_try.push(Arc::new(SharedKey::new(service, account.clone(), key.clone())));
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
        if let Some(heard) = self.heard.as_ref().filter(|_| service != Service::Management) {
            per_try.push(Arc::new(heard.clone()));
        }
        per_try.extend(self.policies.iter().cloned());
        let options = ClientOptions {
            per_call_policies: vec![Arc::new(TimeLimit(self.patience.call))],
            per_try_policies: per_try,
            retry: self.patience.retry(),
            transport: Some(self.transport.clone()),
            ..ClientOptions::default()
        };
        Ok(Line { credential, options })
    }
}

impl Access {
    /// The last guard before the wire, whoever made the endpoint.
    fn may_send_token(&self, service: Service, endpoint: &Url) -> bool {
        let called = match service {
            Service::Blob => CalledService::Blob,
            Service::Queue => CalledService::Queue,
            Service::Table => CalledService::Table,
            Service::Management => CalledService::Management,
        };
        let is_bare = endpoint.port().is_none() && endpoint.username().is_empty() && endpoint.password().is_none();
        is_bare && called.known(endpoint.host_str().unwrap_or_default(), &self.extra).is_some()
    }
}

impl Line {
    /// The policy that asks for tokens of this scope, where the identity is one that has tokens.
    pub(crate) fn bearer(&self, scope: &str) -> Option<Arc<dyn Policy>> {
        let credential = self.credential.clone()?;
        Some(Arc::new(BearerTokenAuthorizationPolicy::new(credential, [scope])))
    }
}

/// Says who calls, and never the key.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.identity {
            Identity::Entra(credential) => write!(f, "Access({credential:?})"),
            Identity::EmulatorKey { account, .. } => write!(f, "Access(emulator account {account})"),
        }
    }
}

/// True for an address that never leaves this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
