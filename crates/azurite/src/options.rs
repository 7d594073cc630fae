//! Options of the emulator.

use std::ffi::OsString;
use std::path::PathBuf;

/// Accounts for the tests of one process. Names and keys of all of them fit into one environment variable (128 KiB on
/// Linux).
const MANY: u16 = 900;

/// Options of the emulator. The default suits tests: plain HTTP, any free ports, all data in memory.
#[derive(Debug, Clone)]
pub struct Options {
    /// Number of accounts, at least 1.
    pub accounts: u16,
    /// Loopback ports.
    pub ports: EmulatorPorts,
    /// Folder of the stored data; `None` keeps everything in memory.
    pub location: Option<PathBuf>,
    /// Enables HTTPS and bearer tokens besides the shared key. The emulator checks the claims of a token, but not its
    /// signature.
    pub certificate: Option<Certificate>,
}

/// Loopback port of each service; 0 is any free one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EmulatorPorts {
    /// Blob service.
    pub blob: u16,
    /// Queue service.
    pub queue: u16,
    /// Table service.
    pub table: u16,
}

/// Certificate for `localhost`, which becomes the host of all URLs.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// PEM file of the certificate.
    pub certificate: PathBuf,
    /// PEM file of the private key.
    pub key: PathBuf,
}

impl Default for Options {
    fn default() -> Self {
        Self { accounts: MANY, ports: EmulatorPorts::default(), location: None, certificate: None }
    }
}

impl Options {
    /// Scheme and host of all URLs.
    pub(crate) fn origin(&self) -> &'static str {
        if self.certificate.is_some() {
            "https://localhost"
        } else {
            "http://127.0.0.1"
        }
    }

    /// Command-line arguments of the emulator.
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        // The pinned release does not know the API version sent by the SDK; the calls used here did not change.
        let mut arguments: Vec<OsString> =
            ["--silent", "--disableTelemetry", "--skipApiVersionCheck"].map(OsString::from).into();
        let EmulatorPorts { blob, queue, table } = self.ports;
        for (service, port) in [("blob", blob), ("queue", queue), ("table", table)] {
            arguments.extend([format!("--{service}Host").into(), "127.0.0.1".into()]);
            arguments.extend([format!("--{service}Port").into(), port.to_string().into()]);
        }
        match &self.location {
            Some(folder) => arguments.extend(["--location".into(), folder.into()]),
            None => arguments.push("--inMemoryPersistence".into()),
        }
        if let Some(Certificate { certificate, key }) = &self.certificate {
            arguments.extend(["--oauth".into(), "basic".into()]);
            arguments.extend(["--cert".into(), certificate.into(), "--key".into(), key.into()]);
        }
        arguments
    }
}
