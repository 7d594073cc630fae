//! A vault, with answers written after the reference of its REST API.

use std::fmt;
use std::sync::{Arc, Mutex};

use adapters_azure::{Patience, Policy, StorageAccess, VaultKey, VaultKeyError};
use async_trait::async_trait;
use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::policies::PolicyResult;
use azure_core::http::{AsyncRawResponse, Body, Context, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::record::ledger::Sha256;
use pipeline::ports::{BundleSigner, FaultKind};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};

use crate::management::api::Somebody;

const KEY: &str = "https://kv-evidence.vault.azure.net/keys/evidence";
const MESSAGE: &[u8] = b"DSSEv1";

/// Vault with one key, which signs [`MESSAGE`].
struct FakeVault {
    pair: EcdsaKeyPair,
    curve: &'static str,
    kid: String,
    status: u16,
    asked: Mutex<Vec<String>>,
}

impl FakeVault {
    fn new() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        Self { pair, curve: "P-256", kid: format!("{KEY}/78deebed"), status: 200, asked: Mutex::default() }
    }

    async fn open(self, address: &str) -> (Result<VaultKey, VaultKeyError>, Arc<Self>) {
        let vault = Arc::new(self);
        let patience = Patience { retries: 0, ..Patience::default() };
        let identity = Arc::new(Somebody("https://vault.azure.net/.default"));
        let wire: Arc<dyn Policy> = vault.clone();
        let access = StorageAccess::token(identity, patience).unwrap().with_wire(wire);
        (VaultKey::open(&access, address).await, vault)
    }

    fn answer(&self, method: &str, body: &str) -> String {
        if method == "GET" {
            let point = self.pair.public_key().as_ref();
            let [x, y] = [&point[1..33], &point[33..]].map(|part| URL_SAFE_NO_PAD.encode(part));
            let (kid, curve) = (&self.kid, self.curve);
            return format!(
                r#"{{"key":{{"kid":"{kid}","kty":"EC","crv":"{curve}","x":"{x}","y":"{y}"}},"attributes":{{}}}}"#
            );
        }
        let digest = URL_SAFE_NO_PAD.encode(Sha256::hash(MESSAGE).bytes());
        assert_eq!(body, format!(r#"{{"alg":"ES256","value":"{digest}"}}"#));
        let signature = URL_SAFE_NO_PAD.encode(self.pair.sign(&SystemRandom::new(), MESSAGE).unwrap());
        format!(r#"{{"kid":"{}","value":"{signature}"}}"#, self.kid)
    }
}

#[async_trait]
impl Policy for FakeVault {
    #[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
    async fn send(&self, _: &Context, request: &mut Request, _: &[Arc<dyn Policy>]) -> PolicyResult {
        let token = request.headers().get_optional_str(&HeaderName::from_static("authorization"));
        assert_eq!(token, Some("Bearer t0ken"));
        self.asked.lock().unwrap().push(format!("{} {}", request.method().as_ref(), request.url()));
        let body = match request.body() {
            Body::Bytes(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            _ => panic!("a body of bytes"),
        };
        let answer = self.answer(request.method().as_ref(), &body);
        Ok(AsyncRawResponse::from_bytes(StatusCode::from(self.status), Headers::new(), answer))
    }
}

impl fmt::Debug for FakeVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FakeVault")
    }
}

#[tokio::test]
async fn a_key_in_a_vault_signs_with_the_version_that_was_read() {
    let (key, vault) = FakeVault::new().open(KEY).await;
    let key = key.unwrap();
    let signature = key.sign(MESSAGE).await.unwrap();
    assert!(key.public().verifies(MESSAGE, &signature));
    let asked = [format!("GET {KEY}?api-version=7.4"), format!("POST {KEY}/78deebed/sign?api-version=7.4")];
    assert_eq!(*vault.asked.lock().unwrap(), asked);
}

#[tokio::test]
async fn a_named_version_is_the_one_that_signs() {
    let (key, _) = FakeVault::new().open(&format!("{KEY}/78deebed")).await;
    assert!(key.is_ok());
    let (other, _) = FakeVault::new().open(&format!("{KEY}/0123")).await;
    assert!(matches!(other, Err(VaultKeyError::Fault(_))), "{other:?}");
}

#[tokio::test]
async fn a_token_for_a_vault_goes_to_vaults_of_known_clouds_only() {
    for address in [
        "https://kv-evidence.vault.azure.net.evil.example/keys/evidence",
        "https://evil.example/keys/evidence",
        "https://kv-evidence.vault.azure.net:8443/keys/evidence",
        "https://user@kv-evidence.vault.azure.net/keys/evidence",
        "http://kv-evidence.vault.azure.net/keys/evidence",
        "https://kv-evidence.vault.azure.net/secrets/evidence",
        "https://kv-evidence.vault.azure.net/keys/evidence/1/sign",
        "https://kv-evidence.vault.azure.net/keys/evidence?x=1",
        "https://kv-evidence.vault.azure.net/keys/",
    ] {
        let (key, vault) = FakeVault::new().open(address).await;
        assert!(matches!(key, Err(VaultKeyError::Address | VaultKeyError::Access(_))), "{address}: {key:?}");
        assert_eq!(vault.asked.lock().unwrap().len(), 0, "{address}");
    }
}

#[tokio::test]
async fn an_answer_that_names_another_key_is_refused() {
    for kid in ["https://evil.example/keys/evidence/1", "https://kv-evidence.vault.azure.net/keys/evidence-2/1", KEY] {
        let (key, _) = FakeVault { kid: kid.to_owned(), ..FakeVault::new() }.open(KEY).await;
        assert!(matches!(key, Err(VaultKeyError::Fault(_))), "{kid}: {key:?}");
    }
}

#[tokio::test]
async fn a_key_on_another_curve_is_refused_with_the_reason() {
    let (key, _) = FakeVault { curve: "P-384", ..FakeVault::new() }.open(KEY).await;
    assert_eq!(key.unwrap_err().to_string(), "it is a key of kind P-384; ES256 needs an EC key on P-256");
}

#[tokio::test]
async fn a_refusal_names_the_missing_role() {
    let (key, _) = FakeVault { status: 403, ..FakeVault::new() }.open(KEY).await;
    let Err(VaultKeyError::Fault(fault)) = key else { panic!("{key:?}") };
    assert_eq!(fault.kind, FaultKind::Permanent);
    assert!(fault.to_string().contains("Key Vault Crypto User"), "{fault}");
    let (absent, _) = FakeVault { status: 404, ..FakeVault::new() }.open(KEY).await;
    assert_eq!(absent.unwrap_err().to_string(), "the vault has no key of this name");
}
