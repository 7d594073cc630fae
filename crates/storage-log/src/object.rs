//! Parses the blob that a request was about.

use percent_encoding::percent_decode_str;

/// Account, container and name of a blob, not validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectAddress {
    /// Name of the account.
    pub account: String,
    /// Name of the container.
    pub container: String,
    /// Name of the blob, decoded.
    pub name: String,
}

impl ObjectAddress {
    /// Parses an address such as `https://account.blob.core.windows.net:443/container/name`. The account is the given
    /// one, or else the first label of the host.
    pub(crate) fn of_address(address: &str, account: Option<&str>) -> Option<Self> {
        let (_, rest) = address.split_once("://")?;
        let (host, path) = rest.split_once('/')?;
        let label = host.split(['.', ':']).next()?;
        Self::of_path(account.unwrap_or(label), path)
    }

    fn of_path(account: &str, path: &str) -> Option<Self> {
        let (container, name) = path.split_once('/')?;
        let decoded = |text: &str| percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned);
        Self { account: account.to_owned(), container: decoded(container)?, name: decoded(name)? }.complete()
    }

    /// Parses a key such as `/account/container/name`.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        let mut parts = key.trim_matches('"').strip_prefix('/')?.splitn(3, '/').map(str::to_owned);
        let (account, container, name) = (parts.next()?, parts.next()?, parts.next()?);
        Self { account, container, name }.complete()
    }

    fn complete(self) -> Option<Self> {
        [&self.account, &self.container, &self.name].iter().all(|part| !part.is_empty()).then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(of: Option<ObjectAddress>) -> Option<(String, String, String)> {
        of.map(|it| (it.account, it.container, it.name))
    }

    #[test]
    fn an_address_and_a_key_name_the_same_blob() {
        let expected = Some(("strec".to_owned(), "recordings".to_owned(), "vm web/ö.3".to_owned()));
        let address = "https://strec.blob.core.windows.net:443/recordings/vm%20web/%C3%B6.3";
        assert_eq!(parts(ObjectAddress::of_address(address, None)), expected);
        let other = "https://files.example/recordings/vm%20web%2F%C3%B6.3";
        assert_eq!(parts(ObjectAddress::of_address(other, Some("strec"))), expected);
        assert_eq!(parts(ObjectAddress::of_key("\"/strec/recordings/vm web/ö.3\"")), expected);
    }

    #[test]
    fn a_container_or_an_account_is_no_blob() {
        for address in ["https://strec.blob.core.windows.net/recordings", "https://strec/", "strec", "https://a/b/%FF"]
        {
            assert_eq!(ObjectAddress::of_address(address, None), None, "{address}");
        }
        for key in ["", "/", "/strec", "/strec/recordings", "/strec/recordings/", "strec/recordings/a"] {
            assert_eq!(ObjectAddress::of_key(key), None, "{key}");
        }
    }
}
