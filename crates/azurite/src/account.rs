//! The accounts that the emulator knows: many, so that no test sees what another one stored.

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

/// Names and keys of so many accounts, as the emulator takes them in `AZURITE_ACCOUNTS`.
pub fn setting(accounts: u16) -> String {
    (0..accounts).map(|number| format!("{}:{KEY}", name(number))).collect::<Vec<_>>().join(";")
}

fn name(number: u16) -> String {
    format!("archivist{number:03}")
}
