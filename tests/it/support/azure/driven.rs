//! A packaged app driven by the host stand-in on the real clock.

use std::path::Path;
use std::sync::Arc;

use adapters_local::SystemClock;
use host_stand_in::{
    AppFolder, FunctionDefinition, HandlerEnvironment, HandlerPlace, HandlerProcess, Host, HostSettings, LocalQueue,
    Setup, run_real,
};
use tokio::sync::oneshot;

use super::account::EmulatorAccount;

/// An app with a running handler, which is killed at the end of the test.
pub struct Driven<'a> {
    account: &'a EmulatorAccount,
    settings: HostSettings,
    functions: Vec<FunctionDefinition>,
    handler: HandlerPlace,
}

impl<'a> Driven<'a> {
    /// Starts the handler. Its output is shown if the test fails.
    pub fn start(account: &'a EmulatorAccount, app: &Path, secrets: &[(&str, &str)]) -> Self {
        let AppFolder { settings, functions, unusable, start } =
            AppFolder::open(app, &app_settings(account, secrets)).unwrap();
        assert!(unusable.is_empty(), "{unusable:?}");
        let process = HandlerProcess::new(start, Arc::new(SystemClock), Arc::new(|_, line: &str| println!("{line}")));
        let handler = process.place();
        account.runtime.spawn(process.run(std::future::pending()));
        Self { account, settings, functions, handler }
    }

    /// Runs the host for these functions until `until` returns, then waits for the calls in flight.
    pub fn fire(&self, fired: impl Fn(&FunctionDefinition) -> bool, until: impl FnOnce()) {
        let mut host = Host::new(Setup {
            settings: self.settings.clone(),
            functions: self.functions.iter().filter(|function| fired(function)).cloned().collect(),
            handler: self.handler.clone(),
            queue: self.account.queues.clone() as Arc<dyn LocalQueue>,
            clock: Arc::new(SystemClock),
            backlog: None,
            events: None,
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let host = self.account.runtime.spawn(async move { run_real(&mut host, async { drop(stopped.await) }).await });
        until();
        drop(stop);
        self.account.runtime.block_on(host).unwrap();
    }
}

/// Returns the app settings of every instance on this account.
pub fn app_settings(account: &EmulatorAccount, secrets: &[(&str, &str)]) -> HandlerEnvironment {
    let given = [("AzureWebJobsStorage", account.connection_string()), ("RUST_LOG", "info".to_owned())];
    let secrets = secrets.iter().map(|(name, value)| (*name, (*value).to_owned()));
    given.into_iter().chain(secrets).map(|(name, value)| (name.to_owned(), value)).collect()
}
