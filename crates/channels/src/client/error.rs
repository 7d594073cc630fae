use std::error::Error;
use std::fmt;
use std::io;

use super::resolver::ResolveError;

/// Why the client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// TLS cannot be set up: mostly, this system trusts no certificate.
    #[error("set up tls with the certificates that this system trusts")]
    Tls(#[source] rustls::Error),
    /// The HTTP library refused its settings.
    #[error("build the http client")]
    Build(#[source] reqwest::Error),
}

/// Why a request got no answer. Says nothing of the URL but its host.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// None of the host's addresses may be called. A retry does not help.
    #[error(
        "host {host} is blocked by configuration: it has no public address and is not an allowed host, or leads to the platform's own"
    )]
    Blocked {
        /// The host.
        host: String,
    },
    /// The time for connecting or for the whole call was over. A retry can help.
    #[error("host {host} did not answer in time")]
    TimedOut {
        /// The host.
        host: String,
        /// The library's own error, without the URL.
        source: reqwest::Error,
    },
    /// There was no connection, or it ended before the answer. A retry can help.
    #[error("no answer from host {host}: {cause}")]
    NoAnswer {
        /// The host.
        host: String,
        /// What is known of why.
        cause: Cause,
        /// The library's own error, without the URL.
        source: reqwest::Error,
    },
}

/// Why there was no answer, in words that nobody else chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The host's name has no address.
    NameNotResolved,
    /// The host's certificate is not trusted, or is for another host.
    CertificateRefused,
    /// TLS could not be agreed on.
    TlsFailed,
    /// The network said so.
    Network(io::ErrorKind),
    /// The connection ended early, or what came was not HTTP.
    ConnectionBroken,
}

impl SendError {
    pub(super) fn of(host: &str, error: reqwest::Error) -> Self {
        let source = error.without_url();
        let host = host.to_owned();
        match find_cause(&source) {
            Found::Blocked => Self::Blocked { host },
            _ if source.is_timeout() => Self::TimedOut { host, source },
            Found::Cause(cause) => Self::NoAnswer { host, cause, source },
        }
    }

    /// Whether the same request can succeed later.
    pub fn is_retryable(&self) -> bool {
        !matches!(self, Self::Blocked { .. })
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameNotResolved => f.write_str("name not resolved"),
            Self::CertificateRefused => f.write_str("certificate refused"),
            Self::TlsFailed => f.write_str("tls handshake failed"),
            Self::Network(kind) => kind.fmt(f),
            Self::ConnectionBroken => f.write_str("connection broken"),
        }
    }
}

enum Found {
    Blocked,
    Cause(Cause),
}

/// The first thing known in the chain of sources.
fn find_cause(error: &reqwest::Error) -> Found {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<ResolveError>() {
            return match error {
                ResolveError::Blocked => Found::Blocked,
                ResolveError::NoAddress | ResolveError::Lookup(_) => Found::Cause(Cause::NameNotResolved),
            };
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Found::Cause(io_cause(error));
        }
        next = error.source();
    }
    Found::Cause(Cause::ConnectionBroken)
}

/// A TLS failure arrives wrapped in input/output errors.
fn io_cause(error: &io::Error) -> Cause {
    let Some(inner) = error.get_ref() else { return Cause::Network(error.kind()) };
    if let Some(nested) = inner.downcast_ref() {
        return io_cause(nested);
    }
    match inner.downcast_ref() {
        Some(rustls::Error::InvalidCertificate(_)) => Cause::CertificateRefused,
        Some(_) => Cause::TlsFailed,
        None => Cause::Network(error.kind()),
    }
}
