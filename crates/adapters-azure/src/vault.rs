//! A P-256 key in a vault, which signs bundles of evidence. The private part never leaves the vault.
//!
//! Written after the REST reference of Key Vault, "Get Key" and "Sign", version 7.4.

use std::fmt;

use async_trait::async_trait;
use azure_core::http::{Context, Method, Pipeline, PipelineSendOptions, Request, Url};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::cloud::{CalledService, ExtraSuffixes};
use domain::record::ledger::Sha256;
use evidence::{VerifyingKey, p256_signature};
use pipeline::ports::{BundleSigner, Fault};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::client::{AccessError, Failure, StorageAccess};

const API_VERSION: &str = "api-version=7.4";
const REMEDY: &str =
    "give it the role Key Vault Crypto User on the key, and admit this address in the vault's firewall";

/// Reason why a key in a vault cannot be used.
#[derive(Debug, Error)]
pub enum VaultKeyError {
    /// Not the address of a key in a vault of a known cloud.
    #[error("it is not the address of a key, such as https://kv-evidence.vault.azure.net/keys/evidence")]
    Address,
    /// The vault has no such key, or the key cannot sign with ES256.
    #[error("{0}")]
    Unusable(String),
    /// The vault cannot be called with this access.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The vault failed or refused the request.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Key that signs with ES256, by its version.
pub struct VaultKey {
    pipeline: Pipeline,
    address: Url,
    public: VerifyingKey,
}

#[derive(Deserialize)]
struct KeyAnswer {
    key: JsonWebKey,
}

/// Public part of a key (RFC 7517).
#[derive(Deserialize)]
struct JsonWebKey {
    kid: String,
    kty: String,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct SignAnswer {
    value: String,
}

impl VaultKey {
    /// Reads the public part of the key at this address. Without a version in the address, it is the newest one.
    ///
    /// # Errors
    /// The address is no such key, our identity may not read it, or the vault fails.
    pub async fn open(access: &StorageAccess, address: &str) -> Result<Self, VaultKeyError> {
        let (address, scope) = parsed_address(address).ok_or(VaultKeyError::Address)?;
        let line = access.line(CalledService::Vault, &address)?;
        let authorised = line.bearer(&scope).ok_or(AccessError::KeyHasNoToken)?;
        let (name, version) = (option_env!("CARGO_PKG_NAME"), option_env!("CARGO_PKG_VERSION"));
        let pipeline = Pipeline::new(name, version, line.options, vec![], vec![authorised], None);
        let object = format!("read {address}");
        let found: Option<KeyAnswer> = send(&pipeline, &object, Request::new(asked(&address), Method::Get)).await?;
        let JsonWebKey { kid, kty, crv, x, y } =
            found.ok_or_else(|| VaultKeyError::Unusable("the vault has no key of this name".to_owned()))?.key;
        if !kty.starts_with("EC") || crv.as_deref() != Some("P-256") {
            let kind = crv.unwrap_or(kty);
            return Err(VaultKeyError::Unusable(format!("it is a key of kind {kind}; ES256 needs an EC key on P-256")));
        }
        let coordinate = |text: Option<String>| decoded::<32>(&text.unwrap_or_default());
        let public = coordinate(x).zip(coordinate(y)).map(|(x, y)| VerifyingKey::p256(&x, &y));
        let public = public.ok_or_else(|| Fault::permanent(&object, "the answer has no public key"))?;
        // Our token and the signature belong to this vault and key alone, whatever the answer names.
        let version = parsed_address(&kid).map(|(kid, _)| kid).filter(|kid| is_version_of(kid, &address));
        let address = version.ok_or_else(|| Fault::permanent(&object, "the answer names another key"))?;
        Ok(Self { pipeline, address, public })
    }
}

#[async_trait]
impl BundleSigner for VaultKey {
    fn public(&self) -> &VerifyingKey {
        &self.public
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Fault> {
        let object = format!("sign with {}", self.address);
        let digest = URL_SAFE_NO_PAD.encode(Sha256::hash(message).bytes());
        let mut url = self.address.clone();
        url.set_path(&format!("{}/sign", self.address.path()));
        let mut request = Request::new(asked(&url), Method::Post);
        let body = format!(r#"{{"alg":"ES256","value":"{digest}"}}"#);
        request.insert_header("content-type", "application/json");
        request.insert_header("content-length", body.len().to_string());
        request.set_body(body);
        let signed: Option<SignAnswer> = send(&self.pipeline, &object, request).await?;
        let numbers = signed.and_then(|answer| decoded::<64>(&answer.value));
        numbers
            .map(|numbers| p256_signature(&numbers))
            .ok_or_else(|| Fault::permanent(object, "the answer has no signature"))
    }
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VaultKey({})", self.address)
    }
}

/// Parses `https://<vault>/keys/<name>` with or without a version. Returns it with the scope of its tokens.
fn parsed_address(text: &str) -> Option<(Url, String)> {
    let url = Url::parse(text).ok()?;
    let host = CalledService::Vault.known(url.host_str()?, &ExtraSuffixes::default())?;
    let mut parts = url.path_segments()?;
    let is_name = |part: &str| {
        (1..=127).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_key = parts.next() == Some("keys") && parts.next().is_some_and(is_name);
    let is_whole = parts.next().is_none_or(is_name) && parts.next().is_none();
    let is_plain =
        url[url::Position::AfterPath..].is_empty() && url.origin().ascii_serialization() + url.path() == text;
    (is_key && is_whole && is_plain).then(|| (url.clone(), host.cloud.vault_scope()))
}

/// Returns true if `version` names one version of the key `address`, or exactly the same version.
fn is_version_of(version: &Url, address: &Url) -> bool {
    let (path, named) = (version.path(), address.path());
    let has_version = path.split('/').count() == 4;
    let rest = path.strip_prefix(named);
    has_version
        && version.origin() == address.origin()
        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn asked(address: &Url) -> Url {
    let mut url = address.clone();
    url.set_query(Some(API_VERSION));
    url
}

fn decoded<const N: usize>(text: &str) -> Option<[u8; N]> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?.try_into().ok()
}

/// Returns the body of the answer. `None` if the key is absent.
async fn send<T: DeserializeOwned>(
    pipeline: &Pipeline,
    object: &str,
    mut request: Request,
) -> Result<Option<T>, Fault> {
    request.insert_header("accept", "application/json");
    let options = PipelineSendOptions { skip_checks: true, ..PipelineSendOptions::default() };
    let sent = pipeline.send(&Context::new(), &mut request, Some(options)).await;
    let response = sent.map_err(|error| Failure::from(error).fault(object))?;
    match u16::from(response.status()) {
        200..=299 => {
            let body = serde_json::from_slice(response.body());
            body.map(Some).map_err(|error| Fault::transient(object, error))
        }
        404 => Ok(None),
        status @ (401 | 403) => {
            Err(Fault::permanent(object, format!("the vault answered {status} to our identity: {REMEDY}")))
        }
        status @ (408 | 429 | 500..=599) => Err(Fault::transient(object, format!("the vault answered {status}"))),
        status => Err(Fault::permanent(object, format!("the vault answered {status}"))),
    }
}
