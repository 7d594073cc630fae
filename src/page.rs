//! `archivist page`: serves the pages and the API of any catalogue, read-only.

use std::process::ExitCode;
use std::sync::Arc;

use adapters_local::{SystemClock, memory};
use clap::Args;
use cli::{note, say};
use configuration::{BastionSettings, Configuration};
use domain::record::estate::BastionName;
use functions::invocation::Counts;
use functions::router::{App, read_router};
use functions::serve::{ServeError, listen, serve};
use pipeline::Ports;
use pipeline::ports::{CheckpointKind, Checkpoints};
use wiring::configured::Configured;
use wiring::live::LiveArchivist;
use wiring::ready::Ready;
use wiring::settings::{AppSettingNames, CatalogueSetting, Front, PageAccess};
use wiring::{Azure, CommandError, WiringInputs, catalogue_path, local_folder, state_place, state_store, stop_signal};

/// Maximum number of bastions to read from a catalogue.
const BASTIONS: usize = 1000;

/// Serve any catalogue as web pages and API, on this machine and read-only
///
/// Needs no account, secret or configuration, writes nothing, and answers on the loopback address only. A
/// configuration file, if present, provides the links to the portal. The catalogue may be a copy of a
/// database file from another machine; copy the file whose name ends in -wal too, if there is one. A
/// catalogue in tables is read with the Azure CLI's sign-in. Press Ctrl-C to stop.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archivist page
  archivist page --catalogue sqlite:copy-of-production.sqlite --port 8080
  archivist page --catalogue table --config archivist.yaml")]
pub struct PageArgs {
    /// The port on the loopback address; 0 selects any free port
    #[arg(long, default_value_t = 7071)]
    port: u16,
    /// The catalogue: table or sqlite:PATH; by default ARCHIVIST_CATALOGUE, or that of `archivist local`
    #[arg(long, value_name = "CATALOGUE", value_parser = CatalogueSetting::read)]
    catalogue: Option<CatalogueSetting>,
}

impl PageArgs {
    /// Returns true if the catalogue is named on the command line.
    pub fn names_catalogue(&self) -> bool {
        self.catalogue.is_some()
    }
}

/// Serves until a stop signal. An invalid configuration is reported and ignored.
pub async fn run(
    args: &PageArgs,
    mut settings: AppSettingNames,
    configured: Result<Configured, CommandError>,
) -> Result<ExitCode, CommandError> {
    let stop = stop_signal()?;
    let catalogue = args.catalogue.clone().or(settings.catalogue.take());
    settings.catalogue = catalogue;
    let configuration = configured.map_or_else(
        |error| {
            note(&format!("the configuration is not used: {}", error.message().replace('\n', "; ")));
            None
        },
        |configured| configured.configuration,
    );
    let place = state_place(configuration.as_ref(), &settings)?;
    let kept = state_store::to_look_at(&settings, place.as_ref(), &Azure::new(&settings))?;
    let local = Configuration::local(&local_folder(&settings)).map_err(CommandError::needed)?;
    let mut configuration = configuration.unwrap_or_else(|| local.clone());
    if configuration.bastions.is_empty() || configuration.bastions == local.bastions {
        configuration.bastions = bastions(kept.checkpoints.as_ref(), &local).await?;
    }
    // No notifications are sent, so secrets of channels are not needed.
    configuration.channels.clear();
    let shown = match place.filter(|place| settings.keeps_catalogue_in_table(Some(place))) {
        Some(place) => place.table.url().to_string(),
        None => catalogue_path(&settings).display().to_string(),
    };
    let plan = WiringInputs {
        configuration: &configuration,
        ports: Ports {
            catalogue: kept.catalogue,
            sessions: kept.sessions,
            checkpoints: kept.checkpoints,
            ..memory::ports(Arc::new(SystemClock))
        },
        announce_started: false,
        show: Arc::new(|_| {}),
        accepted: None,
        azure: None,
    };
    let app = App {
        live: LiveArchivist::fixed(plan.wire()?.archivist),
        counts: Arc::<Counts>::default(),
        ready: Ready::at_once(),
        pages: PageAccess::Loopback,
    };
    let listener = listen(args.port).await?;
    let port = listener.local_addr().map_err(ServeError::Serve)?.port();
    say(&format!("{shown} is at http://localhost:{port}/ui/, read-only. Ctrl-C ends."));
    serve(listener, read_router(app), Front::Nobody, stop).await?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the bastions whose logs are in the catalogue, for use without a configuration.
async fn bastions(checkpoints: &dyn Checkpoints, local: &Configuration) -> Result<Vec<BastionSettings>, CommandError> {
    let known = checkpoints.list(CheckpointKind::Bastion, None, BASTIONS).await?;
    let Some(pattern) = local.bastions.first().filter(|_| !known.is_empty()) else {
        return Ok(local.bastions.clone());
    };
    let named = known.iter().map(|(name, _)| BastionSettings { name: BastionName::new(name), ..pattern.clone() });
    Ok(named.collect())
}
