use std::fmt;
use std::net::IpAddr;

use thiserror::Error;
use url::{Host, Url};

use crate::address_guard::AddressGuard;

/// The checked URL of a receiver. `Debug` does not show it, for it may be the credential.
#[derive(Clone)]
pub struct Destination(Url);

/// Why a URL is not called. Says nothing of the URL but its host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DestinationError {
    /// It is no URL.
    #[error("not an absolute URL")]
    Malformed(#[source] url::ParseError),
    /// It is not `https`.
    #[error("not an https URL")]
    NotHttps,
    /// Its host is an address that must not be called.
    #[error(
        "address {host} is blocked by configuration: it is not public and not an allowed host, or the platform's own"
    )]
    Blocked {
        /// The address.
        host: IpAddr,
    },
}

impl Destination {
    pub(super) fn parse(text: &str, guard: &AddressGuard) -> Result<Self, DestinationError> {
        let url = Url::parse(text).map_err(DestinationError::Malformed)?;
        let host = url.host_str().unwrap_or_default();
        match url.scheme() {
            "https" => {}
            "http" if guard.permits_plain_http(host) => {}
            _ => return Err(DestinationError::NotHttps),
        }
        // The connector asks the resolver for names only, so a literal address is checked here.
        match literal_address(&url) {
            Some(address) if !guard.permits(host, address) => Err(DestinationError::Blocked { host: address }),
            _ => Ok(Self(url)),
        }
    }

    /// The host, which may be shown.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whether its path begins with this part.
    pub(crate) fn is_below(&self, part: &str) -> bool {
        self.0.path_segments().and_then(|mut parts| parts.next()) == Some(part)
    }

    pub(super) fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Destination({}, [redacted])", self.host())
    }
}

fn literal_address(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address_guard::Loopback;

    fn parse(text: &str) -> Result<Destination, DestinationError> {
        Destination::parse(text, &AddressGuard::new(Loopback::Refused, []))
    }

    #[test]
    fn an_https_url_of_a_public_host_is_accepted_as_it_is_written() {
        let url = "https://siem.example/hook/%2Fa?sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=aB-_%3D";
        assert_eq!(parse(url).unwrap().url().as_str(), url);
    }

    #[test]
    fn a_url_without_tls_is_refused() {
        for url in ["http://siem.example/hook", "http://127.0.0.1/hook", "ftp://siem.example", "file:///etc/passwd"] {
            assert_eq!(parse(url).unwrap_err(), DestinationError::NotHttps, "{url}");
        }
    }

    #[test]
    fn a_text_that_is_no_url_is_refused() {
        for text in ["", "siem.example/hook", "https://", "https://[::1%25eth0]/"] {
            assert!(matches!(parse(text), Err(DestinationError::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn a_private_address_is_refused_however_it_is_written() {
        let hosts = [
            "10.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "169.254.169.254", "168.63.129.16",
            "%31%30.0.0.1", "１０.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "[2002:a00:1::]",
            "[fe80::1]",
        ];
        for host in hosts {
            let refused = parse(&format!("https://{host}/hook"));
            assert!(matches!(refused, Err(DestinationError::Blocked { .. })), "{host}: {refused:?}");
        }
    }

    #[test]
    fn an_allowed_address_is_accepted_but_not_without_tls() {
        let guard = AddressGuard::new(Loopback::Refused, ["10.0.0.1".to_owned()]);
        assert!(Destination::parse("https://10.0.0.1/hook", &guard).is_ok());
        assert_eq!(Destination::parse("http://10.0.0.1/hook", &guard).unwrap_err(), DestinationError::NotHttps);
    }

    #[test]
    fn debug_shows_the_host_only() {
        let destination = parse("https://user:pass@siem.example/secret?sig=secret").unwrap();
        assert_eq!(format!("{destination:?}"), "Destination(siem.example, [redacted])");
    }
}
