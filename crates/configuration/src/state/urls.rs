//! The endpoints of the three services, as far as they are known.

use crate::account_url::{Service, ServiceUrl};

/// Where the archivist keeps its own things, as far as one source says so: the file, or the app settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateUrls {
    /// The blob service.
    pub blob: Option<ServiceUrl>,
    /// The queue service.
    pub queue: Option<ServiceUrl>,
    /// The table service.
    pub table: Option<ServiceUrl>,
}

impl StateUrls {
    /// What an endpoint of each service gives, and all errors where there are any.
    pub(crate) fn try_each<E>(mut url: impl FnMut(Service) -> Result<Option<ServiceUrl>, E>) -> Result<Self, Vec<E>> {
        let mut errors = Vec::new();
        let [blob, queue, table] = [Service::Blob, Service::Queue, Service::Table]
            .map(|service| url(service).map_err(|error| errors.push(error)).ok().flatten());
        if errors.is_empty() { Ok(Self { blob, queue, table }) } else { Err(errors) }
    }

    /// The services in their order, with their endpoints.
    pub(crate) fn each(&self) -> [(Service, Option<&ServiceUrl>); 3] {
        [
            (Service::Blob, self.blob.as_ref()),
            (Service::Queue, self.queue.as_ref()),
            (Service::Table, self.table.as_ref()),
        ]
    }

    /// These endpoints, and those of another source where there are none.
    pub(crate) fn or(&self, defaults: &Self) -> Self {
        let Self { blob, queue, table } = self.clone();
        let Self { blob: other_blob, queue: other_queue, table: other_table } = defaults.clone();
        Self { blob: blob.or(other_blob), queue: queue.or(other_queue), table: table.or(other_table) }
    }
}
