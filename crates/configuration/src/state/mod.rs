//! Where the archivist keeps its own things, and how it gets there.

mod connection_string;
mod host_storage;
mod urls;

pub use connection_string::{ConnectionString, ConnectionStringError, EmulatorKey};
pub use host_storage::HostStorage;
pub use urls::StateUrls;

use crate::account_url::ServiceUrl;

/// Where the archivist keeps its own things: the endpoints of three services, either all of a storage emulator on
/// this machine or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatePlace {
    /// The blob service.
    pub blob: ServiceUrl,
    /// The queue service.
    pub queue: ServiceUrl,
    /// The table service, or Cosmos DB in its place.
    pub table: ServiceUrl,
    /// How to get there.
    pub access: Access,
}

/// How to get at storage accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// By the key of a storage emulator on this machine.
    EmulatorKey(EmulatorKey),
    /// By the app's identity.
    Identity {
        /// The client id of a user-assigned identity. `None` for the only one there is.
        client_id: Option<String>,
    },
}

impl StatePlace {
    /// The place that the file names, and the app settings where it names none. `None` where neither names any.
    ///
    /// # Errors
    /// Every problem that shows only where both are known, one a text: endpoints that are missing, that stand
    /// twice, that are in different places, or whose key is not known.
    pub fn of(file: &StateUrls, host: &HostStorage) -> Result<Option<Self>, Vec<String>> {
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

/// Tokens do not travel over plain http, so the identity is no way to an emulator there.
fn without_key(known: &[&ServiceUrl], host: &HostStorage) -> Option<String> {
    let first = known.iter().find(|url| url.url().scheme() == "http" && host.emulator.is_none())?.service();
    Some(format!(
        "state.account_urls.{first}: is a storage emulator's whose key is not known; set AzureWebJobsStorage to UseDevelopmentStorage=true, or to the emulator's connection string"
    ))
}
