use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use domain::address_guard::AddressGuard;

/// Resolver that returns only the permitted addresses of a name.
///
/// The connector uses exactly these addresses, so a name that changes its address between check and call gains
/// nothing.
pub(super) struct GuardedResolver<L> {
    guard: Arc<AddressGuard>,
    lookup: L,
}

/// Name lookup of the system.
pub(super) struct SystemLookup;

/// Reason why a name yields no address to call.
#[derive(Debug, Error)]
pub(super) enum ResolveError {
    #[error("blocked by configuration")]
    Blocked,
    #[error("the name has no address")]
    NoAddress,
    #[error("the name was not resolved")]
    Lookup(#[source] io::Error),
}

impl<L> GuardedResolver<L> {
    pub(super) fn new(guard: Arc<AddressGuard>, lookup: L) -> Self {
        Self { guard, lookup }
    }
}

impl<L: Resolve> Resolve for GuardedResolver<L> {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.guard);
        let host = name.as_str().to_owned();
        let found = self.lookup.resolve(name);
        Box::pin(async move {
            let mut found = found.await?.peekable();
            if found.peek().is_none() {
                return Err(ResolveError::NoAddress.into());
            }
            let permitted: Vec<SocketAddr> = found.filter(|address| guard.permits(&host, address.ip())).collect();
            if permitted.is_empty() {
                return Err(ResolveError::Blocked.into());
            }
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

impl Resolve for SystemLookup {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The connector replaces port 0 by that of the URL.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(ResolveError::Lookup)?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}
