//! Signals that tables, queues and containers have been created.

use std::future::Future;

use tokio::sync::watch;

/// Calls wait for it; the host does not, to keep cold starts short.
#[derive(Debug, Clone)]
pub struct Ready(watch::Receiver<bool>);

impl Ready {
    /// Creates a signal that is ready, if nothing has to be created.
    pub fn at_once() -> Self {
        Self(watch::Sender::new(true).subscribe())
    }

    /// Creates a signal that is ready when `made` ends.
    pub fn after(made: impl Future<Output = ()> + Send + 'static) -> Self {
        let sender = watch::Sender::new(false);
        let ready = Self(sender.subscribe());
        tokio::spawn(async move {
            made.await;
            sender.send_replace(true);
        });
        ready
    }

    /// Waits until the signal is ready.
    pub async fn wait(&self) {
        // If the sender is gone, creation has failed; the call continues and reports what is missing.
        let _ = self.0.clone().wait_for(|ready| *ready).await;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_call_waits_until_everything_is_made() {
        let (make, made) = tokio::sync::oneshot::channel::<()>();
        let ready = Ready::after(async move { made.await.unwrap() });
        assert!(ready.wait().now_or_never().is_none());
        make.send(()).unwrap();
        ready.wait().await;
        assert!(ready.wait().now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_call_continues_if_the_preparation_panics() {
        Ready::after(async { panic!("on purpose") }).wait().await;
        Ready::at_once().wait().await;
    }
}
