//! Limits concurrent attempts per channel.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Maximum number of concurrent attempts per channel: two thirds of the 12 messages that the host hands out at once
/// (`host.json`). An unresponsive channel leaves room for the others.
const AT_ONCE: usize = 8;

/// Running attempts by channel.
#[derive(Debug, Clone)]
pub(crate) struct UnderWay(Arc<BTreeMap<String, AtomicUsize>>);

/// Slot of one running attempt, released on drop.
pub(super) struct Passage<'a>(&'a AtomicUsize);

impl UnderWay {
    /// Creates empty counters for these channels.
    pub(crate) fn for_channels<'a>(channels: impl Iterator<Item = &'a String>) -> Self {
        Self(Arc::new(channels.map(|channel| (channel.clone(), AtomicUsize::new(0))).collect()))
    }

    /// Takes a slot. Returns `None` if all slots of the channel are in use.
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
