//! Starts the function app: builds it from the configuration, and serves it to the host.

use std::process::ExitCode;
use std::sync::Arc;

use adapters_local::SystemClock;
use configuration::state::StatePlace;
use configuration::{AppPlace, Configuration};
use pipeline::configuration::digest;
use pipeline::{Archivist, Ports};
use wiring::configured::{Configured, Shared};
use wiring::instrumentation::WatchedQueue;
use wiring::live::LiveArchivist;
use wiring::settings::AppSettingNames;
use wiring::{
    Azure, CommandError, NO_BASTION, WiringInputs, state_place, state_store, stop_signal, storage_accounts, watch,
};

use super::{RESTART_ME, listen, serve};
use crate::router::{App, router};

/// Serves until a stop signal. Returns the exit code to be started again.
///
/// # Errors
/// Returns every problem of settings and configuration at once.
pub async fn run(
    settings: &AppSettingNames,
    configured: Result<Configured, CommandError>,
) -> Result<ExitCode, CommandError> {
    let mut problems = Vec::new();
    let configured = configured.map(|Configured { configuration, state, shared }| {
        (configuration.filter(|configuration| !configuration.bastions.is_empty()), state, shared)
    });
    match &configured {
        Err(error) => problems.extend(error.message().lines().map(str::to_owned)),
        Ok((None, ..)) => problems.push(NO_BASTION.to_owned()),
        Ok((Some(_), ..)) => {}
    }
    if !settings.names_port() {
        problems.push(
            "FUNCTIONS_CUSTOMHANDLER_PORT is not set; the Functions host sets it, or use `archivist local`".to_owned(),
        );
    }
    let (Some(port), Ok((Some(configuration), state, shared))) = (settings.port, configured) else {
        return Err(CommandError::Problems(problems));
    };
    let azure = Azure::new(settings);
    let blobs = storage_accounts(&configuration, &azure)?;
    let (ports, made) = state_store::as_set(settings, state.as_ref(), &azure, blobs, Arc::new(SystemClock))?;
    let place = shared.as_ref().map_or(AppPlace::AsSet, |shared| shared.place);
    let queue = Arc::new(WatchedQueue::new(ports.queue.clone(), ports.clock.clone()));
    let set = Set { settings: settings.clone(), ports: Ports { queue, ..ports }, state, place };
    let archivist = set.archivist(&configuration, &azure)?;
    let live = match shared {
        Some(shared) => {
            let archivist = archivist.under(&shared.digest).refusing(shared.refused.as_deref());
            follow(set, archivist, &shared).await
        }
        None => LiveArchivist::fixed(archivist),
    };
    let stop = stop_signal()?;
    let app = App { live, counts: Arc::default(), ready: made, pages: settings.pages };
    let listener = listen(port).await?;
    tracing::info!(port, bastions = configuration.bastions.len(), "archivist ready");
    serve(listener, router(app), settings.front, stop).await?;
    Ok(ExitCode::from(RESTART_ME))
}

/// Loads each new version of the configuration, with the ports created at the start.
async fn follow(set: Set, archivist: Archivist, shared: &Shared) -> LiveArchivist {
    let clock = set.ports.clock.clone();
    let live = LiveArchivist::shared(archivist, shared, clock, Box::new(move |text| set.made_anew(text)));
    live.began(shared).await;
    live
}

/// Parts that are shared by the archivists of all configuration versions.
struct Set {
    settings: AppSettingNames,
    ports: Ports,
    state: Option<StatePlace>,
    place: AppPlace,
}

impl Set {
    fn archivist(&self, configuration: &Configuration, azure: &Azure<'_>) -> Result<Archivist, CommandError> {
        let plan = WiringInputs {
            configuration,
            ports: Ports { blobs: storage_accounts(configuration, azure)?, ..self.ports.clone() },
            announce_started: false,
            show: Arc::new(|line| tracing::info!(notification = line, "notification shown")),
            accepted: None,
            azure: Some(azure),
        };
        let watching = watch(&self.settings, configuration, self.state.as_ref(), azure)?;
        let wired = plan.wire()?;
        wired.log_channels_off();
        Ok(wired.archivist.with_watch(watching.watch))
    }

    fn made_anew(&self, text: &str) -> Result<Archivist, String> {
        let settings = &self.settings;
        let read = configuration::check("archivist.yaml", text, self.place, &|name| settings.app_setting(name));
        let configuration = read.configuration.map_err(|problems| problems.to_string())?;
        if configuration.bastions.is_empty() {
            return Err(NO_BASTION.to_owned());
        }
        let state = state_place(Some(&configuration), settings).map_err(|error| error.message())?;
        if state != self.state {
            return Err("state names another place; stop the app, move its data, and start it with this configuration"
                .to_owned());
        }
        let archivist = self.archivist(&configuration, &Azure::new(settings)).map_err(|error| error.message())?;
        Ok(archivist.under(&digest(text)))
    }
}
