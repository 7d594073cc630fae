//! `archivist local --sample`: six weeks of an invented estate, on a simulated clock.

use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use adapters_local::DrivenClock;
use cli::{Exit, note, say};
use configuration::Configuration;
use host_stand_in::run_driven;
use host_stand_in::sample::{BASTIONS, SampleBastion, SamplePlayer, SampleSetup, SampleWeeks};
use pipeline::posture::Watch;
use wiring::{CATALOGUE_FILE, CommandError, OWN_FOLDER, state_store, watch_folders};

use super::summary::LocalSummary;
use super::{Here, LocalArgs, bind, progress, suggestions, where_the_page_is};

/// File name of the sample's configuration.
pub const CONFIGURATION_FILE: &str = "archivist.yaml";

/// Plays the weeks from the start and prints the summary. Without `--once`, serves until a stop signal.
pub async fn run(args: &LocalArgs, folder: &Path, stop: impl Future<Output = ()>) -> Result<ExitCode, CommandError> {
    // Uses its own subfolder, which it can delete.
    let folder = folder.join(OWN_FOLDER).join("sample");
    remove(&folder)?;
    let weeks = SampleWeeks::new().map_err(CommandError::needed)?;
    let clock = Arc::new(DrivenClock::at(weeks.start()));
    let catalogue = folder.join(OWN_FOLDER).join(CATALOGUE_FILE);
    let store = state_store::open_expendable(&catalogue)?;
    let configuration = configuration(&folder)?;
    let posture = Arc::new(SampleSetup::new(clock.clone()));
    let watch = Watch { posture, ..watch_folders(&configuration) };
    let here = Here {
        store,
        catalogue: catalogue.clone(),
        configuration,
        watch,
        clock: clock.clone(),
        quiet: true,
        folder: folder.clone(),
    };
    let mut set = here.assemble(None).await?;
    let admin = bind(args, &set.host).await?;
    let port = admin.address().map_err(CommandError::needed)?.port();
    set.host.handler_ready().await.map_err(CommandError::needed)?;
    let by_hand = tokio::spawn(admin.serve());
    if !args.once {
        say(&where_the_page_is(port));
        note("Six weeks are played now; the page can be opened at once.");
    }
    let player = SamplePlayer::new(weeks, set.folder.clone(), set.wired.archivist.clone());
    let mut player = player.map_err(CommandError::needed)?;
    let mut shown = progress::LocalProgress::default();
    tokio::pin!(stop);
    tokio::select! {
        played = run_driven(&mut set.host, &clock, &mut player, |progress, now| shown.at(progress, now)) => played?,
        () = &mut stop => {
            shown.end();
            return Ok(interrupted(args));
        }
    }
    shown.end();
    LocalSummary::read(&set).await?.print(args.json)?;
    if !args.json {
        say(&suggestions::text(&folder, &catalogue));
    }
    if !args.once {
        say("The six weeks are over. Ctrl-C ends.");
        say(&where_the_page_is(port));
        stop.await;
    }
    by_hand.abort();
    Ok(ExitCode::SUCCESS)
}

/// Ends a run whose weeks were not played to their end. Without `--once`, a stop signal is the usual end.
fn interrupted(args: &LocalArgs) -> ExitCode {
    if !args.once {
        return ExitCode::SUCCESS;
    }
    note("interrupted before the six weeks were over; the same command plays them from the start");
    ExitCode::from(Exit::Findings.code())
}

/// Writes the configuration of the weeks beside the catalogue, and reads it.
fn configuration(folder: &Path) -> Result<Configuration, CommandError> {
    let absolute = std::path::absolute(folder).map_err(|source| failed(folder, source))?;
    let bastions: String = BASTIONS.iter().map(|bastion| written(bastion, &absolute)).collect();
    let text = format!("version: 1\nbastions:\n{bastions}{RULES}");
    let file = folder.join(CONFIGURATION_FILE);
    fs::write(&file, &text).map_err(|source| failed(&file, source))?;
    Ok(configuration::read(&file.display().to_string(), &text, &|_| None)?)
}

fn written(bastion: &SampleBastion, folder: &Path) -> String {
    let account = |name: &str| folder_url(&folder.join(name));
    let access = match bastion.name {
        "bas-pay-weu" => "sas_expires: 2026-03-12",
        _ => "managed_identity: true",
    };
    format!(
        "  - name: {}\n    resource_id: {}\n    recordings: {{ account_url: \"{}\", container: recordings }}\n    \
         audit_logs: {{ account_url: \"{}\" }}\n    recording_access: {{ {access} }}\n",
        bastion.name,
        bastion.resource_id(),
        account(bastion.recordings_account),
        account(bastion.audit_account),
    )
}

/// Returns the URL of a folder that stands for an account, as a quoted YAML text takes it.
fn folder_url(folder: &Path) -> String {
    let escape = |sign: char| match sign {
        '%' | '#' | '?' | '"' | '\\' | '$' => format!("%{:02X}", u32::from(sign)),
        sign => sign.to_string(),
    };
    format!("file://{}", folder.display().to_string().chars().map(escape).collect::<String>())
}

/// Everything after the bastions: three classes, limits, and a channel for troubles.
const RULES: &str = "\
retention:
  default_class: standard
  classes:
    standard: { retain_for: P1Y, delete_after: P1Y, then: delete }
    payments: { retain_for: P1Y, delete_after: P18M, then: review }
    attempts: { retain_for: P2W, delete_after: P2W, then: delete }
  rules:
    - name: payment systems
      when: { resource_group: rg-pay-*, duration: { over: PT20S } }
      class: payments
    - name: nothing happened
      when: { duration: { under: PT20S } }
      class: attempts
  grace: P7D
  enforce: true
  limits: { max_deletes_per_run: 5, max_delete_percent: 20 }
notifications:
  channels:
    print: { kind: stub }
  routes:
    - name: troubles and deletions
      when: { any: [{ severity: [warning, critical] }, { event: [hold.placed, hold.released, recording.deleted] }] }
      channels: [print]
";

fn remove(folder: &Path) -> Result<(), CommandError> {
    match fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(failed(folder, source)),
        _ => Ok(()),
    }
}

fn failed(at: &Path, source: std::io::Error) -> CommandError {
    CommandError::Folder { folder: PathBuf::from(at), source }
}
