//! The plain values of a world: what a reader of storage and of the audit log gets to see, and when.

use super::truth::Truth;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// One world: everything that a reader can learn, and the truth about it.
///
/// The index of a recording or a session says nothing about the truth: both lists are in the order in which the reader
/// first learns of an entry. The reader's own clock (`…seen_at`, `readable_at`) is right in every world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// The bastions of the estate.
    pub bastions: Vec<Bastion>,
    /// The recordings in all containers, in the order of [`RecordedBlob::created_seen_at`].
    pub recordings: Vec<RecordedBlob>,
    /// The sessions of all audit logs, in the order of [`LoggedSession::readable_at`].
    pub sessions: Vec<LoggedSession>,
    /// The failed logins of all audit logs, in the order of [`Stamp::readable_at`].
    pub failed_logins: Vec<FailedLogin>,
    /// Which session is on which recording. Only a scorer may read it.
    pub truth: Truth,
}

/// A bastion. It writes into one container and has an audit log of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bastion {
    /// Its name.
    pub name: String,
    /// Number of the container that it writes into. Two bastions may share one.
    pub container: usize,
}

/// A recording as storage lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedBlob {
    /// Number of its container.
    pub container: usize,
    /// Blob name, for example `web-01-ops.3`.
    pub name: String,
    /// Creation time by storage's clock, in whole seconds.
    pub created_at: Millis,
    /// Time of the last write by storage's clock, in whole seconds.
    pub last_write_at: Millis,
    /// When the reader can see that the blob exists, and its creation time.
    pub created_seen_at: Millis,
    /// When the reader can see the last write. Until then it sees a recording that is not finished.
    pub last_write_seen_at: Millis,
}

/// A time in an audit log, and when the record that carries it can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Time by the log's clock.
    pub at: Millis,
    /// When the first record that carries this time can be read.
    pub readable_at: Millis,
}

/// The machine that the log names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Machine {
    /// Resource id of a virtual machine.
    Vm(String),
    /// Resource id of an instance of a scale set; its last segment is a number.
    ScaleSetInstance(String),
    /// No resource id: connected by address, see [`LoggedSession::address`].
    AddressOnly,
}

/// A session as the records of the audit log describe it. At least one of `begin` and `end` is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedSession {
    /// Index of its bastion.
    pub bastion: usize,
    /// Machine that it was for.
    pub machine: Machine,
    /// Private address of the machine.
    pub address: String,
    /// Account on the machine.
    pub account: String,
    /// Person who signed in at Azure.
    pub person: String,
    /// User agent of the client.
    pub agent: String,
    /// Begin, or `None` if no record of it is ever readable.
    pub begin: Option<Stamp>,
    /// End, or `None` if no record of it is ever readable.
    pub end: Option<Stamp>,
}

impl LoggedSession {
    /// When the reader first learns of the session.
    pub fn readable_at(&self) -> Millis {
        let stamps = [self.begin, self.end].into_iter().flatten();
        stamps.map(|stamp| stamp.readable_at).min().unwrap_or(Millis::MAX)
    }
}

/// A login that failed, as the audit log has it. It is no session, but it may leave a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedLogin {
    /// Index of its bastion.
    pub bastion: usize,
    /// Machine that it was for.
    pub machine: Machine,
    /// Private address of the machine.
    pub address: String,
    /// Account that was tried.
    pub account: String,
    /// Person who signed in at Azure.
    pub person: String,
    /// Time of the attempt.
    pub tried: Stamp,
}
