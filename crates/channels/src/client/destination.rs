use std::fmt;

use thiserror::Error;
use url::Url;

use domain::address_guard::{AddressGuard, ForbiddenAddress};

/// Checked URL of a receiver. `Debug` redacts it, because it may be the credential.
#[derive(Clone)]
pub struct Destination(Url);

/// Reason why a URL is refused. Reveals only the host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DestinationError {
    /// The text is not an absolute URL.
    #[error("not an absolute URL")]
    Malformed(#[source] url::ParseError),
    /// The guard refuses the URL.
    #[error(transparent)]
    Refused(#[from] ForbiddenAddress),
}

impl Destination {
    pub(super) fn parse(text: &str, guard: &AddressGuard) -> Result<Self, DestinationError> {
        let url = Url::parse(text).map_err(DestinationError::Malformed)?;
        // The connector resolves only names, so a literal address has to be checked here.
        guard.check(url.scheme(), url.host_str().unwrap_or_default())?;
        Ok(Self(url))
    }

    /// Returns the host, which may be shown.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Returns true if `part` is the first segment of the path.
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::address_guard::Loopback;

    fn parse(text: &str) -> Result<Destination, DestinationError> {
        Destination::parse(text, &AddressGuard::new(Loopback::Refused, []))
    }

    #[test]
    fn a_public_https_url_is_accepted_verbatim() {
        let url = "https://siem.example/hook/%2Fa?sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=aB-_%3D";
        assert_eq!(parse(url).unwrap().url().as_str(), url);
    }

    #[test]
    fn a_url_without_tls_is_refused() {
        for url in ["http://siem.example/hook", "http://127.0.0.1/hook", "ftp://siem.example", "file:///etc/passwd"] {
            assert_eq!(parse(url).unwrap_err(), DestinationError::Refused(ForbiddenAddress::NotHttps), "{url}");
        }
    }

    #[test]
    fn a_malformed_url_is_rejected() {
        for text in ["", "siem.example/hook", "https://", "https://[::1%25eth0]/"] {
            assert!(matches!(parse(text), Err(DestinationError::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn a_private_address_in_any_notation_is_refused() {
        let hosts = [
            "10.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "169.254.169.254", "168.63.129.16",
            "%31%30.0.0.1", "１０.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "[2002:a00:1::]",
            "[fe80::1]",
        ];
        for host in hosts {
            let refused = parse(&format!("https://{host}/hook"));
            assert!(
                matches!(refused, Err(DestinationError::Refused(ForbiddenAddress::Blocked(_)))),
                "{host}: {refused:?}"
            );
        }
    }

    #[test]
    fn an_allowed_address_is_accepted_but_not_without_tls() {
        let guard = AddressGuard::new(Loopback::Refused, ["10.0.0.1".to_owned()]);
        assert!(Destination::parse("https://10.0.0.1/hook", &guard).is_ok());
        assert_eq!(
            Destination::parse("http://10.0.0.1/hook", &guard).unwrap_err(),
            DestinationError::Refused(ForbiddenAddress::NotHttps)
        );
    }

    #[test]
    fn debug_shows_the_host_only() {
        let destination = parse("https://user:pass@siem.example/secret?sig=secret").unwrap();
        assert_eq!(format!("{destination:?}"), "Destination(siem.example, [redacted])");
    }
}
