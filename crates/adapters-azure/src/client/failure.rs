//! Maps errors of the SDK to their meaning, for all services.

use std::error::Error as StdError;
use std::fmt;

use azure_core::error::ErrorKind;
use azure_core::http::{StatusCode, Url};
use jiff::SignedDuration;
use pipeline::ports::{Fault, Outage};

use super::outage::outage;
use super::throttled::{Throttled, wait_asked_for};

/// Answer of the service, by what an adapter can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServiceAnswer {
    /// The requested item is absent; its container, table or queue exists.
    NotFound,
    /// The item to create exists already.
    Exists,
    /// The item is not in the state the condition named.
    PreconditionFailed,
    /// The item is unchanged since the caller's version.
    NotModified,
    /// The requested range is at or behind the end.
    RangeNotSatisfiable,
    /// Any other answer is a fault.
    Trouble(Trouble),
}

/// Says if and when a retry helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Transient: a timeout, throttling, a dead service, half an answer.
    Passing { retry_after: Option<SignedDuration> },
    /// An operator must act: a missing role, a lease, a missing container or table.
    Refused,
    /// The request itself is wrong.
    Wrong,
}

/// Error of the SDK with its meaning.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) answer: ServiceAnswer,
    outage: Option<Outage>,
    error: Box<ServiceError>,
}

/// Printable part of an error: status, code and the service's message, never a header or an address with a
/// credential.
#[derive(Debug)]
struct ServiceError {
    status: Option<u16>,
    code: Option<String>,
    source: azure_core::Error,
}

/// Codes that are transient although their status is not.
const PASSING_CODES: [&str; 7] = [
    "AccountBeingCreated", "ContainerBeingDeleted", "OperationTimedOut", "PendingCopyOperation", "QueueBeingDeleted",
    "ServerBusy", "TableBeingDeleted",
];

/// Codes that need an operator, with any status.
const REFUSED_CODES: [&str; 14] = [
    "AccountIsDisabled",
    "BlobArchived",
    "BlobBeingRehydrated",
    "ContainerNotFound",
    "FilesystemNotFound",
    "LeaseIdMismatchWithBlobOperation",
    "LeaseIdMissing",
    "LeaseLost",
    "QueueNotFound",
    "ResourceTypeMismatch",
    "SnapshotsPresent",
    "TableNotFound",
    "BlobImmutableDueToPolicy",
    "BlobImmutableDueToLegalHold",
];

/// Codes of an item that exists already.
const EXISTS_CODES: [&str; 6] = [
    "BlobAlreadyExists", "ContainerAlreadyExists", "EntityAlreadyExists", "QueueAlreadyExists",
    "ResourceAlreadyExists", "TableAlreadyExists",
];

impl Failure {
    /// Converts to the fault of a port; `object` reads well after "failed to".
    pub(crate) fn fault(self, object: impl Into<String>) -> Fault {
        let outage = self.outage;
        let fault = match self.answer {
            ServiceAnswer::Trouble(Trouble::Passing { retry_after }) => {
                let fault = Fault::transient(object, *self.error);
                retry_after.into_iter().fold(fault, Fault::retry_after)
            }
            ServiceAnswer::Trouble(Trouble::Refused) => Fault::refused(object, *self.error),
            ServiceAnswer::Trouble(Trouble::Wrong) => Fault::permanent(object, *self.error),
            // The caller did not expect this answer: another writer interfered, and a retry reads the new state.
            _ => Fault::transient(object, *self.error),
        };
        outage.into_iter().fold(fault, Fault::because)
    }

    /// Marks a missing table as an outage of the catalogue in this account: nothing was ever stored there.
    pub(crate) fn of_tables(mut self, account: &Url) -> Self {
        if self.code() == Some("TableNotFound") {
            self.outage = Some(Outage::NoCatalogue { place: account.to_string() });
        }
        self
    }

    /// Error code of the service, if the answer had one.
    pub(crate) fn code(&self) -> Option<&str> {
        self.error.code.as_deref()
    }
}

impl From<azure_core::Error> for Failure {
    fn from(error: azure_core::Error) -> Self {
        let (status, code, answer) = match error.kind() {
            ErrorKind::HttpResponse { status, error_code, raw_response } => {
                let wait = raw_response.as_ref().and_then(|response| wait_asked_for(response.headers()));
                let retry_after = wait.and_then(|wait| SignedDuration::try_from(wait).ok());
                let answer = answer(*status, error_code.as_deref(), retry_after);
                (Some(u16::from(*status)), error_code.clone(), answer)
            }
            ErrorKind::Other => (None, None, ServiceAnswer::Trouble(throttled(&error).unwrap_or(Trouble::Wrong))),
            // A token unavailable now, a broken connection, half an answer.
            _ => (None, None, ServiceAnswer::Trouble(Trouble::Passing { retry_after: None })),
        };
        let outage = outage(&error);
        Self { answer, outage, error: Box::new(ServiceError { status, code, source: error }) }
    }
}

/// Maps a status and the service's error code to a meaning.
pub(crate) fn answer(status: StatusCode, code: Option<&str>, retry_after: Option<SignedDuration>) -> ServiceAnswer {
    let code = code.unwrap_or_default();
    let passing = ServiceAnswer::Trouble(Trouble::Passing { retry_after });
    if PASSING_CODES.contains(&code) {
        return passing;
    }
    if REFUSED_CODES.contains(&code) {
        return ServiceAnswer::Trouble(Trouble::Refused);
    }
    match u16::from(status) {
        304 => ServiceAnswer::NotModified,
        401 | 403 => ServiceAnswer::Trouble(Trouble::Refused),
        404 => ServiceAnswer::NotFound,
        409 if EXISTS_CODES.contains(&code) => ServiceAnswer::Exists,
        412 => ServiceAnswer::PreconditionFailed,
        416 => ServiceAnswer::RangeNotSatisfiable,
        408 | 429 | 500..=599 => passing,
        // A conflict without a known code comes from another writer on the same item.
        409 => passing,
        _ => ServiceAnswer::Trouble(Trouble::Wrong),
    }
}

fn throttled(error: &azure_core::Error) -> Option<Trouble> {
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(inner) = cause {
        if let Some(throttled) = inner.downcast_ref::<Throttled>() {
            return Some(Trouble::Passing { retry_after: SignedDuration::try_from(throttled.wait).ok() });
        }
        cause = inner.source();
    }
    None
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.status, &self.code) {
            (Some(status), Some(code)) => write!(f, "storage answered {status} {code}"),
            (Some(status), None) => write!(f, "storage answered {status}"),
            (None, _) => write!(f, "storage did not answer"),
        }
    }
}

impl StdError for ServiceError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.source)
    }
}
