use std::error::Error;
use std::fmt;
use std::io;

use super::resolver::ResolveError;

/// Reason why the client cannot be created.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// TLS cannot be set up, usually because the system trusts no certificate.
    #[error("set up tls with the certificates that this system trusts")]
    Tls(#[source] rustls::Error),
    /// The HTTP library refused its settings.
    #[error("build the http client")]
    Build(#[source] reqwest::Error),
}

/// Request without a response. Reveals only the host of the URL.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// None of the host's addresses may be called. A retry does not help.
    #[error(
        "host {host} is blocked by configuration: it has no public address and is not an allowed host, or leads to the platform's own"
    )]
    Blocked {
        /// Host of the receiver.
        host: String,
    },
    /// The timeout for connecting or for the whole call elapsed. A retry can help.
    #[error("host {host} did not answer in time")]
    TimedOut {
        /// Host of the receiver.
        host: String,
        /// Error of the library, without the URL.
        source: reqwest::Error,
    },
    /// No connection was made, or it ended before the response. A retry can help.
    #[error("no answer from host {host}: {cause}")]
    NoAnswer {
        /// Host of the receiver.
        host: String,
        /// Classified cause.
        cause: NoResponse,
        /// Error of the library, without the URL.
        source: reqwest::Error,
    },
}

/// Cause of a missing response, free of untrusted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoResponse {
    /// The host name has no address.
    NameNotResolved,
    /// The certificate is not trusted, or is for another host.
    CertificateRefused,
    /// The TLS handshake failed.
    TlsFailed,
    /// The operating system reported a network error.
    Network(io::ErrorKind),
    /// The connection ended early, or the response was not HTTP.
    ConnectionBroken,
}

impl SendError {
    pub(super) fn from_reqwest(host: &str, error: reqwest::Error) -> Self {
        let source = error.without_url();
        let host = host.to_owned();
        match find_cause(&source) {
            Found::Blocked => Self::Blocked { host },
            _ if source.is_timeout() => Self::TimedOut { host, source },
            Found::Cause(cause) => Self::NoAnswer { host, cause, source },
        }
    }
}

impl fmt::Display for NoResponse {
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
    Cause(NoResponse),
}

/// Returns the first known error in the chain of sources.
fn find_cause(error: &reqwest::Error) -> Found {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<ResolveError>() {
            return match error {
                ResolveError::Blocked => Found::Blocked,
                ResolveError::NoAddress | ResolveError::Lookup(_) => Found::Cause(NoResponse::NameNotResolved),
            };
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Found::Cause(io_cause(error));
        }
        next = error.source();
    }
    Found::Cause(NoResponse::ConnectionBroken)
}

/// TLS failures arrive wrapped in I/O errors.
fn io_cause(error: &io::Error) -> NoResponse {
    let Some(inner) = error.get_ref() else {
        return NoResponse::Network(error.kind());
    };
    if let Some(nested) = inner.downcast_ref() {
        return io_cause(nested);
    }
    match inner.downcast_ref() {
        Some(rustls::Error::InvalidCertificate(_)) => NoResponse::CertificateRefused,
        Some(_) => NoResponse::TlsFailed,
        None => NoResponse::Network(error.kind()),
    }
}
