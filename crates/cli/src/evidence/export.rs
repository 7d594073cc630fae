//! `archivist evidence export`.

use std::fs::File;

use adapters_local::SystemClock;
use jiff::tz::TimeZone;
use pipeline::evidence::{EvidenceSelection, ExportError, ExportEvidence, Exported};
use pipeline::ports::{Clock, Ports};
use pipeline::{CatalogueReader, KnownStores};
use serde::Serialize;
use wiring::configured::Configured;
use wiring::settings::AppSettingNames;
use wiring::{CommandError, stop_signal};

use super::progress::ExportProgress;
use super::selection::selection;
use super::signer::signer;
use super::target::Target;
use super::{ExportEvidenceArgs, shown};
use crate::output::{human, note, say};
use crate::stores::open_existing;
use crate::{CliError, CommandContext, Exit, Terminal};

/// Maximum number of unknown things that are printed; the bundle lists all.
const MOST_SHOWN: usize = 20;

/// Result as a document. A long-lived format: version 1.
#[derive(Serialize)]
struct ExportDocument<'a> {
    version: u32,
    file: String,
    #[serde(flatten)]
    exported: &'a Exported,
}

pub(super) async fn run(
    args: &ExportEvidenceArgs,
    settings: &AppSettingNames,
    zone: Option<TimeZone>,
    configured: impl Future<Output = Result<Configured, CommandError>>,
) -> Result<Exit, CommandError> {
    let signer = match &args.sign_key {
        Some(key) => Some(signer(key, settings).await?),
        None => None,
    };
    let stop = stop_signal()?;
    let (configuration, ports) = open_existing(settings, configured.await?).await?;
    let estate = configuration.estate();
    let blobs = KnownStores::new(&ports, &estate);
    let Ports { catalogue, sessions, checkpoints, ledger, .. } = &ports;
    let zone = zone.unwrap_or_else(|| configuration.time_zone.clone());
    let reader = CatalogueReader {
        catalogue: catalogue.as_ref(),
        sessions: sessions.as_ref(),
        checkpoints: checkpoints.as_ref(),
        estate: &estate,
        policy: configuration.retention.as_ref(),
        reviews: &configuration.reviews,
        time_zone: &zone,
        now: SystemClock.now(),
    };
    let selection = selected(args, &reader, settings).await?;
    let (target, part, spool) = Target::create(&args.out, args.overwrite)?;
    let export = ExportEvidence {
        reader,
        blobs: &blobs,
        ledger: ledger.as_ref(),
        with_content: args.with_content,
        signer: signer.as_deref(),
    };
    let written = tokio::select! {
        written = export_into(&export, &selection, part, spool) => Some(written?),
        () = stop => None,
    };
    let Some((part, exported)) = written else {
        note("interrupted; nothing was written");
        return Ok(Exit::Findings);
    };
    if exported.recordings == 0 {
        note("no recordings found; nothing was written");
        if args.json {
            say("null");
        }
        return Ok(Exit::Findings);
    }
    target.finish(&part, exported.bytes)?;
    show(args, &exported)?;
    Ok(if exported.differing.is_empty() { Exit::Done } else { Exit::Findings })
}

async fn selected(
    args: &ExportEvidenceArgs,
    reader: &CatalogueReader<'_>,
    settings: &AppSettingNames,
) -> Result<EvidenceSelection, CliError> {
    let CatalogueReader { catalogue, sessions, checkpoints, estate, policy, reviews, time_zone, now } = *reader;
    let context = CommandContext {
        catalogue,
        sessions,
        checkpoints,
        estate,
        policy,
        reviews,
        now,
        zone: time_zone.clone(),
        terminal: Terminal::detect(settings),
        out: &mut std::io::sink(),
        err: &mut std::io::stderr(),
    };
    selection(args, &context).await
}

async fn export_into(
    export: &ExportEvidence<'_>,
    selection: &EvidenceSelection,
    part: File,
    spool: File,
) -> Result<(File, Exported), CommandError> {
    let mut progress = ExportProgress::begin();
    let (output, spool) = (std::io::BufWriter::with_capacity(1 << 20, part), spool);
    let written = export.run(selection, output, spool, &mut |step| progress.step(step)).await;
    progress.end();
    let (output, exported) = written.map_err(|error| match error {
        ExportError::Port(fault) => CommandError::from(fault),
        ExportError::Output(error) => CliError::Output(error).into(),
    })?;
    let part = output.into_inner().map_err(|error| CliError::Output(error.into_error()))?;
    Ok((part, exported))
}

fn show(args: &ExportEvidenceArgs, exported: &Exported) -> Result<(), CliError> {
    let file = shown(&args.out);
    if args.json {
        let document = ExportDocument { version: 1, file, exported };
        say(&serde_json::to_string(&document)?);
    } else {
        let size = human::size(Some(exported.bytes));
        say(&format!("{file}: {} recordings as of {}, {size}", exported.recordings, exported.as_of));
        say(&format!("contents: {}, ledger lines: {}", exported.contents, exported.facts));
        say(&match &exported.signed_by {
            Some(key) => format!("signed by key {key}"),
            None => "not signed: it proves that its parts fit each other, not who made it".to_owned(),
        });
    }
    for id in &exported.differing {
        note(&format!("the content of {id} differs from its hash in the catalogue"));
    }
    for unknown in exported.unknown.iter().take(MOST_SHOWN) {
        note(&format!("unknown: {} of {}: {}", unknown.what, unknown.about, human::text(&unknown.reason)));
    }
    let more = exported.unknown.len().saturating_sub(MOST_SHOWN);
    if more > 0 {
        note(&format!("{more} more things are unknown; unknown.jsonl in the bundle lists all"));
    }
    Ok(())
}
