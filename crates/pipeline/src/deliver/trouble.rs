//! Channels that accept no notifications, for readers.

use jiff::Timestamp;

use super::channel::read;
use crate::all_checkpoints::all_checkpoints;
use crate::ports::{CheckpointKind, Checkpoints, Fault};

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

/// Returns the channels that are disabled or off. Costs one read per 500 channels.
pub(crate) async fn channel_troubles(checkpoints: &dyn Checkpoints) -> Result<Vec<ChannelTrouble>, Fault> {
    let mut troubles = Vec::new();
    for (channel, kept) in all_checkpoints(checkpoints, CheckpointKind::Channel).await? {
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
    Ok(troubles)
}
