//! `archivist local`: the whole function set on one machine.
//!
//! A folder stands for the storage accounts, SQLite for tables and queues, and a stand-in for the host fires the real
//! functions over the real protocol. Handler and stand-in share the process and the clock, and talk HTTP.

mod estate;
mod found;
mod progress;
mod sample;
mod summary;
mod told;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use adapters_local::SystemClock;
use adapters_local::folder::{Folder, FolderBlobs, FolderWatch};
use adapters_local::sqlite::{SqliteQueue, SqliteStore};
use clap::Args;
use cli::Exit;
use configuration::Configuration;
use domain::address::ContainerAddress;
use host_stand_in::{
    AdminServer, AppSettings, Backlog, FolderEvents, Function, FunctionFolder, HandlerPlace, Host, HostSettings, Setup,
    Trigger, load, run_real, run_to_rest,
};
use pipeline::ports::Clock;
use pipeline::{Archivist, StrangeStore};

use crate::catalogue_page::PageAccess;
use crate::front_door::Front;
use crate::invocation::Counts;
use crate::live::Live;
use crate::ready::Ready;
use crate::router::{App, FUNCTIONS, HOST_JSON, router};
use crate::serve::{listen, serve, stop_signal};
use crate::settings::{Catalogue, Settings};
use crate::start::StartError;
use crate::wiring::{Azure, CATALOGUE_FILE, LOCAL_FOLDER, OWN_FOLDER, Plan, Wired, keep, open, watch_folders};
use crate::{audit_log_tail, reconcile_sweep};
pub use progress::{note, say, terminal_width};
use summary::Summary;
use told::Told;

/// The whole function set on this machine, nothing else needed
///
/// Files in FOLDER/<account>/<container> are recordings: those that appear, change or go raise the events that storage
/// would. Where nothing is configured, the account is `local`, the container `recordings`, and audit logs are in
/// `insights-logs-bastionauditlogs`: one that appears raises an event, and what is added to it is read on by a timer.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  archivist local --sample --once\n  archivist local --folder /srv/recordings")]
pub struct LocalArgs {
    /// Play a made-up estate's working day, afresh, on a clock that is driven
    #[arg(long)]
    sample: bool,
    /// Stop when nothing is left to do now, with a summary
    #[arg(long)]
    once: bool,
    /// The folder that stands for the storage accounts
    #[arg(long, value_name = "DIR", default_value = LOCAL_FOLDER)]
    folder: PathBuf,
    /// Where the page is, below /ui/, and where functions are fired by hand: POST /admin/functions/NAME with
    /// {"input": "…"}; 0 takes any that is free
    #[arg(long, default_value_t = 7071)]
    port: u16,
    /// Take the folder for the store that the catalogue was made from, though it has another id: the recordings were moved
    /// here. What is not in it counts as missing from then on
    #[arg(long, conflicts_with = "sample")]
    adopt: bool,
    /// The summary as JSON, and nothing else on stdout
    #[arg(long, requires = "once")]
    json: bool,
}

const NO_TABLE: &str =
    "ARCHIVIST_CATALOGUE: `archivist local` keeps its catalogue on this machine; write sqlite:PATH, or leave it out";

/// Runs until there is nothing left to do (`--once`) or until asked to stop.
pub async fn run(
    args: &LocalArgs,
    settings: &Settings,
    configured: Option<Configuration>,
) -> Result<ExitCode, StartError> {
    let stop = stop_signal()?;
    if settings.catalogue == Some(Catalogue::Table) {
        return Err(StartError::Problems(vec![NO_TABLE.to_owned()]));
    }
    if args.sample {
        return sample::run(args, stop).await;
    }
    let configuration = match configured.filter(|configuration| !configuration.bastions.is_empty()) {
        Some(configuration) => configuration,
        None => Configuration::local(&args.folder).map_err(StartError::needed)?,
    };
    let catalogue = settings.catalogue.as_ref().and_then(Catalogue::file).map(Path::to_owned);
    let catalogue = catalogue.unwrap_or_else(|| args.folder.join(OWN_FOLDER).join(CATALOGUE_FILE));
    let here = Here {
        folder: args.folder.clone(),
        store: open(&catalogue)?,
        catalogue,
        configuration,
        clock: Arc::new(SystemClock),
        quiet: args.json,
    };
    let mut set = here.assemble(Some(&Azure::new(settings))).await?;
    let strangers = strange_stores(&set.wired.archivist, args.adopt).await?;
    let admin = AdminServer::bind(args.port, &set.host).await.map_err(StartError::needed)?;
    if !args.json {
        let containers = estate::shown(&args.folder, &set.recordings);
        let port = admin.address().map_err(StartError::needed)?.port();
        progress::say(&format!("Watching {containers}. Functions are fired by hand on port {port}. Ctrl-C ends."));
        progress::say(&where_the_page_is(port));
    }
    let by_hand = tokio::spawn(admin.serve());
    set.host.handler_ready().await.map_err(StartError::needed)?;
    if args.once {
        tokio::select! {
            rested = run_to_rest(&mut set.host) => rested?,
            () = stop => {}
        }
    } else {
        run_real(&mut set.host, stop).await;
    }
    by_hand.abort();
    if args.once {
        Summary::of(&set).await?.print(args.json)?;
    }
    Ok(ExitCode::from(if args.once && strangers > 0 { Exit::Findings } else { Exit::Done }.code()))
}

/// Says on stderr which stores are not those that the catalogue was made from, and counts them; adopts them first if that
/// is wanted.
pub async fn strange_stores(archivist: &Archivist, adopt: bool) -> Result<usize, StartError> {
    if adopt {
        for adopted in archivist.stores().adopt().await? {
            progress::note(&format!("adopted: container {} is in {} now", adopted.container, adopted.found.as_str()));
        }
    }
    let strangers = archivist.stores().strangers().await?;
    for line in StrangeStore::said(&strangers) {
        progress::note(&line);
    }
    strangers.iter().for_each(|stranger| archivist.stores().mute(stranger));
    Ok(strangers.len())
}

/// What a set on this machine is made of.
struct Here {
    folder: PathBuf,
    catalogue: PathBuf,
    store: SqliteStore,
    configuration: Configuration,
    clock: Arc<dyn Clock>,
    quiet: bool,
}

/// A set that runs: the handler is served, the stand-in is ready to go.
struct Set {
    host: Host,
    folder: Folder,
    wired: Wired,
    queue: Arc<SqliteQueue>,
    counts: Arc<Counts>,
    told: Arc<Told>,
    catalogue: PathBuf,
    recordings: Vec<ContainerAddress>,
}

impl Here {
    async fn assemble(self, azure: Option<&Azure<'_>>) -> Result<Set, StartError> {
        let handler = listen(0).await?;
        let folder = Folder::open(&self.folder, self.folder.join(OWN_FOLDER))?;
        let (recordings, audit_logs) =
            (estate::recordings(&self.configuration), estate::audit_logs(&self.configuration));
        for container in recordings.iter().chain(&audit_logs) {
            folder.create_container(container)?;
        }
        let told: Arc<Told> = Arc::default();
        let (counted, quiet) = (told.clone(), self.quiet);
        let show = move |line: &str| {
            if !quiet {
                progress::say(line);
            }
        };
        let store = self.store;
        let plan = Plan {
            configuration: &self.configuration,
            ports: keep::in_file(
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
        let archivist = wired.archivist.with_watch(watch_folders(&self.configuration));
        let wired = Wired { archivist, ..wired };
        let app = App {
            live: Live::fixed(wired.archivist.clone()),
            counts: counts.clone(),
            ready: Ready::at_once(),
            pages: PageAccess::Loopback,
        };
        let address = handler.local_addr().map_err(StartError::needed)?;
        tokio::spawn(serve(handler, router(app), Front::Nobody, std::future::pending()));
        let watch = FolderWatch::open(folder.clone()).await?;
        let queue = Arc::new(SqliteQueue::new(&store, self.clock.clone()));
        let folders =
            FUNCTIONS.map(|function| FunctionFolder { name: function.name, function_json: function.function_json });
        let settings = HostSettings::parse(HOST_JSON).map_err(StartError::needed)?;
        let host = Host::new(Setup {
            functions: load(&folders, &settings, &AppSettings::new()).0.into_iter().map(at_start).collect(),
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
        Ok(Set { host, folder, wired, queue, counts, told, catalogue: self.catalogue, recordings })
    }
}

/// For people, and under a name that the page answers to.
fn where_the_page_is(port: u16) -> String {
    format!("The catalogue is at http://localhost:{port}/ui/")
}

/// Whoever starts a set on this machine wants to see at once what came while none ran, of which no event tells.
fn at_start(mut function: Function) -> Function {
    let looks = [audit_log_tail::FUNCTION, reconcile_sweep::FUNCTION].contains(&function.name.as_str());
    if let Trigger::Timer { run_on_startup, .. } = &mut function.trigger {
        *run_on_startup |= looks;
    }
    function
}
