//! Endpoints of the three services.

use crate::account_url::{AccountService, ServiceUrl};

/// Endpoints of the archivist's own storage from one source: the file or the app settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateUrls {
    /// Blob service.
    pub blob: Option<ServiceUrl>,
    /// Queue service.
    pub queue: Option<ServiceUrl>,
    /// Table service.
    pub table: Option<ServiceUrl>,
}

impl StateUrls {
    /// Collects an endpoint per service. Returns all errors if there are any.
    pub(crate) fn try_each<E>(
        mut url: impl FnMut(AccountService) -> Result<Option<ServiceUrl>, E>,
    ) -> Result<Self, Vec<E>> {
        let mut errors = Vec::new();
        let [blob, queue, table] = [AccountService::Blob, AccountService::Queue, AccountService::Table]
            .map(|service| url(service).map_err(|error| errors.push(error)).ok().flatten());
        if errors.is_empty() { Ok(Self { blob, queue, table }) } else { Err(errors) }
    }

    /// Returns the services with their endpoints, in a fixed order.
    pub(crate) fn each(&self) -> [(AccountService, Option<&ServiceUrl>); 3] {
        [
            (AccountService::Blob, self.blob.as_ref()),
            (AccountService::Queue, self.queue.as_ref()),
            (AccountService::Table, self.table.as_ref()),
        ]
    }

    /// Fills missing endpoints from `defaults`.
    pub(crate) fn or(&self, defaults: &Self) -> Self {
        let Self { blob, queue, table } = self.clone();
        let Self { blob: other_blob, queue: other_queue, table: other_table } = defaults.clone();
        Self { blob: blob.or(other_blob), queue: queue.or(other_queue), table: table.or(other_table) }
    }
}
