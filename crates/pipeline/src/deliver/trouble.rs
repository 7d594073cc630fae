//! Channels that accept no notifications, for readers.

use jiff::Timestamp;

use super::channel::read;
use crate::ports::{CheckpointKind, Checkpoints, Fault};

/// Channels per page.
const PAGE: usize = 100;

/// Channel that is disabled or off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelTrouble {
    /// Name of the channel.
    pub channel: String,
    /// Reason.
    pub reason: String,
    /// Time since when it is disabled or off.
    pub since: Timestamp,
    /// True if a person must enable it; false if it is off for want of a setting.
    pub is_disabled: bool,
}

/// Returns the channels that are disabled or off. Costs one read per hundred channels.
pub(crate) async fn channel_troubles(checkpoints: &dyn Checkpoints) -> Result<Vec<ChannelTrouble>, Fault> {
    let (mut troubles, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = checkpoints.list(CheckpointKind::Channel, after.as_deref(), PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(troubles) };
        after = Some(last.clone());
        for (channel, kept) in page {
            let state = read(&channel, &kept.doc)?;
            let disabled = state.disabled.map(|(since, reason)| (since, reason, true));
            let off = state.off.map(|off| (off.since, off.reason, false));
            troubles.extend(disabled.or(off).map(|(since, reason, is_disabled)| ChannelTrouble {
                channel,
                reason,
                since,
                is_disabled,
            }));
        }
    }
}
