//! Next step for the reader of each event.

use std::borrow::Cow;

use domain::record::notification::{Event, Severity};

use super::super::body::ParsedBody;
use super::super::link::NextPage;

/// Next step if there is none.
const NOTHING: &str = "Nothing to do.";

/// Returns the next step after an event, in one or two sentences.
#[expect(clippy::too_many_lines, reason = "a table with one row for each event")]
pub(super) fn step_after(event: Event, body: &ParsedBody) -> String {
    if event.resolves().is_some() {
        return "Nothing to do. Close what you opened for it.".to_owned();
    }
    let command = |name: &str, without: &str| body.text(name).unwrap_or(without).to_owned();
    match event {
        Event::RecordingStarted => format!("{NOTHING} The session is identified after the recording has ended."),
        Event::RecordingReady => format!("{NOTHING} To watch it, play it in the portal."),
        Event::RecordingCatalogued if body.text("withdraws").is_some() => {
            "Go by this session; the earlier notification no longer holds.".to_owned()
        }
        Event::RecordingCatalogued => format!("{NOTHING} To watch it, play it in the portal."),
        Event::RecordingAmbiguous => format!(
            "Watch it in the portal and compare the candidates. If you know who it was: archivist recordings confirm {} \
             --session TUNNEL --reason TEXT",
            recording(body)
        ),
        Event::RecordingUnmatched => format!(
            "Let archivist doctor check that the audit log of the bastion arrives. If you know who it was: archivist \
             recordings confirm {} --session TUNNEL --reason TEXT",
            recording(body)
        ),
        Event::RecordingStale => {
            "Check whether the session is still open: archivist sessions list --live. A forgotten one can be ended: \
             archivist sessions disconnect TUNNEL"
                .to_owned()
        }
        Event::RecordingExpiring => expiring(body),
        Event::RecordingDeleted => format!("{NOTHING} Its entry stays in the catalogue."),
        Event::RecordingDeletedUnexpectedly => {
            let find = body.text("find_caller_with").map_or("", |_| " Find the caller with the query below.");
            format!("Restore it while the soft delete of the account still keeps it.{find}")
        }
        Event::RecordingChanged => {
            "Keep the account as it is, find out who wrote the blob, and compare: archivist ledger verify".to_owned()
        }
        Event::HoldPlaced => {
            format!("{NOTHING} When the case is closed: archivist hold release --case CASE")
        }
        Event::HoldReleased => {
            "If recordings must stay after all, place a hold again: archivist hold place --case CASE --reason TEXT"
                .to_owned()
        }
        Event::SessionUnrecorded => unrecorded(body),
        Event::SessionFailedLogins => {
            "Ask the person whether it was them. If not, block the address at the bastion's subnet and look at the \
             sessions of that machine."
                .to_owned()
        }
        Event::BastionRecordingStopped => {
            "Run archivist doctor: it finds the cause and prints the command that mends it.".to_owned()
        }
        Event::BastionAuditLogStopped => {
            "Check the diagnostic setting of the bastion; archivist doctor prints the command that mends it.".to_owned()
        }
        Event::BastionSasExpiring | Event::BastionSuffixLimit | Event::PostureFinding => {
            format!("Fix it: {}", command("fix", "archivist doctor"))
        }
        Event::PostureChanged => changed(body),
        Event::RetentionAborted => format!(
            "Look at the plan: archivist retention plan. If all of it may go: {}",
            command("approve_with", "archivist retention approve PLAN")
        ),
        Event::LedgerBroken => format!("Verify the whole ledger: {}", command("verify_with", "archivist ledger verify")),
        Event::ReportMonthly => format!(
            "Look at the causes of the gaps, and keep the report: {}",
            command("report_with", "archivist report coverage --format html")
        ),
        Event::InputQuarantined => {
            "Mend the cause, then put it back: archivist replay quarantine --apply. Without --apply it only shows what is \
             there."
                .to_owned()
        }
        Event::ChannelDisabled => format!(
            "Correct its address or its secret. Then enable it: {}",
            command("enable_with", "archivist notify enable CHANNEL")
        ),
        _ => digest(body),
    }
}

/// Returns the pages of the catalogue that help with the next step, for events without a page of their own recording.
pub(in crate::card) fn pages(event: Event, body: &ParsedBody) -> Vec<NextPage> {
    let deletions = ("Open deletions", "deletions");
    let pages = match event.resolves().unwrap_or(event) {
        Event::SessionUnrecorded => vec![("Open gaps", "gaps")],
        Event::SessionFailedLogins => vec![("Open sessions", "sessions")],
        Event::HoldPlaced | Event::HoldReleased => vec![("Open holds", "holds")],
        Event::BastionRecordingStopped | Event::BastionAuditLogStopped => vec![("Open bastions", "bastions")],
        Event::BastionSasExpiring | Event::BastionSuffixLimit | Event::PostureFinding | Event::PostureChanged => {
            vec![("Open health", "health")]
        }
        Event::ReportMonthly => return vec![coverage(body)],
        Event::RecordingExpiring | Event::RetentionAborted => vec![deletions],
        Event::ChannelDigest if is_any_expiring(body) => vec![deletions, ("Open overview", "")],
        Event::ChannelDisabled | Event::ChannelDigest | Event::LedgerBroken | Event::InputQuarantined => {
            vec![("Open overview", "")]
        }
        _ => Vec::new(),
    };
    pages.into_iter().map(|(label, path)| NextPage { label, path: path.into() }).collect()
}

/// True if a digest lists recordings about to be deleted.
fn is_any_expiring(body: &ParsedBody) -> bool {
    !super::expiring::lists(body).is_empty()
}

/// Returns the coverage page of the month of the report. Without a plain month, the page shows last month.
fn coverage(body: &ParsedBody) -> NextPage {
    let is_month = |text: &&str| text.len() == 7 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let month = body.text("month").filter(is_month);
    let path = month.map_or(Cow::from("coverage"), |month| format!("coverage?month={month}").into());
    NextPage { label: "Open coverage", path }
}

fn digest(body: &ParsedBody) -> String {
    if body.severity == Severity::Info && is_any_expiring(body) {
        "Look at what is about to be deleted: archivist retention plan. To keep a recording, place a legal hold before its \
         day: archivist hold place --recording RECORDING --case CASE --reason TEXT"
            .to_owned()
    } else {
        "Begin with the first one. The page of the catalogue lists everything that needs attention.".to_owned()
    }
}

fn expiring(body: &ParsedBody) -> String {
    let keep = format!(
        "To keep it, place a legal hold: archivist hold place --recording {} --case CASE --reason TEXT",
        recording(body)
    );
    match body.text("then") {
        Some("review") => {
            format!("{keep}. To let it go: archivist retention plan, then archivist retention approve PLAN")
        }
        _ => keep,
    }
}

fn unrecorded(body: &ParsedBody) -> String {
    match body.text("cause") {
        Some("native_client") => {
            "Ask the person to connect in the browser, or switch native clients off on the bastion."
        }
        Some("access_expired") => "Renew the bastion's access to the container; archivist doctor prints the command.",
        Some("recording_off") => "Switch session recording on again; archivist doctor prints the command.",
        Some("container_mismatch") => "Correct the containers of the bastions in archivist.yaml; see archivist doctor.",
        _ => "Ask the person what was done, and look for other gaps: archivist gaps",
    }
    .to_owned()
}

fn changed(body: &ParsedBody) -> String {
    match body.text("fix") {
        Some(fix) => format!("If it was not intended, undo it. Fix what it broke: {fix}"),
        None => "If it was intended, nothing. If not, undo it, and ask the person named here.".to_owned(),
    }
}

/// Returns the id of the recording, or a placeholder. Only an id can be part of a command that somebody copies.
fn recording(body: &ParsedBody) -> &str {
    let is_id =
        |id: &&str| id.strip_prefix("rec_").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    body.text("recording").filter(is_id).unwrap_or("RECORDING")
}
