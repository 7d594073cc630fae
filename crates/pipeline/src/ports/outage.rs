//! Causes of errors that affect a whole service, not one object.

use thiserror::Error;

/// Cause that makes every request to the same service fail. Its text says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Outage {
    /// No Azure account is signed in on this machine.
    #[error("not signed in to Azure: run `az login` (or `azd auth login`), or run where the app's managed identity is")]
    NotSignedIn,
    /// The managed identity returns no token.
    #[error(
        "not signed in to Azure: the managed identity gives no token; check that it is assigned to the app, and AZURE_CLIENT_ID"
    )]
    NoIdentity,
    /// The signed-in account belongs to another tenant.
    #[error(
        "not signed in to Azure in the right tenant: run `az login --tenant TENANT` with the tenant of the accounts"
    )]
    WrongTenant,
    /// A host is unreachable.
    #[error("no connection to {host}: check the network, the name, and firewalls and private endpoints on the way")]
    Unreachable {
        /// Host name.
        host: String,
    },
    /// The catalogue's tables do not exist yet.
    #[error("nothing is catalogued yet: there are no tables at {place}; start the app, or run `archivist backfill`")]
    NoCatalogue {
        /// Place searched for the tables.
        place: String,
    },
}

impl Outage {
    /// Returns true if a reason begins like the text of an outage.
    pub fn is_outage_text(reason: &str) -> bool {
        ["not signed in to Azure", "no connection to ", "nothing is catalogued yet"]
            .iter()
            .any(|start| reason.starts_with(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outage_is_known_by_its_text() {
        let text = || "x".to_owned();
        let all = [
            Outage::NotSignedIn,
            Outage::NoIdentity,
            Outage::WrongTenant,
            Outage::Unreachable { host: text() },
            Outage::NoCatalogue { place: text() },
        ];
        assert!(all.iter().all(|outage| Outage::is_outage_text(&outage.to_string())));
        assert!(!Outage::is_outage_text("failed to read x: storage answered 403"));
    }
}
