//! What an error of the file system means to the caller of a port.

use std::io::{self, ErrorKind};

use pipeline::ports::Fault;

/// Permissions may be mended; a name that the disk cannot hold stays so; all else, a full disk too, may pass.
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
