//! The accounts that the emulator knows: many, so that no test sees what another one stored.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Sha256;

use crate::options::Ports;

/// The key of every account, in base64. Made up, and good for nothing but this emulator.
const KEY: &str = "bm8gc2VjcmV0OiB0aGUgdGVzdHMgb2YgQmFzdGlvbiBBcmNoaXZpc3QgbWFkZSB0aGlzIGtleQ==";

/// An account of the emulator, empty when it is handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its shared key, in base64; no secret.
    pub key: String,
    /// Its blob endpoint, without a slash at the end.
    pub blob_url: String,
    /// Its queue endpoint, without a slash at the end.
    pub queue_url: String,
    /// Its table endpoint, without a slash at the end.
    pub table_url: String,
}

/// Every account of the emulator was handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("all {0} accounts of the emulator are handed out; start it with more in Options::accounts")]
pub struct NoAccountLeft(pub u16);

impl Account {
    /// What the Functions host takes as `AzureWebJobsStorage`.
    pub fn connection_string(&self) -> String {
        let Self { name, key, blob_url, queue_url, table_url } = self;
        format!(
            "DefaultEndpointsProtocol=http;AccountName={name};AccountKey={key};\
             BlobEndpoint={blob_url};QueueEndpoint={queue_url};TableEndpoint={table_url};"
        )
    }

    /// A signature that lets everything pass in all three services, as the query of a URL: for whoever uses the account
    /// beside the archivist, and need not come its way.
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

    /// The account with this number, counted from 0, at an origin such as `http://127.0.0.1` with these ports.
    pub(crate) fn new(number: u16, origin: &str, ports: Ports) -> Self {
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

/// Everything that anybody may do.
const RIGHTS: &str = "rwdxlacuptf";

fn sign(key: &str, text: &str) -> String {
    // The key is our own and is Base64; another one would be refused by the emulator.
    let key = STANDARD.decode(key).unwrap_or_default();
    // A key of any length will do.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else {
        return String::new();
    };
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Names and keys of so many accounts, as the emulator takes them in `AZURITE_ACCOUNTS`.
pub fn setting(accounts: u16) -> String {
    (0..accounts).map(|number| format!("{}:{KEY}", name(number))).collect::<Vec<_>>().join(";")
}

fn name(number: u16) -> String {
    format!("archivist{number:03}")
}
