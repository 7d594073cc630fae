//! Keeps the archivist up to date with a shared configuration, without a restart.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use pipeline::Archivist;
use pipeline::configuration::{digest, refused, taken, valid_again};
use pipeline::ports::{Clock, ConfigurationRead, ConfigurationSource, TaggedText};
use tokio::sync::Mutex;

use crate::configured::Shared;

/// Interval between checks for a new version. An unchanged version costs one request.
const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(30);

/// Builds an archivist from the text of a configuration. Returns an error with every problem.
pub type Make = dyn Fn(&str) -> Result<Archivist, String> + Send + Sync;

/// The current archivist, and the source of its configuration.
#[derive(Clone)]
pub struct LiveArchivist {
    current: Arc<RwLock<Arc<Archivist>>>,
    watched: Option<Arc<Watched>>,
}

struct Watched {
    source: Arc<dyn ConfigurationSource>,
    make: Box<Make>,
    clock: Arc<dyn Clock>,
    looked: Mutex<Looked>,
}

struct Looked {
    at: Timestamp,
    tag: Option<String>,
}

impl LiveArchivist {
    /// Creates one whose configuration never changes.
    pub fn fixed(archivist: Archivist) -> Self {
        Self { current: held(archivist), watched: None }
    }

    /// Creates one with a shared configuration; `make` builds a new archivist for each new version.
    pub fn shared(archivist: Archivist, shared: &Shared, clock: Arc<dyn Clock>, make: Box<Make>) -> Self {
        let looked = Mutex::new(Looked { at: clock.now(), tag: shared.tag.clone() });
        let watched = Watched { source: shared.source.clone(), make, clock, looked };
        Self { current: held(archivist), watched: Some(Arc::new(watched)) }
    }

    /// Stores the version of the start as last good, or notifies people of its refusal. A failure is logged
    /// and retried with the next version; the start does not depend on it.
    pub async fn began(&self, shared: &Shared) {
        let archivist = self.current();
        match &shared.refused {
            Some(problems) => {
                notify_refused(&archivist, shared.tag.as_deref().unwrap_or_default(), problems).await;
            }
            None => {
                let kept = shared.source.keep(&shared.digest, &shared.text).await;
                warn("configuration not kept", kept);
            }
        }
    }

    /// Returns the archivist of the newest valid version. Concurrent callers do not wait for a running
    /// check.
    pub async fn archivist(&self) -> Arc<Archivist> {
        if let Some(watched) = &self.watched
            && let Ok(mut looked) = watched.looked.try_lock()
        {
            let now = watched.clock.now();
            // If the clock was set back, the elapsed time is unknown, so the check runs.
            if now.duration_since(looked.at).abs() >= LOOK_EVERY {
                looked.at = now;
                self.look(watched, &mut looked).await;
            }
        }
        self.current()
    }

    fn current(&self) -> Arc<Archivist> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, archivist: Archivist) -> Arc<Archivist> {
        let archivist = Arc::new(archivist);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&archivist);
        archivist
    }

    async fn look(&self, watched: &Watched, looked: &mut Looked) {
        let TaggedText { text, tag } = match watched.source.read(looked.tag.as_deref()).await {
            Ok(ConfigurationRead::Text(found)) => found,
            Ok(ConfigurationRead::Same) => return,
            Ok(ConfigurationRead::Nothing) => {
                return tracing::warn!("the configuration is gone, the last one stays in use");
            }
            Err(fault) => return tracing::warn!(%fault, "configuration not checked, the last one stays in use"),
        };
        looked.tag = Some(tag.clone());
        match (watched.make)(&text) {
            Ok(archivist) => {
                let digest = digest(&text);
                let archivist = self.replace(archivist);
                tracing::info!(%digest, "another version of the configuration taken");
                warn("configuration not kept", watched.source.keep(&digest, &text).await);
                let now = watched.clock.now();
                for news in [taken(&tag, &digest, now), valid_again(&tag, now)] {
                    warn("change of configuration not reported", archivist.outbox.hand_over(&news).await);
                }
            }
            Err(problems) => {
                let refusing = self.replace(Archivist::clone(&self.current()).refusing(Some(&problems)));
                notify_refused(&refusing, &tag, &problems).await;
            }
        }
    }
}

fn held(archivist: Archivist) -> Arc<RwLock<Arc<Archivist>>> {
    Arc::new(RwLock::new(Arc::new(archivist)))
}

async fn notify_refused(archivist: &Archivist, tag: &str, problems: &str) {
    tracing::error!(%problems, "a version of the configuration refused, the last good one goes on");
    let sent = archivist.outbox.hand_over(&refused(tag, problems, archivist.reading().now)).await;
    warn("refused configuration not reported", sent);
}

fn warn(what: &str, done: Result<(), pipeline::ports::Fault>) {
    if let Err(fault) = done {
        tracing::warn!(%fault, "{what}");
    }
}

#[cfg(test)]
mod tests;
