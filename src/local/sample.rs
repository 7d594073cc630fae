//! `archivist local --sample`: a working day of an invented estate, on a simulated clock.

use std::future::Future;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use adapters_local::DrivenClock;
use cli::say;
use configuration::Configuration;
use domain::address::{AddressError, ContainerAddress};
use host_stand_in::run_driven;
use host_stand_in::sample::{SampleContainers, SampleDay, SamplePlayer};
use wiring::{CATALOGUE_FILE, CommandError, OWN_FOLDER, state_store};

use super::progress;
use super::summary::LocalSummary;
use super::{Here, LocalArgs, bind, where_the_page_is};

/// Plays the day from the start and prints the summary. Without `--once`, serves until a stop signal.
pub async fn run(args: &LocalArgs, stop: impl Future<Output = ()>) -> Result<ExitCode, CommandError> {
    // Uses its own subfolder, which it can delete.
    let folder = args.folder.join(OWN_FOLDER).join("sample");
    remove(&folder)?;
    let day = SampleDay::new().map_err(CommandError::needed)?;
    let clock = Arc::new(DrivenClock::at(day.start()));
    let catalogue = folder.join(OWN_FOLDER).join(CATALOGUE_FILE);
    let here = Here {
        store: state_store::open_expendable(&catalogue)?,
        catalogue,
        configuration: configuration(&folder)?,
        clock: clock.clone(),
        quiet: true,
        folder,
    };
    let mut set = here.assemble(None).await?;
    let admin = bind(args, &set.host).await?;
    let port = admin.address().map_err(CommandError::needed)?.port();
    let containers = containers().map_err(CommandError::needed)?;
    set.host.handler_ready().await.map_err(CommandError::needed)?;
    let by_hand = tokio::spawn(admin.serve());
    let mut player = SamplePlayer::new(day, set.folder.clone(), containers)?;
    let mut shown = progress::LocalProgress::default();
    tokio::pin!(stop);
    tokio::select! {
        played = run_driven(&mut set.host, &clock, &mut player, |progress, now| shown.at(progress, now)) => played?,
        () = &mut stop => return Ok(ExitCode::SUCCESS),
    }
    shown.end();
    LocalSummary::of(&set).await?.print(args.json)?;
    if !args.once {
        say(&format!("The day is over. Functions can still be called by hand on port {port}; Ctrl-C ends."));
        say(&where_the_page_is(port));
        stop.await;
    }
    by_hand.abort();
    Ok(ExitCode::SUCCESS)
}

/// Default configuration without content hashes, because the recordings of the day are gigabytes without content.
fn configuration(folder: &Path) -> Result<Configuration, CommandError> {
    let mut configuration = Configuration::local(folder).map_err(CommandError::needed)?;
    configuration.ledger.hash_recordings = false;
    Ok(configuration)
}

/// Returns the containers of the default bastion.
fn containers() -> Result<SampleContainers, AddressError> {
    let container = |name| ContainerAddress::parse("local", name);
    Ok(SampleContainers {
        recordings: container("recordings")?,
        audit_logs: container("insights-logs-bastionauditlogs")?,
    })
}

fn remove(folder: &Path) -> Result<(), CommandError> {
    match std::fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(CommandError::Folder { folder: folder.to_owned(), source })
        }
        _ => Ok(()),
    }
}
