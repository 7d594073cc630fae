//! The server of the custom handler.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use thiserror::Error;
use tokio::net::TcpListener;
use wiring::CommandError;
use wiring::settings::Front;

use crate::front_door::guard;

/// Exit code to make the host start the handler again. After 0 it never does.
pub const RESTART_ME: u8 = 200;

/// Time limit for calls in flight after a stop signal.
const DRAIN: Duration = Duration::from_secs(25);

/// Error of the server.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The port cannot be bound.
    #[error("failed to listen on {address}; is another archivist running? choose another port")]
    Listen {
        /// Address to bind.
        address: SocketAddr,
        /// Error of the system.
        source: io::Error,
    },
    /// Accepting connections failed.
    #[error("failed to serve")]
    Serve(#[source] io::Error),
}

impl From<ServeError> for CommandError {
    fn from(error: ServeError) -> Self {
        Self::needed(error)
    }
}

/// Binds the loopback address only, because the port needs no key.
pub async fn listen(port: u16) -> Result<TcpListener, ServeError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })
}

/// Serves admitted requests until `stop` ends, then waits for calls in flight, up to a time limit.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    front: Front,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let router = router.layer(from_fn_with_state(front, guard));
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let stop = async move {
        stop.await;
        // Fails only if the server ended before.
        let _ = stopping.send(());
    };
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop);
    let abandoned = async move {
        match stopped.await {
            Ok(()) => drain_time().await,
            // The server ended by itself; the other branch returns its error.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        served = serving.into_future() => served.map_err(ServeError::Serve),
        () = abandoned => {
            tracing::warn!("calls still in flight are abandoned; the platform delivers their input again");
            Ok(())
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the waiting host runs in real time; decisions never see it")]
async fn drain_time() {
    tokio::time::sleep(DRAIN).await;
}
