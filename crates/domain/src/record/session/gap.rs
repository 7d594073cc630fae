//! Session without a recording.

use jiff::Timestamp;

use super::tunnel::TunnelId;

/// Missing recording of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Time of detection.
    pub found_at: Timestamp,
    /// Probable cause.
    pub cause: GapCause,
    /// Time at which a recording turned up after all.
    pub closed_at: Option<Timestamp>,
}

/// Probable cause of a missing recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GapCause {
    /// The bastion cannot record native clients.
    NativeClient,
    /// The bastion's write access to storage had expired.
    AccessExpired,
    /// The bastion has recorded nothing since.
    RecordingOff,
    /// A matching recording is in the container of another bastion.
    ContainerMismatch,
    /// One of these sessions lacks a recording; it is unknown which.
    OneOf(Vec<TunnelId>),
    /// No known cause.
    Unknown,
}

impl GapCause {
    /// Returns the name in stored and shown forms.
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
