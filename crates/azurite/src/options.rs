//! How the emulator is to be run.

use std::ffi::OsString;
use std::path::PathBuf;

/// How the emulator is to be run. The default is what tests want: plain http, any free ports, all in memory.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many accounts it knows, at least 1.
    pub accounts: u16,
    /// Where it listens.
    pub ports: Ports,
    /// The folder that keeps what is stored; without it, everything is in memory.
    pub location: Option<PathBuf>,
    /// With it, the emulator speaks https and takes bearer tokens beside the shared key. It looks at their claims
    /// and not at their signature.
    pub certificate: Option<Certificate>,
}

/// The loopback port of each service; 0 is any free one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ports {
    /// Blobs.
    pub blob: u16,
    /// Queues.
    pub queue: u16,
    /// Tables.
    pub table: u16,
}

/// A certificate for `localhost`, which is the host in all URLs then.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The certificate's PEM file.
    pub certificate: PathBuf,
    /// The PEM file of its private key.
    pub key: PathBuf,
}

impl Default for Options {
    fn default() -> Self {
        Self { accounts: 64, ports: Ports::default(), location: None, certificate: None }
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

    /// The emulator's arguments.
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        // The pinned release is older than the API version that the SDK names; what we use of it is the same.
        let mut arguments: Vec<OsString> =
            ["--silent", "--disableTelemetry", "--skipApiVersionCheck"].map(OsString::from).into();
        let Ports { blob, queue, table } = self.ports;
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
