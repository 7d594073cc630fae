//! Storage of the archivist itself, and the access to it.

mod connection_string;
mod host_storage;
mod urls;

pub use connection_string::{ConnectionString, ConnectionStringError, EmulatorKey};
pub use host_storage::HostStorage;
pub use urls::StateUrls;

use crate::account_url::ServiceUrl;

/// Storage of the archivist itself: the endpoints of three services. Either all or none of them are of a
/// storage emulator on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatePlace {
    /// Blob service.
    pub blob: ServiceUrl,
    /// Queue service.
    pub queue: ServiceUrl,
    /// Table service, or Cosmos DB in its place.
    pub table: ServiceUrl,
    /// Access to the services.
    pub access: StateAccess,
}

/// Access to storage accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateAccess {
    /// With the key of a storage emulator on this machine.
    EmulatorKey(EmulatorKey),
    /// With the app's identity.
    Identity {
        /// Client id of a user-assigned identity. `None` if the app has only one identity.
        client_id: Option<String>,
    },
}

impl StatePlace {
    /// Combines the endpoints of the file with the app settings; the file takes precedence. Returns `None`
    /// if neither names any.
    ///
    /// # Errors
    /// Returns every problem of the combination, one text each: endpoints that are missing, duplicate or in
    /// different places, or an unknown key.
    pub fn resolve(file: &StateUrls, host: &HostStorage) -> Result<Option<Self>, Vec<String>> {
        let urls = file.or(&host.urls);
        if urls == StateUrls::default() {
            return Ok(None);
        }
        let mut problems = Vec::new();
        for (service, _) in urls.each().into_iter().filter(|(_, url)| url.is_none()) {
            problems.push(format!(
                "state.account_urls.{service}: is missing; add it, or set AzureWebJobsStorage__{service}ServiceUri"
            ));
        }
        let known: Vec<&ServiceUrl> = urls.each().into_iter().filter_map(|(_, url)| url).collect();
        problems.extend(twice(&known));
        problems.extend(apart(&known));
        problems.extend(without_key(&known, host));
        let access = host.access(known.iter().all(|url| url.is_local()));
        match urls {
            StateUrls { blob: Some(blob), queue: Some(queue), table: Some(table) } if problems.is_empty() => {
                Ok(Some(Self { blob, queue, table, access }))
            }
            _ => Err(problems),
        }
    }
}

fn twice(known: &[&ServiceUrl]) -> Vec<String> {
    let mut problems = Vec::new();
    for (at, url) in known.iter().enumerate() {
        if let Some(first) = known[..at].iter().find(|first| first.url() == url.url()) {
            let (service, first) = (url.service(), first.service());
            problems.push(format!(
                "state.account_urls.{service}: is the same as {first}; write the {service} endpoint, each has its own"
            ));
        }
    }
    problems
}

fn apart(known: &[&ServiceUrl]) -> Option<String> {
    let (here, elsewhere): (Vec<&ServiceUrl>, Vec<&ServiceUrl>) = known.iter().partition(|url| url.is_local());
    let names = |urls: &[&ServiceUrl]| urls.iter().map(|url| url.service().name()).collect::<Vec<_>>().join(" and ");
    let mixed = !here.is_empty() && !elsewhere.is_empty();
    mixed.then(|| {
        let (here, elsewhere) = (names(&here), names(&elsewhere));
        format!(
            "state.account_urls: {here} on this machine, {elsewhere} elsewhere; write all of the emulator or all of Azure"
        )
    })
}

/// Tokens are not sent over plain http, so an emulator behind http needs a key.
fn without_key(known: &[&ServiceUrl], host: &HostStorage) -> Option<String> {
    let first = known.iter().find(|url| url.url().scheme() == "http" && host.emulator.is_none())?.service();
    Some(format!(
        "state.account_urls.{first}: is the URL of a storage emulator whose key is not known; set AzureWebJobsStorage to UseDevelopmentStorage=true, or to the emulator's connection string"
    ))
}
