//! Where the handler is, which changes when it is started again.

use std::net::SocketAddr;

use tokio::sync::watch;

/// Where the handler listens. Copies share what they know.
#[derive(Debug, Clone)]
pub struct HandlerPlace(watch::Sender<Whereabouts>);

#[derive(Debug, Clone, Copy)]
enum Whereabouts {
    /// It has a port and does not answer there yet.
    Starting,
    At(SocketAddr),
    /// It ended, and nobody starts it again.
    Gone,
}

impl HandlerPlace {
    /// A handler that somebody else starts, and that stays where it is.
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

    /// Waits while the handler starts. `None` when it is gone for good.
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
