//! `archivist page`: the pages and the API of any catalogue, which is only read.

use std::process::ExitCode;
use std::sync::Arc;

use adapters_local::{SystemClock, memory};
use clap::Args;
use configuration::{Bastion, Configuration};
use domain::estate::BastionName;
use pipeline::Ports;
use pipeline::ports::{CheckpointKind, Checkpoints};

use crate::catalogue_page::PageAccess;
use crate::configured::{Configured, state};
use crate::front_door::Front;
use crate::invocation::Counts;
use crate::live::Live;
use crate::local::{note, say};
use crate::ready::Ready;
use crate::router::{App, read_router};
use crate::serve::{ServeError, listen, serve, stop_signal};
use crate::settings::{Catalogue, Settings};
use crate::start::StartError;
use crate::wiring::{Azure, LOCAL_FOLDER, Plan, catalogue_path, keep};

/// How many bastions are read from a catalogue at most.
const BASTIONS: usize = 1000;

/// Show any catalogue as web pages and over the API, on this machine and read-only
///
/// Needs no account, secret or configuration, writes nothing, and answers on the loopback address only. A configuration
/// file, if there is one, gives the links to the portal. A copy of a database file from another machine will do; take
/// the file whose name ends in -wal along if there is one. A catalogue in tables is read as whoever is signed in with the
/// Azure CLI. Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archivist page
  archivist page --catalogue sqlite:copy-of-production.sqlite --port 8080
  archivist page --catalogue table --config archivist.yaml")]
pub struct PageArgs {
    /// The port on the loopback address; 0 takes any that is free
    #[arg(long, default_value_t = 7071)]
    port: u16,
    /// The catalogue: table or sqlite:PATH; else ARCHIVIST_CATALOGUE, else where `archivist local` keeps it
    #[arg(long, value_name = "CATALOGUE", value_parser = Catalogue::read)]
    catalogue: Option<Catalogue>,
}

impl PageArgs {
    /// Whether the catalogue is said on the command line.
    pub fn names_catalogue(&self) -> bool {
        self.catalogue.is_some()
    }
}

/// Serves until asked to stop. A configuration that cannot be used is said, and left out.
pub async fn run(
    args: &PageArgs,
    mut settings: Settings,
    configured: Result<Configured, StartError>,
) -> Result<ExitCode, StartError> {
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
    let place = state(configuration.as_ref(), &settings)?;
    let kept = keep::to_look_at(&settings, place.as_ref(), &Azure::new(&settings))?;
    let local = Configuration::local(std::path::Path::new(LOCAL_FOLDER)).map_err(StartError::needed)?;
    let mut configuration = configuration.unwrap_or_else(|| local.clone());
    if configuration.bastions.is_empty() || configuration.bastions == local.bastions {
        configuration.bastions = bastions(kept.checkpoints.as_ref(), &local).await?;
    }
    // Nothing is sent anywhere, so no secret of a channel is asked for.
    configuration.channels.clear();
    let shown = match place.filter(|place| settings.keeps_catalogue_in_table(Some(place))) {
        Some(place) => place.table.url().to_string(),
        None => catalogue_path(settings.catalogue.as_ref()).display().to_string(),
    };
    let plan = Plan {
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
        live: Live::fixed(plan.wire()?.archivist),
        counts: Arc::<Counts>::default(),
        ready: Ready::at_once(),
        pages: PageAccess::Loopback,
    };
    let listener = listen(args.port).await?;
    let port = listener.local_addr().map_err(ServeError::Serve)?.port();
    say(&format!("{shown} is at http://localhost:{port}/ui/, to read only. Ctrl-C ends."));
    serve(listener, read_router(app), Front::Nobody, stop).await?;
    Ok(ExitCode::SUCCESS)
}

/// The bastions whose logs a catalogue tells of, for one without a configuration.
async fn bastions(checkpoints: &dyn Checkpoints, local: &Configuration) -> Result<Vec<Bastion>, StartError> {
    let known = checkpoints.list(CheckpointKind::Bastion, None, BASTIONS).await?;
    let Some(pattern) = local.bastions.first().filter(|_| !known.is_empty()) else {
        return Ok(local.bastions.clone());
    };
    let named = known.iter().map(|(name, _)| Bastion { name: BastionName::new(name), ..pattern.clone() });
    Ok(named.collect())
}
