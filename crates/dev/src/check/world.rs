//! World of a check: an account, an app with its handler and host, a bastion that records, and a webhook receiver.

use std::convert::Infallible;
use std::future::pending;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use adapters_azure::{AzureQueues, Patience, StorageAccess, TableCatalogue, TableSessions, TableStore, TokenScope};
use adapters_local::SystemClock;
use azurite::{Account, Azurite};
use domain::address::BlobName;
use host_stand_in::sample::ChangeKind;
use host_stand_in::{AdminServer, AppFolder, HandlerProcess, Host, LocalQueue, Setup, run_real};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Clock, QueueName};
use tempfile::TempDir;

use super::day::{DayAction, DayScript, shortened};
use super::kills;
use super::outcome::WorldOutcome;
use super::receiver::CheckReceiver;
use crate::day::{SHORTENED, pause};
use crate::error::DevError;
use crate::storage::DevStorage;
use crate::{Args, account, app, http};

/// Maximum time until the host receives an order or a message.
const TO_BE_TAKEN: SignedDuration = SignedDuration::from_secs(8);

/// World before its run.
pub struct PreparedWorld {
    pub(super) name: &'static str,
    pub(super) account: Account,
    pub(super) queues: Arc<AzureQueues>,
    pub(super) catalogue: TableCatalogue,
    pub(super) sessions: TableSessions,
    pub(super) storage: DevStorage,
    pub(super) receiver: CheckReceiver,
    pub(super) folder: TempDir,
}

impl PreparedWorld {
    /// Creates the resources of a world.
    pub async fn make(args: &Args, emulator: &Azurite, name: &'static str) -> Result<Self, DevError> {
        let account = emulator.account().map_err(DevError::needed)?;
        let queues = Arc::new(account::queues(&account).await?);
        let storage = DevStorage::new(&account, queues.clone()).await?;
        let receiver = CheckReceiver::start().await.map_err(DevError::needed)?;
        let folder = app::copied(&args.app, &app::configuration_of_check(&account, &receiver.url()))?;
        app::hurry(folder.path())?;
        let access = StorageAccess::emulator(&account.name, &account.key, Arc::new(SystemClock), Patience::default())
            .map_err(DevError::needed)?;
        let tables = account.table_url.parse().map_err(|_| DevError::Unusable(vec!["no table endpoint".to_owned()]))?;
        let tables = TableStore::new(&access, &tables, TokenScope::Storage).map_err(DevError::needed)?;
        let (catalogue, sessions) = (TableCatalogue::new(&tables), TableSessions::new(&tables));
        Ok(Self { name, account, queues, catalogue, sessions, storage, receiver, folder })
    }

    /// Plays the day and waits until no work remains.
    pub async fn live(mut self, script: &DayScript, is_killed: bool) -> Result<WorldOutcome, DevError> {
        let app_settings = app::settings(&self.account);
        let app = AppFolder::open(self.folder.path(), &app_settings).map_err(DevError::needed)?;
        if !app.unusable.is_empty() {
            return Err(DevError::Unusable(app.unusable.iter().map(ToString::to_string).collect()));
        }
        let functions = app.functions.iter().map(|function| function.name.clone()).collect();
        let process = HandlerProcess::new(app.start, Arc::new(SystemClock), Arc::new(|_, _| {}));
        let killer = process.killer();
        let mut host = Host::new(Setup {
            settings: app.settings,
            functions: app.functions,
            handler: process.place(),
            queue: self.queues.clone() as Arc<dyn LocalQueue>,
            clock: Arc::new(SystemClock),
            backlog: None,
            events: None,
        });
        let calls = host.calls();
        let server = AdminServer::bind(0, &host).await.map_err(DevError::needed)?;
        let port = server.address().map_err(DevError::needed)?.port();
        let story = async {
            self.play(script).await?;
            let over = SystemClock.now();
            let mut left = self.rest(script).await?;
            // The posture check runs before the message is spoiled, because it would report the message.
            self.ask((Ipv4Addr::LOCALHOST, port).into()).await?;
            if left.is_empty() {
                self.spoil().await?;
                pause(TO_BE_TAKEN).await;
                left = self.rest(script).await?;
            }
            Ok::<_, DevError>((SystemClock.now().duration_since(over), left))
        };
        let kills = async {
            if is_killed {
                kills::kill(calls.clone(), killer.clone()).await;
            }
            pending::<Infallible>().await
        };
        let (rested_after, left) = tokio::select! {
            told = story => told?,
            Err(given_up) = process.run(pending()) => return Err(DevError::needed(given_up)),
            () = run_real(&mut host, pending()) => (SignedDuration::ZERO, vec!["all: the host has ended".to_owned()]),
            never = server.serve() => match never {},
            never = kills => match never {},
        };
        let entries = self.entries().await?;
        Ok(WorldOutcome {
            world: self.name,
            kills: killer.kills(),
            counted: calls.counted(),
            functions,
            accepted: self.receiver.accepted(),
            lives: entries.len(),
            found: self.found(&entries).await?,
            rested_after: rested_after.unsigned_abs(),
            left,
        })
    }
}

impl PreparedWorld {
    /// Performs all scenes at their time, with a change of the bastion and an unreadable message.
    async fn play(&mut self, script: &DayScript) -> Result<(), DevError> {
        let began = SystemClock.now();
        self.storage.change_bastion().await?;
        for (at, scene) in &script.scenes {
            let at = began + *at / SHORTENED;
            pause(at.duration_since(SystemClock.now())).await;
            match scene {
                DayAction::Recording(action) => match action.deed {
                    ChangeKind::Write { size } => {
                        self.storage.write(&action.name, size, action.event_delay / SHORTENED).await?;
                    }
                    ChangeKind::Delete => self.storage.delete(&action.name).await?,
                },
                DayAction::Lines(log, lines) => {
                    let lines = lines.iter().map(|line| format!("{}\n", shortened(line.clone(), began)));
                    self.storage.append(&log_of(log, began)?, &lines.collect::<String>()).await?;
                }
            }
        }
        Ok(())
    }

    /// Puts a message that is not encoded as the host expects into a queue, so that it becomes poison. Runs after the
    /// last kill, because a sweep that is killed with the message hides it for minutes.
    async fn spoil(&self) -> Result<(), DevError> {
        let url = &self.account.queue_url;
        let unlike = || DevError::Unusable(vec![format!("{url} is not an endpoint of an emulator")]);
        let (server, account) = url.trim_start_matches("http://").split_once('/').ok_or_else(unlike)?;
        let server = server.parse().map_err(|_| unlike())?;
        let path = format!("/{account}/{}/messages?{}", QueueName::RecordingEvents.as_str(), self.account.signature());
        let message = "<QueueMessage><MessageText>not encoded</MessageText></QueueMessage>";
        match http::ask(server, "POST", &path, message).await.map_err(DevError::needed)? {
            201 => Ok(()),
            status => Err(DevError::Unusable(vec![format!("a message was answered with {status}")])),
        }
    }

    /// Calls the HTTP functions, and fires the daily functions by hand.
    async fn ask(&self, host: SocketAddr) -> Result<(), DevError> {
        for (method, path, body) in
            [("GET", "/api/v1/recordings", ""), ("GET", "/ui/", ""), ("POST", "/admin/functions/posture_check", "{}")]
        {
            http::ask(host, method, path, body).await.map_err(DevError::needed)?;
        }
        pause(TO_BE_TAKEN).await;
        Ok(())
    }
}

/// Maps a log of the day to one of three: that of the current hour and of the two before it.
fn log_of(log: &BlobName, began: Timestamp) -> Result<BlobName, DevError> {
    let unlike = || DevError::Unusable(vec![format!("{log:?} is not an audit log")]);
    let (base, day) = log.as_str().split_once("/y=").ok_or_else(unlike)?;
    let hour: i64 = day.get(17..19).and_then(|hour| hour.parse().ok()).ok_or_else(unlike)?;
    let at = began - SignedDuration::from_hours(hour % 3);
    let name = at.to_zoned(TimeZone::UTC).strftime("y=%Y/m=%m/d=%d/h=%H/m=00/PT1H.json");
    BlobName::parse(&format!("{base}/{name}")).map_err(DevError::needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_of_the_day_belongs_to_the_last_three_hours() {
        let log = BlobName::parse("resourceId=/B/y=2026/m=03/d=02/h=08/m=00/PT1H.json").unwrap();
        let log = log_of(&log, "2026-11-22T05:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(log.as_str(), "resourceId=/B/y=2026/m=11/d=22/h=03/m=00/PT1H.json");
    }
}
