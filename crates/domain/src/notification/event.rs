//! Kinds of notifiable events and their severities.

/// Urgency of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// For information.
    Info,
    /// Someone should look into it.
    Warning,
    /// Someone must act.
    Critical,
}

impl Severity {
    /// All severities, least urgent first.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Critical];

    /// Parses a [`name`](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }

    /// Returns the name used in routes, bodies and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// Kind of a notifiable event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// A catalogue entry was created for an existing blob.
    RecordingStarted,
    /// A recording became final for the first time.
    RecordingReady,
    /// The session of a recording was found or corrected.
    RecordingCatalogued,
    /// A recording belongs to one of several sessions.
    RecordingAmbiguous,
    /// A recording belongs to no session in the bastion's audit log.
    RecordingUnmatched,
    /// A recording had not settled within `active_at_most`.
    RecordingStale,
    /// The last day of a recording's retention has passed; this event warns before the deletion.
    RecordingExpiring,
    /// A recording was deleted under its policy.
    RecordingDeleted,
    /// A recording was deleted although it was not expiring.
    RecordingDeletedUnexpectedly,
    /// The content of a recording differs from its hash in the ledger.
    RecordingChanged,
    /// A legal hold was placed.
    HoldPlaced,
    /// A legal hold was released.
    HoldReleased,
    /// A session left no recording.
    SessionUnrecorded,
    /// Logins of one person, from one address or to one machine keep failing.
    SessionFailedLogins,
    /// A bastion has active sessions, but records none of them.
    BastionRecordingStopped,
    /// A bastion's audit log has no new records, although it should.
    BastionAuditLogStopped,
    /// The SAS with which a bastion writes recordings expires soon.
    BastionSasExpiring,
    /// Names of a bastion's recordings approach their last numeric suffix.
    BastionSuffixLimit,
    /// A check of the setup has a finding.
    PostureFinding,
    /// The setup of a bastion, its log or its account was changed.
    PostureChanged,
    /// A retention run would have deleted too much and deleted nothing.
    RetentionAborted,
    /// The hash chain of the ledger is broken.
    LedgerBroken,
    /// Input that cannot succeed on any retry was quarantined with its raw bytes.
    InputQuarantined,
    /// A channel is disabled because it failed for days or answered that it is gone.
    ChannelDisabled,
    /// Several events sent to a channel as one message.
    ChannelDigest,
}

impl Event {
    /// All events, in the order of the documentation.
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

    /// Returns the name used in routes, bodies and logs.
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

    /// Parses a [`name`](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }

    /// True if each notification of this event carries its own severity.
    pub fn has_own_severity(self) -> bool {
        matches!(self, Self::BastionSasExpiring | Self::PostureFinding | Self::PostureChanged | Self::ChannelDigest)
    }

    /// Returns the severity for notifications without their own. A digest carries the severity of its most urgent
    /// notification.
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
