//! `archivist doctor`: runs the posture checks and prints a fix for each finding.

mod follow;
mod view;

use std::io::Read;

use clap::Args;
use domain::address::BlobName;
use domain::decide::posture::{Check, CheckResult, Group, SharedAccess};
use jiff::SignedDuration;
use pipeline::BastionHabits;
use pipeline::posture::Report;

use crate::output::table::{TableColumn, table};
use crate::output::{human, json};
use crate::{CliError, Exit, WorkContext};
use view::ReportView;

/// Longest signature from standard input, in bytes.
const LONGEST: u64 = 16 * 1024;

/// Arguments of `doctor`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist doctor
  archivist doctor --json | jq -r '.checks[] | select(.standing == \"finding\") | .fix'
  archivist doctor --sas-stdin --bastion bas-hub-01 < sas.txt
  archivist doctor --follow
  archivist doctor --follow vm-web-01-azureadmin.3 --timeout PT30M

Each check is good, a finding with its fix, or not checked with the reason: a check that lacks a permission is never
called good. The output also shows how each bastion writes recordings, as learned from them. Nothing is changed: the tags
of one recording are read and written back as they are. A signature that is given with --sas-stdin is neither stored nor
shown. docs/doctor.md describes every check.

With --follow, no checks are made and nothing is written at all: start it, record a session, and each link from the blob
to the notification is shown when it is reached. A late or failed link is shown with its fix, and ends the command.

Exit code 1 if there are findings other than information, a broken link, the time ran out, or the command was interrupted
before the chain was complete; 3 if checks could not be made because you are not signed in or a service cannot be reached.")]
pub struct DoctorArgs {
    /// Check only a SAS URL from standard input.
    #[arg(long)]
    pub sas_stdin: bool,
    /// The bastion that the SAS URL belongs to, if several are configured.
    #[arg(long, value_name = "NAME", requires = "sas_stdin")]
    pub bastion: Option<String>,
    /// Follow the next recording, or the newest one with this blob name, to its notification.
    #[arg(long, value_name = "NAME", num_args = 0..=1, value_parser = BlobName::parse, conflicts_with = "sas_stdin")]
    pub follow: Option<Option<BlobName>>,
    /// Stop following after this time, as PT30M or PT2H.
    #[arg(long, value_name = "PERIOD", requires = "follow", default_value = "PT2H", value_parser = follow::period)]
    pub timeout: SignedDuration,
    /// Write one JSON document: `{"version": 1, "at": ..., "checks": [...], "bastions": [...]}`.
    #[arg(long)]
    pub json: bool,
}

pub(crate) async fn run(args: &DoctorArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    if let Some(name) = &args.follow {
        let wanted = follow::Wanted { name: name.as_ref(), timeout: args.timeout, as_json: args.json };
        let following = &context.archivist.following;
        // A person ends this command with Ctrl-C, and still sees what was reached.
        let stop = wiring::stop_signal().map_err(|error| CliError::Problems(error.message()))?;
        return follow::run(&wanted, following, pause, stop, context.out, context.err).await;
    }
    let (report, habits) = if args.sas_stdin {
        let sas = read_sas(context)?;
        let inspected = context.archivist.posture.inspect_sas(&sas, args.bastion.as_deref()).await;
        (inspected.map_err(|fault| CliError::Problems(fault.to_string()))?, None)
    } else {
        // If the habits cannot be read, the checks of matching give the reason.
        (context.archivist.posture.inspect().await, context.archivist.habits.recording_habits().await.ok())
    };
    if args.json {
        json::write_line(&mut *context.out, &ReportView::from_report(&report, habits.as_deref()))?;
    } else {
        write_report(&report, habits.as_deref().unwrap_or_default(), context)?;
    }
    Ok(match (report.has_outages(), report.has_findings()) {
        (true, _) => Exit::OutsideFailed,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Done,
    })
}

/// Reads the SAS URL from standard input. It is dropped after the check; no error message repeats it.
fn read_sas(context: &mut WorkContext<'_>) -> Result<SharedAccess, CliError> {
    let mut text = String::new();
    let unread = |_| CliError::Problems("standard input is not text".to_owned());
    (&mut *context.input).take(LONGEST).read_to_string(&mut text).map_err(unread)?;
    SharedAccess::parse(&text).map_err(|error| CliError::Problems(format!("the SAS URL cannot be read: {error}")))
}

fn write_report(report: &Report, habits: &[BastionHabits], context: &mut WorkContext<'_>) -> Result<(), CliError> {
    for group in Group::ALL {
        let checks: Vec<&Check> = report.checks.iter().filter(|check| check.question.group() == group).collect();
        if checks.is_empty() {
            continue;
        }
        let of = |text: fn(&Check) -> String| checks.iter().map(move |check| text(check));
        let columns = vec![
            TableColumn::new("", of(|check| mark(check).to_owned()))
                .coloured(checks.iter().map(|check| view::colour(check))),
            TableColumn::new("check", of(|check| check.question.name().to_owned())),
            TableColumn::new("about", of(|check| human::text(&check.subject))).gives_way(0),
            TableColumn::new("seen", of(seen)),
        ];
        writeln!(context.out, "{}\n{}\n", group.title(), table(columns, context.terminal))?;
    }
    for bastion in habits {
        write_habits(bastion, context)?;
    }
    let findings: Vec<&Check> = report.checks.iter().filter(|check| check.is_finding()).collect();
    for check in &findings {
        let (name, subject) = (check.question.name(), human::text(&check.subject));
        writeln!(context.out, "{name} ({subject}): {}", human::text(&check.evidence))?;
        writeln!(context.out, "  -> {}", human::text(check.fix.as_deref().unwrap_or("-")))?;
    }
    if report.has_outages() {
        write_configured(context)?;
    }
    context.out.flush()?;
    let open = report.checks.iter().filter(|check| matches!(check.result, CheckResult::NotChecked(_))).count();
    let to_fix = findings.iter().filter(|check| check.needs_fix()).count();
    let good = report.checks.len() - open - findings.len();
    let optional = match findings.len() - to_fix {
        0 => String::new(),
        count => format!(", {count} optional"),
    };
    writeln!(context.err, "{good} good, {to_fix} to fix{optional}, {open} not checked")?;
    Ok(())
}

fn write_habits(bastion: &BastionHabits, context: &mut WorkContext<'_>) -> Result<(), CliError> {
    let since = bastion.since.map(|day| format!(", learned since {day}")).unwrap_or_default();
    writeln!(context.out, "How {} writes recordings{since}", human::text(bastion.bastion.as_str()))?;
    let explained = bastion.habits.explained();
    let width = explained.iter().map(|(about, _)| about.len()).max().unwrap_or_default();
    // A table would cut the reasons short.
    for (about, known) in explained {
        writeln!(context.out, "{about:width$}  {known}")?;
    }
    Ok(writeln!(context.out)?)
}

/// Lists the configured bastions and channels, since an outage leaves most checks open.
fn write_configured(context: &mut WorkContext<'_>) -> Result<(), CliError> {
    for bastion in &context.estate.bastions {
        let recordings: Vec<String> = bastion.recordings.iter().map(ToString::to_string).collect();
        let logs = bastion.audit_logs.as_ref().map_or("not configured".to_owned(), ToString::to_string);
        let (name, recordings) = (human::text(bastion.name.as_str()), human::text(&recordings.join(", ")));
        writeln!(context.out, "configured: {name}: recordings {recordings}; audit log {}", human::text(&logs))?;
    }
    let channels: Vec<&str> = context.archivist.outbox.channels().collect();
    Ok(writeln!(context.out, "configured: channels {}", human::text(&channels.join(", ")))?)
}

fn mark(check: &Check) -> &'static str {
    match check.result {
        CheckResult::Good => "good",
        CheckResult::Finding(severity) => severity.name(),
        CheckResult::NotChecked(_) => "not checked",
    }
}

fn seen(check: &Check) -> String {
    match &check.result {
        CheckResult::NotChecked(because) => format!("because {}", human::text(because)),
        CheckResult::Good | CheckResult::Finding(_) => human::text(&check.evidence),
    }
}

/// Waits between two looks at a followed recording.
#[expect(clippy::disallowed_methods, reason = "a person waits for real events here, and tests pass another pause")]
async fn pause(wait: std::time::Duration) {
    tokio::time::sleep(wait).await;
}
