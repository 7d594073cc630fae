//! `archivist serve`: the custom handler that the host starts.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::front_door::{Front, guard};

/// The exit code that the host takes as a wish to be started again. After 0 it never starts a handler again.
pub const RESTART_ME: u8 = 200;

/// How long calls in flight may go on after the wish to stop.
const DRAIN: Duration = Duration::from_secs(25);

/// Why serving did not begin or did not go on.
#[derive(Debug, Error)]
pub enum ServeError {
    /// Nobody can listen there.
    #[error("failed to listen on {address}; is another archivist running? choose another port")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's reason.
        source: io::Error,
    },
    /// Accepting connections failed.
    #[error("failed to serve")]
    Serve(#[source] io::Error),
    /// Signals cannot be heard.
    #[error("failed to listen for signals")]
    Signals(#[source] io::Error),
}

/// Binds the loopback address: the port carries no key, so nobody else may reach it.
pub async fn listen(port: u16) -> Result<TcpListener, ServeError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })
}

/// Answers whoever the front door admits until `stop` ends, then lets calls in flight end, for a while.
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
        // Nobody listens any more where serving has ended by itself.
        let _ = stopping.send(());
    };
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop);
    let abandoned = async move {
        match stopped.await {
            Ok(()) => drain_time().await,
            // Serving has ended by itself, and the other branch says how.
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

#[expect(clippy::disallowed_methods, reason = "the host that waits for us lives in real time; decisions never see it")]
async fn drain_time() {
    tokio::time::sleep(DRAIN).await;
}

/// Ends when the process is asked to stop, by SIGTERM or by Ctrl-C.
pub fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, ServeError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(ServeError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeError::Signals)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
