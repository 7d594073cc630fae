//! A session that left no recording.

use jiff::Timestamp;

use super::tunnel::TunnelId;

/// A session without a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// When it was found.
    pub found_at: Timestamp,
    /// Why there is none, as far as can be told.
    pub cause: Cause,
    /// When its recording turned up after all.
    pub closed_at: Option<Timestamp>,
}

/// Why a session probably has no recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The bastion cannot record native clients.
    NativeClient,
    /// The access that the bastion writes with had expired.
    AccessExpired,
    /// The bastion has recorded nothing since.
    RecordingOff,
    /// A recording that fits is in the container of another bastion.
    ContainerMismatch,
    /// One of these sessions has none, and nothing tells which.
    OneOf(Vec<TunnelId>),
    /// Nothing is known that would explain it.
    Unknown,
}

impl Cause {
    /// The name in stored and shown forms.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NativeClient => "native_client",
            Self::AccessExpired => "access_expired",
            Self::RecordingOff => "recording_off",
            Self::ContainerMismatch => "container_mismatch",
            Self::OneOf(_) => "one_of",
            Self::Unknown => "unknown",
        }
    }
}
