//! The events people can hear of.

/// How urgent an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Somebody should look.
    Warning,
    /// Somebody must act.
    Critical,
}

impl Severity {
    /// Every severity, the least urgent first.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Critical];

    /// Reads a [`name`](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }

    /// The name used in routes, bodies and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// What can be notified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// An entry was made for a blob that exists.
    RecordingStarted,
    /// A recording became final for the first time.
    RecordingReady,
    /// The session of a recording was found, or corrected.
    RecordingCatalogued,
    /// A recording is of one of several sessions.
    RecordingAmbiguous,
    /// A recording is of no session that the bastion told of.
    RecordingUnmatched,
    /// A recording had not settled when `active_at_most` was over.
    RecordingStale,
    /// The last day of a recording is over, and people are warned before it goes.
    RecordingExpiring,
    /// A recording was deleted, as its policy says.
    RecordingDeleted,
    /// A recording was deleted that was not expiring.
    RecordingDeletedUnexpectedly,
    /// A recording's content is not the one that the ledger tells of.
    RecordingChanged,
    /// A legal hold was placed.
    HoldPlaced,
    /// A legal hold was released.
    HoldReleased,
    /// A session left no recording.
    SessionUnrecorded,
    /// Logins of one person, from one address or to one machine keep failing.
    SessionFailedLogins,
    /// Sessions of a bastion go on, and none of them is recorded.
    BastionRecordingStopped,
    /// A bastion's audit log has no news, although it should.
    BastionAuditLogStopped,
    /// The access that a bastion writes with ends soon.
    BastionSasExpiring,
    /// Names of a bastion's recordings are near their last suffix.
    BastionSuffixLimit,
    /// Something is not set up as it should be.
    PostureFinding,
    /// Somebody changed how a bastion, its log or its account is set up.
    PostureChanged,
    /// A run would have deleted too much, and deleted nothing.
    RetentionAborted,
    /// The chain of the ledger is broken.
    LedgerBroken,
    /// Input that no retry can save was put aside with its raw bytes.
    InputQuarantined,
    /// A channel is no longer tried: it failed for days, or said that it is gone.
    ChannelDisabled,
    /// Several events that a channel is told in one message.
    ChannelDigest,
}

impl Event {
    /// Every event, in the order of the documentation.
    pub const ALL: [Self; 25] = [
        Self::RecordingStarted,
        Self::RecordingReady,
        Self::RecordingCatalogued,
        Self::RecordingAmbiguous,
        Self::RecordingUnmatched,
        Self::RecordingStale,
        Self::RecordingExpiring,
        Self::RecordingDeleted,
        Self::RecordingDeletedUnexpectedly,
        Self::RecordingChanged,
        Self::HoldPlaced,
        Self::HoldReleased,
        Self::SessionUnrecorded,
        Self::SessionFailedLogins,
        Self::BastionRecordingStopped,
        Self::BastionAuditLogStopped,
        Self::BastionSasExpiring,
        Self::BastionSuffixLimit,
        Self::PostureFinding,
        Self::PostureChanged,
        Self::RetentionAborted,
        Self::LedgerBroken,
        Self::InputQuarantined,
        Self::ChannelDisabled,
        Self::ChannelDigest,
    ];

    /// The name used in routes, bodies and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::RecordingStarted => "recording.started",
            Self::RecordingReady => "recording.ready",
            Self::RecordingCatalogued => "recording.catalogued",
            Self::RecordingAmbiguous => "recording.ambiguous",
            Self::RecordingUnmatched => "recording.unmatched",
            Self::RecordingStale => "recording.stale",
            Self::RecordingExpiring => "recording.expiring",
            Self::RecordingDeleted => "recording.deleted",
            Self::RecordingDeletedUnexpectedly => "recording.deleted_unexpectedly",
            Self::RecordingChanged => "recording.changed",
            Self::HoldPlaced => "hold.placed",
            Self::HoldReleased => "hold.released",
            Self::SessionUnrecorded => "session.unrecorded",
            Self::SessionFailedLogins => "session.failed_logins",
            Self::BastionRecordingStopped => "bastion.recording_stopped",
            Self::BastionAuditLogStopped => "bastion.audit_log_stopped",
            Self::BastionSasExpiring => "bastion.sas_expiring",
            Self::BastionSuffixLimit => "bastion.suffix_limit",
            Self::PostureFinding => "posture.finding",
            Self::PostureChanged => "posture.changed",
            Self::RetentionAborted => "retention.aborted",
            Self::LedgerBroken => "ledger.broken",
            Self::InputQuarantined => "input.quarantined",
            Self::ChannelDisabled => "channel.disabled",
            Self::ChannelDigest => "channel.digest",
        }
    }

    /// Reads a [`name`](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }

    /// Whether a notification of it says for itself how urgent it is.
    pub fn has_own_severity(self) -> bool {
        matches!(self, Self::BastionSasExpiring | Self::PostureFinding | Self::PostureChanged | Self::ChannelDigest)
    }

    /// How urgent it is where the notification does not say. A digest is as urgent as what it tells.
    pub fn severity(self) -> Severity {
        match self {
            Self::RecordingStarted
            | Self::RecordingReady
            | Self::RecordingCatalogued
            | Self::RecordingExpiring
            | Self::RecordingDeleted
            | Self::HoldPlaced
            | Self::HoldReleased
            | Self::ChannelDigest => Severity::Info,
            Self::RecordingAmbiguous
            | Self::RecordingUnmatched
            | Self::RecordingStale
            | Self::SessionUnrecorded
            | Self::SessionFailedLogins
            | Self::BastionSasExpiring
            | Self::BastionSuffixLimit
            | Self::PostureFinding
            | Self::PostureChanged
            | Self::InputQuarantined => Severity::Warning,
            Self::RecordingDeletedUnexpectedly
            | Self::RecordingChanged
            | Self::BastionRecordingStopped
            | Self::BastionAuditLogStopped
            | Self::RetentionAborted
            | Self::LedgerBroken
            | Self::ChannelDisabled => Severity::Critical,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_reads_back_from_its_name() {
        for event in Event::ALL {
            assert_eq!(Event::parse(event.name()), Some(event));
        }
        assert_eq!(Event::parse("recording.unknown"), None);
    }
}
