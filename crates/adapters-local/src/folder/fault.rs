//! Maps errors of the file system to faults of a port.

use std::io::{self, ErrorKind};

use pipeline::ports::Fault;

/// Returns a refused fault for permissions, a permanent one for a path that cannot hold the file, and a transient one
/// for all else, including a full disk.
pub(crate) fn fault(object: impl Into<String>, error: io::Error) -> Fault {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Fault::refused(object, error),
        ErrorKind::InvalidFilename
        | ErrorKind::InvalidInput
        | ErrorKind::IsADirectory
        | ErrorKind::NotADirectory
        | ErrorKind::AlreadyExists => Fault::permanent(object, error),
        _ => Fault::transient(object, error),
    }
}
