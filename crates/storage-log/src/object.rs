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
    /// Parses an address such as `https://account.blob.core.windows.net:443/container/name`. The account is the one of
    /// the host; a host of another form has the given account. The line of a copy carries the account of the copy with
    /// the address of the original, so the host goes first.
    pub(crate) fn of_address(address: &str, account: Option<&str>) -> Option<Self> {
        let (_, rest) = address.split_once("://")?;
        let (host, path) = rest.split_once('/')?;
        let mut labels = host.split(['.', ':']);
        let (label, service) = (labels.next()?, labels.next().unwrap_or_default());
        let is_storage = matches!(service, "blob" | "dfs") || is_zone(service);
        let own = label.strip_suffix("-secondary").unwrap_or(label);
        Self::of_path(account.filter(|_| !is_storage).unwrap_or(own), path)
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

/// Returns true for the label of a DNS zone, as in `account.z07.blob.storage.azure.net`.
fn is_zone(label: &str) -> bool {
    label.strip_prefix('z').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
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
    fn the_line_of_a_copy_is_about_the_account_of_its_address() {
        let account = |address: &str| parts(ObjectAddress::of_address(address, Some("strec"))).unwrap().0;
        assert_eq!(account("https://stbackup.blob.core.windows.net/recordings/vm"), "stbackup");
        assert_eq!(account("https://stbackup.z07.blob.storage.azure.net/recordings/vm"), "stbackup");
        assert_eq!(account("https://strec-secondary.blob.core.windows.net/recordings/vm"), "strec");
        assert_eq!(account("https://files.example/recordings/vm"), "strec");
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
