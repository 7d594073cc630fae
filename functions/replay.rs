//! Processes replayed input like the functions do.

use std::borrow::Cow;

use async_trait::async_trait;
use domain::record::estate::Estate;
use futures_util::future::BoxFuture;
use pipeline::Archivist;
use pipeline::message::{Attempt, HashRequest};
use pipeline::ports::{Fault, FaultKind, with_causes};
use pipeline::replay::{InputSummary, Intake, Letter, ReplayResult};
use serde_json::json;
use storage_events::{
    DeadLetterMembers, DecodedEvent, DecodedResource, StorageEvent, decode, decode_resources, event_summaries,
};

use crate::invocation::{Invocation, InvocationOutcome};
use crate::{
    audit_log_landed, audit_log_tail, notification_delivery, recording_hash, recording_landed, resource_changed,
};

/// Intake of a replay. Events are processed at once. Messages of the archivist return to their queues, so
/// this machine calls no channel and reads no recording.
pub struct Functions<'a> {
    /// Does the work of the functions.
    pub archivist: &'a Archivist,
    /// The bastions and their containers.
    pub estate: &'a Estate,
}

/// Processes one event.
type EventHandler = for<'a> fn(&'a Archivist, &'a StorageEvent<'a>) -> BoxFuture<'a, Result<InvocationOutcome, Fault>>;

/// Prefix of the types of resource events.
const OF_RESOURCES: &str = "Microsoft.Resources.";

const RECORDING: EventHandler = |archivist, event| Box::pin(recording_landed::ingest(archivist, event));
const AUDIT_LOG: EventHandler = |archivist, event| Box::pin(audit_log_landed::read(archivist, event));

#[async_trait]
impl Intake for Functions<'_> {
    fn look(&self, origin: &str, raw: &[u8]) -> Vec<InputSummary> {
        let payload = payload(raw);
        let plain = |kind: &str, name: Option<String>| vec![InputSummary { kind: Some(kind.to_owned()), name }];
        match origin {
            notification_delivery::FUNCTION => {
                plain("attempt", Attempt::decode(&payload).ok().map(|attempt| attempt.channel))
            }
            recording_hash::FUNCTION => {
                plain("hash", HashRequest::decode(&payload).ok().map(|request| request.recording.to_string()))
            }
            audit_log_tail::FUNCTION => plain("audit_log_piece", None),
            _ => event_summaries(&payload)
                .into_iter()
                .map(|one| InputSummary { kind: one.kind, name: one.name })
                .collect(),
        }
    }

    fn letters<'a>(&self, file: &'a [u8]) -> Vec<Letter<'a>> {
        let letter = |one: storage_events::EventSummary<'a>| Letter {
            raw: one.raw,
            at: one.given_up.at.or(one.at),
            reason: reason(&one.given_up),
            summary: InputSummary { kind: one.kind, name: one.name },
        };
        event_summaries(file).into_iter().map(letter).collect()
    }

    fn foresee(&self, origin: Option<&str>, raw: &[u8]) -> Option<ReplayResult> {
        let payload = if origin.is_some() { payload(raw) } else { Cow::Borrowed(raw) };
        let refused = |decoded: Result<(), String>| decoded.err().map(ReplayResult::Refused);
        match origin {
            None if is_of_resources(&payload) => foresee_changes(&payload),
            None | Some(recording_landed::FUNCTION | audit_log_landed::FUNCTION) => self.foresee_events(&payload),
            Some(notification_delivery::FUNCTION) => {
                refused(Attempt::decode(&payload).map(drop).map_err(|error| with_causes(&error)))
            }
            Some(recording_hash::FUNCTION) => {
                refused(HashRequest::decode(&payload).map(drop).map_err(|error| with_causes(&error)))
            }
            Some(resource_changed::FUNCTION) => foresee_changes(&payload),
            Some(audit_log_tail::FUNCTION) => None,
            Some(origin) => Some(ReplayResult::Refused(format!("no function is called {origin}"))),
        }
    }

    async fn take(&self, origin: &str, raw: &[u8]) -> Result<ReplayResult, Fault> {
        let payload = payload(raw);
        match origin {
            recording_landed::FUNCTION => self.take_events(&payload, Some(RECORDING)).await,
            audit_log_landed::FUNCTION => self.take_events(&payload, Some(AUDIT_LOG)).await,
            notification_delivery::FUNCTION => match Attempt::decode(&payload) {
                Ok(attempt) => self.archivist.delivery.put_back_attempt(&attempt).await,
                Err(error) => Ok(ReplayResult::Refused(with_causes(&error))),
            },
            recording_hash::FUNCTION => match HashRequest::decode(&payload) {
                Ok(request) => self.archivist.hashing.put_back_hash_request(&request).await,
                Err(error) => Ok(ReplayResult::Refused(with_causes(&error))),
            },
            audit_log_tail::FUNCTION => self.archivist.audit_log.replay_piece(raw).await,
            resource_changed::FUNCTION => self.take_changes(&payload).await,
            _ => Ok(ReplayResult::Refused(format!("no function is called {origin}"))),
        }
    }

    async fn take_letter(&self, raw: &[u8]) -> Result<ReplayResult, Fault> {
        if is_of_resources(raw) {
            return self.take_changes(raw).await;
        }
        // A dead letter does not name its subscription, so its container selects the function.
        self.take_events(raw, None).await
    }
}

impl Functions<'_> {
    /// Processes every event of a payload. A rejected event does not affect the others.
    async fn take_events(&self, payload: &[u8], taker: Option<EventHandler>) -> Result<ReplayResult, Fault> {
        let (mut applied, mut ignored, mut refused) = (false, None, None);
        for decoded in decode(payload) {
            match decoded {
                DecodedEvent::NotOurs(reason) => ignored = Some(reason.label()),
                DecodedEvent::Malformed { reason, .. } => refused = Some(with_causes(&reason)),
                DecodedEvent::Blob(event) => match self.take_event(&event, taker).await {
                    Ok(ReplayResult::Ignored(reason)) => ignored = Some(reason),
                    Ok(ReplayResult::Refused(reason)) => refused = Some(reason),
                    Ok(ReplayResult::Applied | ReplayResult::Queued) => applied = true,
                    Err(fault) if fault.kind == FaultKind::Permanent => refused = Some(fault.to_string()),
                    Err(fault) => return Err(fault),
                },
            }
        }
        Ok(settled(refused, applied, ignored).unwrap_or(ReplayResult::Applied))
    }

    /// Processes every resource change of a payload. A rejected change does not affect the others.
    async fn take_changes(&self, payload: &[u8]) -> Result<ReplayResult, Fault> {
        let (mut applied, mut ignored, mut refused) = (false, None, None);
        for decoded in decode_resources(payload) {
            match decoded {
                DecodedResource::NotOurs(reason) => ignored = Some(reason.label()),
                DecodedResource::Malformed { reason, .. } => refused = Some(with_causes(&reason)),
                DecodedResource::Changed(change) => match resource_changed::report(self.archivist, &change).await? {
                    InvocationOutcome::Ignored(reason) => ignored = Some(reason),
                    _ => applied = true,
                },
            }
        }
        Ok(settled(refused, applied, ignored).unwrap_or(ReplayResult::Applied))
    }

    /// Processes one event. A function ignores an event of another container permanently; here it stays,
    /// because the configuration at hand may be a different one.
    async fn take_event(&self, event: &StorageEvent<'_>, taker: Option<EventHandler>) -> Result<ReplayResult, Fault> {
        let by_container = match self.taker_of(event) {
            Ok(taker) => taker,
            Err(reason) => return Ok(ReplayResult::Refused(reason)),
        };
        let handle = taker.unwrap_or(by_container);
        Ok(match handle(self.archivist, event).await? {
            InvocationOutcome::Ignored(reason) => ReplayResult::Ignored(reason),
            _ => ReplayResult::Applied,
        })
    }

    /// Returns what processes the events of a container. If it is not in the configuration, returns why the event stays.
    fn taker_of(&self, event: &StorageEvent<'_>) -> Result<EventHandler, String> {
        let container = event.address.container();
        if self.estate.bastion_of(&container).is_some() {
            return Ok(RECORDING);
        }
        let of_logs = self.estate.bastions_of_audit_logs(&container);
        let of_logs = of_logs.chain(self.estate.bastions_of_access_logs(&container)).next();
        of_logs.map(|_| AUDIT_LOG).ok_or_else(|| format!("container {container} is not in the configuration"))
    }

    fn foresee_events(&self, payload: &[u8]) -> Option<ReplayResult> {
        let (mut applied, mut ignored, mut refused) = (false, None, None);
        for decoded in decode(payload) {
            match decoded {
                DecodedEvent::NotOurs(reason) => ignored = Some(reason.label()),
                DecodedEvent::Malformed { reason, .. } => refused = Some(with_causes(&reason)),
                DecodedEvent::Blob(event) => match self.taker_of(&event) {
                    Ok(_) => applied = true,
                    Err(reason) => refused = Some(reason),
                },
            }
        }
        settled(refused, applied, ignored)
    }
}

fn foresee_changes(payload: &[u8]) -> Option<ReplayResult> {
    let (mut applied, mut ignored, mut refused) = (false, None, None);
    for decoded in decode_resources(payload) {
        match decoded {
            DecodedResource::NotOurs(reason) => ignored = Some(reason.label()),
            DecodedResource::Malformed { reason, .. } => refused = Some(with_causes(&reason)),
            DecodedResource::Changed(_) => applied = true,
        }
    }
    settled(refused, applied, ignored)
}

/// Returns the result of a payload with a rejected event, or with ignored ones only.
fn settled(refused: Option<String>, applied: bool, ignored: Option<&'static str>) -> Option<ReplayResult> {
    match (refused, applied, ignored) {
        (Some(reason), ..) => Some(ReplayResult::Refused(reason)),
        (None, false, Some(reason)) => Some(ReplayResult::Ignored(reason)),
        (None, ..) => None,
    }
}

/// Returns true if every event of a dead letter is one of a resource.
fn is_of_resources(raw: &[u8]) -> bool {
    event_summaries(raw).iter().all(|one| one.kind.as_deref().is_some_and(|kind| kind.starts_with(OF_RESOURCES)))
}

/// Returns the payload of an invocation, or of a raw queue message.
///
/// Input quarantined by a function is already unwrapped, unless it could not be; input given up by the host
/// is not.
fn payload(raw: &[u8]) -> Cow<'_, [u8]> {
    if let Ok(invocation) = Invocation::open(raw) {
        return invocation.into_payload();
    }
    let Ok(text) = str::from_utf8(raw) else { return Cow::Borrowed(raw) };
    let body = json!({ "Data": { "message": text } }).to_string();
    match Invocation::open(body.as_bytes()) {
        Ok(invocation) => Cow::Owned(invocation.into_payload().into_owned()),
        Err(_) => Cow::Borrowed(raw),
    }
}

/// Formats the reason: `MaxDeliveryAttemptsExceeded, 30 attempts, the last one: NotFound`.
fn reason(given_up: &DeadLetterMembers) -> String {
    let attempts =
        given_up.attempts.map(|count| if count == 1 { "1 attempt".to_owned() } else { format!("{count} attempts") });
    let outcome = given_up.outcome.as_ref().map(|outcome| format!("the last one: {outcome}"));
    [given_up.reason.clone(), attempts, outcome].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
