//! Kinds of notifiable events and their severities.

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::named;

/// Urgency of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Severity {
    /// For information.
    Info,
    /// Someone should look into it.
    Warning,
    /// Someone must act.
    Critical,
}

named!(Severity: ALL, name, parse);

/// Kind of a notifiable event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray, EnumString)]
pub enum Event {
    /// A catalogue entry was created for an existing blob.
    #[strum(serialize = "recording.started")]
    RecordingStarted,
    /// A recording became final for the first time.
    #[strum(serialize = "recording.ready")]
    RecordingReady,
    /// The session of a recording was found or corrected.
    #[strum(serialize = "recording.catalogued")]
    RecordingCatalogued,
    /// A recording belongs to one of several sessions.
    #[strum(serialize = "recording.ambiguous")]
    RecordingAmbiguous,
    /// The session of an ambiguous recording was decided after all.
    #[strum(serialize = "recording.ambiguous.resolved")]
    RecordingAmbiguousResolved,
    /// A recording belongs to no session in the bastion's audit log.
    #[strum(serialize = "recording.unmatched")]
    RecordingUnmatched,
    /// A recording had not settled within `active_at_most`.
    #[strum(serialize = "recording.stale")]
    RecordingStale,
    /// A stale recording settled after all, or is gone.
    #[strum(serialize = "recording.stale.resolved")]
    RecordingStaleResolved,
    /// The last day of a recording's retention has passed; this event warns before the deletion.
    #[strum(serialize = "recording.expiring")]
    RecordingExpiring,
    /// A recording was deleted under its policy.
    #[strum(serialize = "recording.deleted")]
    RecordingDeleted,
    /// A recording was deleted without an order of the archivist.
    #[strum(serialize = "recording.deleted_unexpectedly")]
    RecordingDeletedUnexpectedly,
    /// The content of a recording differs from its hash in the ledger.
    #[strum(serialize = "recording.changed")]
    RecordingChanged,
    /// Somebody read the content of a recording.
    #[strum(serialize = "recording.viewed")]
    RecordingViewed,
    /// Somebody read the whole content of a recording with one request.
    #[strum(serialize = "recording.downloaded")]
    RecordingDownloaded,
    /// Somebody other than the bastion wrote the content of a final recording.
    #[strum(serialize = "recording.overwritten")]
    RecordingOverwritten,
    /// A legal hold was placed.
    #[strum(serialize = "hold.placed")]
    HoldPlaced,
    /// A legal hold was released.
    #[strum(serialize = "hold.released")]
    HoldReleased,
    /// A session left no recording.
    #[strum(serialize = "session.unrecorded")]
    SessionUnrecorded,
    /// The recording of an unrecorded session turned up, or the session needs none.
    #[strum(serialize = "session.unrecorded.resolved")]
    SessionUnrecordedResolved,
    /// Logins of one person, from one address or to one machine keep failing.
    #[strum(serialize = "session.failed_logins")]
    SessionFailedLogins,
    /// A bastion has active sessions, but records none of them.
    #[strum(serialize = "bastion.recording_stopped")]
    BastionRecordingStopped,
    /// The bastion records again.
    #[strum(serialize = "bastion.recording_stopped.resolved")]
    BastionRecordingStoppedResolved,
    /// A bastion's audit log has no new records, although it should.
    #[strum(serialize = "bastion.audit_log_stopped")]
    BastionAuditLogStopped,
    /// The audit log has new records again.
    #[strum(serialize = "bastion.audit_log_stopped.resolved")]
    BastionAuditLogStoppedResolved,
    /// The SAS with which a bastion writes recordings expires soon.
    #[strum(serialize = "bastion.sas_expiring")]
    BastionSasExpiring,
    /// The bastion's write access lasts longer again.
    #[strum(serialize = "bastion.sas_expiring.resolved")]
    BastionSasExpiringResolved,
    /// Names of a bastion's recordings approach their last numeric suffix.
    #[strum(serialize = "bastion.suffix_limit")]
    BastionSuffixLimit,
    /// Names of recordings are no longer near their last suffix.
    #[strum(serialize = "bastion.suffix_limit.resolved")]
    BastionSuffixLimitResolved,
    /// A check of the setup has a finding.
    #[strum(serialize = "posture.finding")]
    PostureFinding,
    /// A check of the setup has no finding any more.
    #[strum(serialize = "posture.finding.resolved")]
    PostureFindingResolved,
    /// The setup of a bastion, its log or its account was changed.
    #[strum(serialize = "posture.changed")]
    PostureChanged,
    /// A retention run would have deleted too much; only approved recordings were deleted.
    #[strum(serialize = "retention.aborted")]
    RetentionAborted,
    /// The hash chain of the ledger is broken.
    #[strum(serialize = "ledger.broken")]
    LedgerBroken,
    /// The head of the ledger, for receivers to keep.
    #[strum(serialize = "ledger.anchored")]
    LedgerAnchored,
    /// The coverage report of last month.
    #[strum(serialize = "report.monthly")]
    ReportMonthly,
    /// Input that cannot succeed on any retry was quarantined with its raw bytes.
    #[strum(serialize = "input.quarantined")]
    InputQuarantined,
    /// A channel is disabled because it failed for days or answered that it is gone.
    #[strum(serialize = "channel.disabled")]
    ChannelDisabled,
    /// The channel is enabled again.
    #[strum(serialize = "channel.disabled.resolved")]
    ChannelDisabledResolved,
    /// Several events sent to a channel as one message.
    #[strum(serialize = "channel.digest")]
    ChannelDigest,
}

named!(Event: ALL, name, parse);

impl Event {
    /// Returns the event of the trouble that this event ends; `None` for any other event.
    pub fn resolves(self) -> Option<Self> {
        self.name().strip_suffix(".resolved").and_then(Self::parse)
    }

    /// Returns the event that ends the trouble of this event; `None` if this event is no trouble with an end.
    pub fn resolved_by(self) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.resolves() == Some(self))
    }

    /// True if each notification of this event carries its own severity.
    pub fn has_own_severity(self) -> bool {
        matches!(
            self,
            Self::BastionSasExpiring
                | Self::PostureFinding
                | Self::PostureChanged
                | Self::ChannelDigest
                | Self::RecordingViewed
        )
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
            | Self::RecordingViewed
            | Self::RecordingDownloaded
            | Self::HoldPlaced
            | Self::HoldReleased
            | Self::LedgerAnchored
            | Self::ReportMonthly
            | Self::ChannelDigest
            | Self::RecordingAmbiguousResolved
            | Self::RecordingStaleResolved
            | Self::SessionUnrecordedResolved
            | Self::BastionRecordingStoppedResolved
            | Self::BastionAuditLogStoppedResolved
            | Self::BastionSasExpiringResolved
            | Self::BastionSuffixLimitResolved
            | Self::PostureFindingResolved
            | Self::ChannelDisabledResolved => Severity::Info,
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
            | Self::RecordingOverwritten
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
