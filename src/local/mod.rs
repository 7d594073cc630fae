//! `archivist local`: all functions on one machine.
//!
//! A folder replaces the storage accounts, SQLite replaces tables and queues, and a host stand-in calls the
//! real functions over the real protocol. Handler and stand-in share the process and the clock, and
//! communicate over HTTP.

mod delivery_counts;
mod estate;
mod found;
mod progress;
mod sample;
mod suggestions;
mod summary;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use adapters_local::SystemClock;
use adapters_local::folder::{Folder, FolderBlobs, FolderWatch};
use adapters_local::sqlite::{SqliteCatalogue, SqliteQueue, SqliteStore};
use clap::Args;
use cli::{Exit, note, refuse_other_policy, say, strange_stores};
use configuration::Configuration;
use domain::address::ContainerAddress;
use functions::invocation::Counts;
use functions::registry::{FUNCTIONS, HOST_JSON};
use functions::router::{App, router};
use functions::serve::{listen, serve};
use functions::{audit_log_tail, reconcile_sweep};
use host_stand_in::{
    AdminServer, Backlog, FolderEvents, FunctionDefinition, FunctionFolder, HandlerEnvironment, HandlerPlace, Host,
    HostSettings, Setup, Trigger, load, run_real, run_to_rest,
};
use pipeline::ports::Clock;
use pipeline::posture::Watch;
use wiring::live::LiveArchivist;
use wiring::ready::Ready;
use wiring::settings::{AppSettingNames, CatalogueSetting, Front, PageAccess};
use wiring::{
    Azure, CommandError, LOCAL_FOLDER, OWN_FOLDER, Wired, WiringInputs, catalogue_path, local_folder, state_store,
    stop_signal, watch_folders, with_bastions,
};

use delivery_counts::DeliveryCounts;
use summary::LocalSummary;

/// Run all functions on this machine, without any other service
///
/// Files in `FOLDER/<account>/<container>` are recordings: new, changed and removed files raise the events
/// that storage would raise. Without a configuration the account is `local`, the container is `recordings`,
/// and audit logs are in `insights-logs-bastionauditlogs`: a new log raises an event, and a timer reads on
/// in growing logs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  archivist local --sample --once\n  archivist local --folder /srv/recordings

Exit code 1 with --once if recordings were moved here without --adopt, or if the run was interrupted.")]
pub struct LocalArgs {
    /// Replay six weeks of an invented estate from the start, on a simulated clock
    #[arg(long)]
    sample: bool,
    /// Stop with a summary when nothing is left to do now
    #[arg(long)]
    once: bool,
    /// The port of the web pages, below /ui/, and of manual function calls: POST /admin/functions/NAME with
    /// {"input": "…"}; 0 selects any free port
    #[arg(long, default_value_t = 7071)]
    port: u16,
    /// Use the folder although the catalogue was built from a store with another id: the recordings were
    /// moved here. Recordings that are not in it count as missing from then on
    #[arg(long, conflicts_with = "sample")]
    adopt: bool,
    /// Print the summary as JSON, and nothing else on stdout
    #[arg(long, requires = "once")]
    json: bool,
}

impl LocalArgs {
    /// Returns true if the invented estate is played.
    pub fn is_sample(&self) -> bool {
        self.sample
    }
}

const NO_TABLE: &str =
    "ARCHIVIST_CATALOGUE: `archivist local` keeps its catalogue on this machine; write sqlite:PATH, or leave it out";

/// Runs until nothing is left to do (`--once`) or until a stop signal.
pub async fn run(
    args: &LocalArgs,
    settings: &AppSettingNames,
    configured: Option<Configuration>,
) -> Result<ExitCode, CommandError> {
    let stop = stop_signal()?;
    if settings.catalogue == Some(CatalogueSetting::Table) {
        return Err(CommandError::Problems(vec![NO_TABLE.to_owned()]));
    }
    if args.sample {
        // The sample has its own catalogue, whatever the settings say.
        let folder = settings.folder.as_deref().unwrap_or(Path::new(LOCAL_FOLDER));
        return sample::run(args, folder, stop).await;
    }
    let folder = local_folder(settings);
    let is_configured = configured.is_some();
    let configuration = with_bastions(configured, &folder)?;
    let catalogue = catalogue_path(settings);
    let store = state_store::open(&catalogue)?;
    if !is_configured {
        refuse_other_policy(&SqliteCatalogue::new(&store), configuration.retention.as_ref()).await?;
    }
    let here = Here {
        folder: folder.clone(),
        store,
        catalogue,
        watch: watch_folders(&configuration),
        configuration,
        clock: Arc::new(SystemClock),
        quiet: args.json,
    };
    let mut set = here.assemble(Some(&Azure::new(settings))).await?;
    let strangers = strange_stores(&set.wired.archivist, args.adopt).await?;
    let admin = bind(args, &set.host).await?;
    if !args.json {
        let containers = estate::shown(&folder, &set.recordings);
        let port = admin.address().map_err(CommandError::needed)?.port();
        say(&format!("Watching {containers}. Call functions by hand on port {port}. Ctrl-C ends."));
        say(&where_the_page_is(port));
    }
    let by_hand = tokio::spawn(admin.serve());
    set.host.handler_ready().await.map_err(CommandError::needed)?;
    let is_complete = if args.once {
        tokio::select! {
            rested = run_to_rest(&mut set.host) => rested.map(|()| true)?,
            () = stop => false,
        }
    } else {
        run_real(&mut set.host, stop).await;
        true
    };
    by_hand.abort();
    if args.once {
        LocalSummary::read(&set).await?.print(args.json)?;
        if !args.json {
            say(&format!("\nLook around: {} recordings list", suggestions::command(&folder, &set.catalogue)));
        }
    }
    if !is_complete {
        note("interrupted; repeat the command to continue");
    }
    let is_done = is_complete && (!args.once || strangers == 0);
    Ok(ExitCode::from(if is_done { Exit::Done } else { Exit::Findings }.code()))
}

/// Parts of a local setup.
struct Here {
    folder: PathBuf,
    catalogue: PathBuf,
    store: SqliteStore,
    configuration: Configuration,
    watch: Watch,
    clock: Arc<dyn Clock>,
    quiet: bool,
}

/// A running setup: the handler is served, the host stand-in is ready.
struct Set {
    host: Host,
    folder: Folder,
    wired: Wired,
    queue: Arc<SqliteQueue>,
    counts: Arc<Counts>,
    delivery_counts: Arc<DeliveryCounts>,
    catalogue: PathBuf,
    recordings: Vec<ContainerAddress>,
}

impl Here {
    async fn assemble(self, azure: Option<&Azure<'_>>) -> Result<Set, CommandError> {
        let handler = listen(0).await?;
        let folder = Folder::open(&self.folder, self.folder.join(OWN_FOLDER))?;
        let (recordings, audit_logs) =
            (estate::recordings(&self.configuration), estate::audit_logs(&self.configuration));
        for container in recordings.iter().chain(&audit_logs) {
            folder.create_container(container)?;
        }
        let delivery_counts: Arc<DeliveryCounts> = Arc::default();
        let (counted, quiet) = (delivery_counts.clone(), self.quiet);
        let show = move |line: &str| {
            if !quiet {
                say(line);
            }
        };
        let store = self.store;
        let plan = WiringInputs {
            configuration: &self.configuration,
            ports: state_store::in_file(
                &store,
                &self.catalogue,
                Arc::new(FolderBlobs::new(folder.clone())),
                self.clock.clone(),
            ),
            announce_started: true,
            show: Arc::new(show),
            accepted: Some(Arc::new(move |event| counted.count(event))),
            azure,
        };
        let wired = plan.wire()?;
        wired.log_channels_off();
        let counts: Arc<Counts> = Arc::default();
        let archivist = wired.archivist.with_watch(self.watch);
        let wired = Wired { archivist, ..wired };
        let app = App {
            live: LiveArchivist::fixed(wired.archivist.clone()),
            counts: counts.clone(),
            ready: Ready::at_once(),
            pages: PageAccess::Loopback,
        };
        let address = handler.local_addr().map_err(CommandError::needed)?;
        tokio::spawn(serve(handler, router(app), Front::Nobody, std::future::pending()));
        let watch = FolderWatch::open(folder.clone()).await?;
        let queue = Arc::new(SqliteQueue::new(&store, self.clock.clone()));
        let settings = HostSettings::parse(HOST_JSON).map_err(CommandError::needed)?;
        let host = Host::new(Setup {
            functions: definitions(&settings),
            settings,
            handler: HandlerPlace::at(address),
            queue: queue.clone(),
            clock: self.clock.clone(),
            backlog: Some(Backlog {
                catalogue: wired.ports.catalogue.clone(),
                sessions: wired.ports.sessions.clone(),
                notifications: wired.ports.notifications.clone(),
            }),
            events: Some(FolderEvents::new(watch, queue.clone(), self.clock).with_audit_logs(audit_logs)),
        });
        Ok(Set { host, folder, wired, queue, counts, delivery_counts, catalogue: self.catalogue, recordings })
    }
}

/// Listens on the port of the arguments. With `--once`, a taken port does not prevent the run: a free one replaces it.
async fn bind(args: &LocalArgs, host: &Host) -> Result<AdminServer, CommandError> {
    match AdminServer::bind(args.port, host).await {
        Err(taken) if args.once => {
            let admin = AdminServer::bind(0, host).await.map_err(CommandError::needed)?;
            let port = admin.address().map_err(CommandError::needed)?.port();
            note(&format!("{taken}; port {port} is used instead"));
            Ok(admin)
        }
        bound => bound.map_err(CommandError::needed),
    }
}

/// Message with the URL of the pages, under a host name that they accept.
fn where_the_page_is(port: u16) -> String {
    format!("The catalogue is at http://localhost:{port}/ui/")
}

/// Returns the functions of the app, as the host reads them.
fn definitions(settings: &HostSettings) -> Vec<FunctionDefinition> {
    let folders =
        FUNCTIONS.map(|function| FunctionFolder { name: function.name, function_json: function.function_json });
    load(&folders, settings, &HandlerEnvironment::new()).0.into_iter().map(at_start).collect()
}

/// Runs the timers that find new files at startup too, because no event reports files added while no set
/// was running.
fn at_start(mut function: FunctionDefinition) -> FunctionDefinition {
    let looks = [audit_log_tail::FUNCTION, reconcile_sweep::FUNCTION].contains(&function.name.as_str());
    if let Trigger::Timer { run_on_startup, .. } = &mut function.trigger {
        *run_on_startup |= looks;
    }
    function
}
