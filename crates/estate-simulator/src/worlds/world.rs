//! Values of a world: entries of storage and of the audit log, with the times at which a reader sees them.

use super::truth::WorldTruth;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// One world: everything that a reader can learn, and the truth about it.
///
/// The index of a recording or a session reveals nothing about the truth: both lists are in the order in which the
/// reader first learns of an entry. The reader's own clock (`…seen_at`, `readable_at`) is correct in every world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// Bastions of the estate.
    pub bastions: Vec<WorldBastion>,
    /// Recordings of all containers, in order of [`RecordedBlob::created_seen_at`].
    pub recordings: Vec<RecordedBlob>,
    /// Sessions of all audit logs, in order of [`LoggedSession::readable_at`].
    pub sessions: Vec<LoggedSession>,
    /// Failed logins of all audit logs, in order of [`Stamp::readable_at`].
    pub failed_logins: Vec<FailedLogin>,
    /// Truth about recordings and sessions. Only a scorer may read it.
    pub truth: WorldTruth,
}

/// A bastion with its own audit log; it writes into one container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorldBastion {
    /// Name of the bastion.
    pub name: String,
    /// Number of its container. Two bastions may share one.
    pub container: usize,
}

/// A recording as storage lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedBlob {
    /// Number of its container.
    pub container: usize,
    /// Blob name, for example `web-01-ops.3`.
    pub name: String,
    /// Creation by the storage clock, in whole seconds.
    pub created_at: Millis,
    /// Last write by the storage clock, in whole seconds.
    pub last_write_at: Millis,
    /// Time at which the reader sees the blob and its creation time.
    pub created_seen_at: Millis,
    /// Time at which the reader sees the last write; until then the recording looks unfinished.
    pub last_write_seen_at: Millis,
}

/// A time in an audit log, with the time at which its record is readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Time by the log clock.
    pub at: Millis,
    /// Time at which the first record with this time is readable.
    pub readable_at: Millis,
}

/// Target machine in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Machine {
    /// Resource id of a virtual machine.
    Vm(String),
    /// Resource id of a scale set instance; its last segment is a number.
    ScaleSetInstance(String),
    /// No resource id: connected by IP address, see [`LoggedSession::address`].
    AddressOnly,
}

/// A session as described by its audit records. At least one of `begin` and `end` is present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedSession {
    /// Index of its bastion.
    pub bastion: usize,
    /// Target machine.
    pub machine: Machine,
    /// Private IP address of the machine.
    pub address: String,
    /// Account on the machine.
    pub account: String,
    /// Person who signed in to Azure.
    pub person: String,
    /// User agent of the client.
    pub agent: String,
    /// Begin, or `None` if all its records are lost.
    pub begin: Option<Stamp>,
    /// End, or `None` if its record is lost.
    pub end: Option<Stamp>,
}

impl LoggedSession {
    /// Returns the time at which the reader first learns of the session.
    pub fn readable_at(&self) -> Millis {
        let stamps = [self.begin, self.end].into_iter().flatten();
        stamps.map(|stamp| stamp.readable_at).min().unwrap_or(Millis::MAX)
    }
}

/// A failed login in the audit log. It is not a session, but may leave a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedLogin {
    /// Index of its bastion.
    pub bastion: usize,
    /// Target machine.
    pub machine: Machine,
    /// Private IP address of the machine.
    pub address: String,
    /// Account of the attempt.
    pub account: String,
    /// Person who signed in to Azure.
    pub person: String,
    /// Time of the attempt.
    pub tried: Stamp,
}
