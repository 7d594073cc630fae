//! Identifies the store behind a blob endpoint, however the endpoint is spelled.

use azure_core::http::Url;
use domain::address::AccountName;
use domain::cloud::Cloud;
use pipeline::ports::StoreId;

/// Returns the identity of an account. Account names are unique in a cloud, so private host names, custom domains,
/// DNS zones, ports and the spelling of the URL make no difference. An emulator is identified by host, port and
/// account.
pub(super) fn identity(endpoint: &Url, account: &AccountName) -> StoreId {
    let (host, account) = (endpoint.host_str().unwrap_or_default().trim_end_matches('.'), account.as_str());
    let is_loopback = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    if is_loopback || endpoint.scheme() == "http" {
        let host = if is_loopback { "localhost" } else { host };
        let port = endpoint.port_or_known_default().unwrap_or_default();
        return StoreId::new(format!("emulator {host}:{port}/{account}"));
    }
    let is_in = |suffix: &str| host.strip_suffix(suffix).is_some_and(|before| before.ends_with('.'));
    let cloud = Cloud::ALL.into_iter().find(|cloud| is_in(cloud.storage_suffix()));
    StoreId::new(match cloud {
        Some(Cloud::China) => format!("Azure account {account} in the cloud China"),
        Some(Cloud::UsGovernment) => format!("Azure account {account} in the cloud US Government"),
        Some(Cloud::Public) | None => format!("Azure account {account}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity_at(url: &str) -> String {
        identity(&url.parse().unwrap(), &AccountName::parse("stbastionrec01").unwrap()).as_str().to_owned()
    }

    #[test]
    fn an_account_has_one_identity_for_every_url() {
        for url in [
            "https://stbastionrec01.blob.core.windows.net",
            "https://STBASTIONREC01.blob.core.windows.net:443/",
            "https://stbastionrec01.blob.core.windows.net./",
            "https://stbastionrec01.privatelink.blob.core.windows.net",
            "https://stbastionrec01.z12.blob.storage.azure.net",
            "https://stbastionrec01.recordings.corp.example:8443",
        ] {
            assert_eq!(identity_at(url), "Azure account stbastionrec01", "{url}");
        }
        for url in
            ["http://127.0.0.1:10000/stbastionrec01", "http://localhost:10000/stbastionrec01/", "http://[::1]:10000/x"]
        {
            assert_eq!(identity_at(url), "emulator localhost:10000/stbastionrec01", "{url}");
        }
    }

    #[test]
    fn an_account_name_in_another_cloud_is_another_account() {
        let mut all = vec![
            identity_at("https://stbastionrec01.blob.core.windows.net"),
            identity_at("https://stbastionrec01.blob.core.chinacloudapi.cn"),
            identity_at("https://stbastionrec01.blob.core.usgovcloudapi.net"),
            identity_at("http://127.0.0.1:10000/stbastionrec01"),
            identity_at("http://127.0.0.1:10001/stbastionrec01"),
            identity_at("https://127.0.0.1:10002/stbastionrec01"),
        ];
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 6, "{all:?}");
    }
}
