//! Accounts of the emulator, one per test, so that tests do not share data.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Sha256;

use crate::options::EmulatorPorts;

/// Key of every account, in base64. Made up, and valid for this emulator only.
const KEY: &str = "bm8gc2VjcmV0OiB0aGUgdGVzdHMgb2YgQmFzdGlvbiBBcmNoaXZpc3QgbWFkZSB0aGlzIGtleQ==";

/// Account of the emulator, empty when it is assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Name of the account.
    pub name: String,
    /// Shared key, in base64; not a secret.
    pub key: String,
    /// Blob endpoint, without a trailing slash.
    pub blob_url: String,
    /// Queue endpoint, without a trailing slash.
    pub queue_url: String,
    /// Table endpoint, without a trailing slash.
    pub table_url: String,
}

/// All accounts of the emulator are assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("all {0} accounts of the emulator are handed out; start it with more in Options::accounts")]
pub struct NoAccountLeft(pub u16);

impl Account {
    /// Returns the value for `AzureWebJobsStorage` of the Functions host.
    pub fn connection_string(&self) -> String {
        let Self { name, key, blob_url, queue_url, table_url } = self;
        format!(
            "DefaultEndpointsProtocol=http;AccountName={name};AccountKey={key};\
             BlobEndpoint={blob_url};QueueEndpoint={queue_url};TableEndpoint={table_url};"
        )
    }

    /// Returns a shared access signature with all rights in all three services, as the query of a URL: for tests that
    /// access the account directly instead of through the archivist.
    pub fn signature(&self) -> String {
        let parts =
            [("sv", "2023-11-03"), ("ss", "bqt"), ("srt", "sco"), ("sp", RIGHTS), ("se", "2099-01-01T00:00:00Z")];
        let [version, services, types, rights, end] = parts.map(|(_, value)| value);
        let text = format!("{}\n{rights}\n{services}\n{types}\n\n{end}\n\n\n{version}\n\n", self.name);
        let signature = sign(&self.key, &text);
        let parts = parts.into_iter().chain([("sig", signature.as_str())]);
        let encoded = parts.map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
        encoded.collect::<Vec<_>>().join("&")
    }

    /// Creates the account with this number, from 0, at an origin such as `http://127.0.0.1` with these ports.
    pub(crate) fn new(number: u16, origin: &str, ports: EmulatorPorts) -> Self {
        let name = name(number);
        let url = |port: u16| format!("{origin}:{port}/{name}");
        Self {
            key: KEY.to_owned(),
            blob_url: url(ports.blob),
            queue_url: url(ports.queue),
            table_url: url(ports.table),
            name,
        }
    }
}

/// All rights of a shared access signature.
const RIGHTS: &str = "rwdxlacuptf";

fn sign(key: &str, text: &str) -> String {
    // The key is a constant in base64; the emulator would refuse any other.
    let key = STANDARD.decode(key).unwrap_or_default();
    // HMAC accepts a key of any length, so this never fails.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else {
        return String::new();
    };
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Returns names and keys of `accounts` accounts, in the form of `AZURITE_ACCOUNTS`.
pub fn setting(accounts: u16) -> String {
    (0..accounts).map(|number| format!("{}:{KEY}", name(number))).collect::<Vec<_>>().join(";")
}

fn name(number: u16) -> String {
    format!("archivist{number:03}")
}
