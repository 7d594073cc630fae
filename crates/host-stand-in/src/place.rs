//! Address of the handler, which changes on every restart.

use std::net::SocketAddr;

use tokio::sync::watch;

/// Address of the handler. Clones share the state.
#[derive(Debug, Clone)]
pub struct HandlerPlace(watch::Sender<Whereabouts>);

#[derive(Debug, Clone, Copy)]
enum Whereabouts {
    /// The process has a port but does not respond yet.
    Starting,
    At(SocketAddr),
    /// The process ended and is not restarted.
    Gone,
}

impl HandlerPlace {
    /// Creates the fixed address of a handler started elsewhere.
    pub fn at(address: SocketAddr) -> Self {
        Self(watch::Sender::new(Whereabouts::At(address)))
    }

    pub(crate) fn starting() -> Self {
        Self(watch::Sender::new(Whereabouts::Starting))
    }

    pub(crate) fn moves_to(&self, address: SocketAddr) {
        self.0.send_replace(Whereabouts::At(address));
    }

    pub(crate) fn starts_again(&self) {
        self.0.send_replace(Whereabouts::Starting);
    }

    pub(crate) fn is_gone(&self) {
        self.0.send_replace(Whereabouts::Gone);
    }

    /// Returns the address, waiting while the handler starts, or `None` if the handler has ended for good.
    pub async fn address(&self) -> Option<SocketAddr> {
        let mut known = self.0.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let known = known.wait_for(|known| !matches!(known, Whereabouts::Starting)).await.ok()?;
        match *known {
            Whereabouts::At(address) => Some(address),
            Whereabouts::Starting | Whereabouts::Gone => None,
        }
    }
}
