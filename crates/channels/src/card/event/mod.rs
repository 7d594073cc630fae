//! Cards by event.

mod access;
mod bastion;
mod channel;
mod digest;
mod expiring;
mod hold;
mod keeping;
mod next;
mod posture;
mod recording;
mod report;
mod session;
mod unknown;

use domain::record::notification::Event;

use super::Section;
use super::body::ParsedBody;
pub(super) use next::pages;

/// Content of a card, before untrusted text is made plain.
pub(super) struct CardContent {
    pub(super) title: String,
    pub(super) summary: String,
    /// Rows by section, the most important first.
    pub(super) sections: Vec<Section>,
    /// Next step for the reader.
    pub(super) next: String,
}

impl CardContent {
    fn new(title: &str, summary: String, rows: Section, next: String) -> Self {
        Self { title: title.to_owned(), summary, sections: vec![rows], next }
    }
}

/// Builds the card's content for a body of any type.
pub(super) fn content(body: &ParsedBody) -> CardContent {
    let Some(event) = body.event() else { return unknown::content(body) };
    let (summary, rows) = match event.resolves().unwrap_or(event) {
        Event::RecordingStarted => recording::started(body),
        Event::RecordingReady => recording::ready(body),
        Event::RecordingCatalogued => recording::catalogued(body),
        Event::RecordingAmbiguous => recording::ambiguous(body),
        Event::RecordingUnmatched => recording::unmatched(body),
        Event::RecordingStale => recording::stale(body),
        Event::RecordingExpiring => keeping::expiring(body),
        Event::RecordingDeleted => keeping::deleted(body),
        Event::RecordingDeletedUnexpectedly => keeping::deleted_unexpectedly(body),
        Event::RecordingChanged => keeping::changed(body),
        Event::RecordingViewed => access::viewed(body),
        Event::RecordingDownloaded => access::downloaded(body),
        Event::RecordingOverwritten => access::overwritten(body),
        Event::HoldPlaced => hold::placed(body),
        Event::HoldReleased => hold::released(body),
        Event::SessionUnrecorded => session::unrecorded(body),
        Event::SessionFailedLogins => session::failed_logins(body),
        Event::BastionRecordingStopped => bastion::recording_stopped(body),
        Event::BastionAuditLogStopped => bastion::audit_log_stopped(body),
        Event::BastionSasExpiring => posture::sas_expiring(body),
        Event::BastionSuffixLimit => posture::suffix_limit(body),
        Event::PostureFinding => posture::finding(body),
        Event::PostureChanged => posture::changed(body),
        Event::RetentionAborted => keeping::aborted(body),
        Event::LedgerBroken => bastion::ledger_broken(body),
        Event::LedgerAnchored => bastion::ledger_anchored(body),
        Event::ReportMonthly => report::monthly(body),
        Event::InputQuarantined => bastion::input_quarantined(body),
        Event::ChannelDisabled => channel::disabled(body),
        _ => return digest::content(body),
    };
    let summary = over(event).map_or(summary, str::to_owned);
    CardContent::new(title(event), summary, rows, next::step_after(event, body))
}

/// Summary of an event that ends a trouble; `None` for any other event.
fn over(event: Event) -> Option<&'static str> {
    Some(match event {
        Event::RecordingAmbiguousResolved => "The session of this recording has been decided after all.",
        Event::RecordingStaleResolved => "The recording has come to its end after all.",
        Event::SessionUnrecordedResolved => "The recording of this session has been found after all.",
        Event::BastionRecordingStoppedResolved => "The bastion records again.",
        Event::BastionAuditLogStoppedResolved => "The audit log has new records again, and they are read.",
        Event::BastionSasExpiringResolved => "The bastion may write its recordings for longer again.",
        Event::BastionSuffixLimitResolved => "Names of recordings are far from their last suffix again.",
        Event::PostureFindingResolved => "The last check of the setup has found nothing wrong here.",
        Event::ChannelDisabledResolved => "The channel is enabled again and receives new notifications.",
        _ => return None,
    })
}

/// Title of an event.
fn title(event: Event) -> &'static str {
    match event {
        Event::RecordingStarted => "Recording started",
        Event::RecordingReady => "Recording complete",
        Event::RecordingCatalogued => "Session of a recording found",
        Event::RecordingAmbiguous => "Session of a recording not certain",
        Event::RecordingUnmatched => "Recording without a session",
        Event::RecordingStale => "Recording does not end",
        Event::RecordingExpiring => "Recording about to be deleted",
        Event::RecordingDeleted => "Recording deleted",
        Event::RecordingDeletedUnexpectedly => "Recording deleted unexpectedly",
        Event::RecordingChanged => "Recording altered",
        Event::RecordingViewed => "Recording viewed",
        Event::RecordingDownloaded => "Recording downloaded",
        Event::RecordingOverwritten => "Recording overwritten",
        Event::HoldPlaced => "Legal hold placed",
        Event::HoldReleased => "Legal hold released",
        Event::SessionUnrecorded => "Session without a recording",
        Event::SessionFailedLogins => "Repeated failed logins",
        Event::BastionRecordingStopped => "Bastion stopped recording",
        Event::BastionAuditLogStopped => "Audit log stopped",
        Event::BastionSasExpiring => "Access to recordings expires soon",
        Event::BastionSuffixLimit => "Recording names run out",
        Event::PostureFinding => "Setup problem found",
        Event::PostureChanged => "Setup changed",
        Event::RetentionAborted => "Deletion stopped",
        Event::LedgerBroken => "Ledger broken",
        Event::LedgerAnchored => "Head of the ledger",
        Event::ReportMonthly => "Coverage of last month",
        Event::InputQuarantined => "Input quarantined",
        Event::ChannelDisabled => "Channel disabled",
        Event::ChannelDigest => "Notifications",
        Event::RecordingAmbiguousResolved => "Session of a recording decided",
        Event::RecordingStaleResolved => "Recording ended after all",
        Event::SessionUnrecordedResolved => "Recording of a session found",
        Event::BastionRecordingStoppedResolved => "Bastion records again",
        Event::BastionAuditLogStoppedResolved => "Audit log continues",
        Event::BastionSasExpiringResolved => "Access to recordings renewed",
        Event::BastionSuffixLimitResolved => "Recording names suffice again",
        Event::PostureFindingResolved => "Setup problem solved",
        Event::ChannelDisabledResolved => "Channel enabled again",
    }
}

/// Names person and machine as far as the body does: `ada on vm-01`, `a session on vm-01`.
fn session_of(body: &ParsedBody) -> String {
    match (body.text("person"), body.text("machine"), body.text("bastion")) {
        (Some(person), Some(machine), _) => format!("{person} on {machine}"),
        (Some(person), None, _) => person.to_owned(),
        (None, Some(machine), _) => format!("a session on {machine}"),
        (None, None, Some(bastion)) => format!("a session through {bastion}"),
        (None, None, None) => "a session".to_owned(),
    }
}

/// Names the bastion: `Bastion bas-hub-01`.
fn bastion_of(body: &ParsedBody) -> String {
    body.text("bastion").map_or_else(|| "A bastion".to_owned(), |name| format!("Bastion {name}"))
}

/// Returns a text of the body as a row value.
fn text(body: &ParsedBody, name: &str) -> Option<String> {
    body.text(name).map(str::to_owned)
}

/// Returns a time of the body as a row value.
fn time(body: &ParsedBody, name: &str) -> Option<String> {
    body.text(name).map(|text| domain::words::time(text, &body.zone))
}

/// Returns a size of the body as a row value.
fn size(body: &ParsedBody, name: &str) -> Option<String> {
    body.number(name).map(domain::words::size)
}

/// Joins every text of this name.
fn all(body: &ParsedBody, name: &str) -> Option<String> {
    let all: Vec<&str> = body.all(name).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// Adds the rows that people ask for first: person, machine, bastion, start and length.
fn add_session(rows: &mut Section, body: &ParsedBody) {
    rows.add("Warning", all(body, "warning").map(|warnings| warnings.replace('_', " ")));
    rows.add("Person", text(body, "person"));
    rows.add("Machine", text(body, "machine"));
    rows.add("Bastion", text(body, "bastion"));
    rows.add("Started", time(body, "started_at"));
    rows.add("Lasted", body.number("session_duration_ms").map(domain::words::duration));
}

/// Adds the other rows of a session.
fn add_connection(rows: &mut Section, body: &ParsedBody) {
    rows.add("Ended", time(body, "ended_at"));
    rows.add("Account on the machine", text(body, "user_name"));
    rows.add("From", text(body, "client_ip"));
    rows.add("Protocol", text(body, "protocol"));
}
