//! How many attempts a process makes at the same time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The most attempts of one channel at a time, a third of what the host hands out: whoever does not answer leaves room for
/// the others.
const AT_ONCE: usize = 8;

/// The attempts that are being made, by channel.
#[derive(Debug, Clone)]
pub(crate) struct UnderWay(Arc<BTreeMap<String, AtomicUsize>>);

/// One of them, until it is dropped.
pub(super) struct Passage<'a>(&'a AtomicUsize);

impl UnderWay {
    /// None, of these channels.
    pub(crate) fn of<'a>(channels: impl Iterator<Item = &'a String>) -> Self {
        Self(Arc::new(channels.map(|channel| (channel.clone(), AtomicUsize::new(0))).collect()))
    }

    /// Begins one. `None` where there are as many as there may be.
    pub(super) fn begin(&self, channel: &str) -> Option<Passage<'_>> {
        static NO_CHANNEL: AtomicUsize = AtomicUsize::new(0);
        let count = self.0.get(channel).unwrap_or(&NO_CHANNEL);
        let begun = |count: usize| (count < AT_ONCE).then_some(count + 1);
        count.fetch_update(Ordering::AcqRel, Ordering::Acquire, begun).ok().map(|_| Passage(count))
    }
}

impl Drop for Passage<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
