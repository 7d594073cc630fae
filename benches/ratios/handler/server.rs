//! A server on its own thread, so that its CPU time can be separated from that of the load.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::{Measured, cpu};

type Ask = mpsc::Sender<Duration>;

/// A server that runs until it is dropped.
pub struct Server {
    pub address: SocketAddr,
    asks: Option<UnboundedSender<Ask>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts `serve` on a port of the loopback address.
    pub fn start<F: Future>(serve: impl FnOnce(TcpListener) -> F + Send + 'static) -> Measured<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = crate::runtime()?;
        let (asks, asked) = unbounded_channel();
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                // On failure the thread ends, and the waiting side gets an error from `cpu`.
                let Ok(listener) = TcpListener::from_std(listener) else { return };
                tokio::select! {
                    _ = serve(listener) => {}
                    () = answer(asked) => {}
                }
            });
        });
        Ok(Self { address, asks: Some(asks), thread: Some(thread) })
    }

    /// Returns the server's CPU time so far.
    pub fn cpu(&self) -> Measured<Duration> {
        let (ask, answer) = mpsc::channel();
        self.asks.as_ref().ok_or("the server has ended")?.send(ask)?;
        Ok(answer.recv()?)
    }
}

async fn answer(mut asks: UnboundedReceiver<Ask>) {
    while let Some(ask) = asks.recv().await {
        // The receiver is gone if the asking side has failed.
        let _ = ask.send(cpu::of_this_thread());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.asks = None;
        if let Some(thread) = self.thread.take() {
            // After a panic of the server, its pending requests have already failed.
            let _ = thread.join();
        }
    }
}
