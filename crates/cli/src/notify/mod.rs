//! `archivist notify`: previews, tests and routes notifications, and enables channels.

mod drawing;
mod enable;
mod preview;
mod route;
mod sample;
mod test;

use clap::Subcommand;
use domain::record::notification::Event;

use crate::{CliError, Exit, WorkContext};

pub use enable::EnableArgs;
pub use preview::PreviewArgs;
pub use route::RouteArgs;
pub use test::TestChannelArgs;

/// Subcommands of `notify`.
#[derive(Debug, Clone, Subcommand)]
pub enum NotifyCommand {
    /// Print the exact message that a channel gets for a sample event.
    Preview(PreviewArgs),
    /// Send a sample event to a channel once, and print its answer.
    Test(TestChannelArgs),
    /// Show which routes an event takes, and why.
    Route(RouteArgs),
    /// Enable a disabled channel again.
    Enable(EnableArgs),
}

impl NotifyCommand {
    /// Returns true if the command needs the configuration only.
    pub(crate) fn keeps_nothing(&self) -> bool {
        match self {
            Self::Preview(_) | Self::Test(_) => true,
            Self::Route(args) => args.id.is_none(),
            Self::Enable(_) => false,
        }
    }
}

pub(crate) async fn run(command: &NotifyCommand, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    match command {
        NotifyCommand::Preview(args) => preview::run(args, context),
        NotifyCommand::Test(args) => test::run(args, context).await,
        NotifyCommand::Route(args) => route::run(args, context).await,
        NotifyCommand::Enable(args) => enable::run(args, context).await,
    }
}

/// Parses an event with its own sample. A digest has none, since it is made of other events.
fn event(name: &str) -> Result<Event, String> {
    one_of(Event::ALL.into_iter().filter(|event| *event != Event::ChannelDigest), name)
}

fn event_or_digest(name: &str) -> Result<Event, String> {
    one_of(Event::ALL.into_iter(), name)
}

fn one_of(known: impl Iterator<Item = Event> + Clone, name: &str) -> Result<Event, String> {
    let found = known.clone().find(|event| event.name() == name);
    found.ok_or_else(|| format!("write one of {}", known.map(Event::name).collect::<Vec<_>>().join(", ")))
}

/// Returns an error that lists the configured channels.
fn no_such_channel(name: &str, context: &WorkContext<'_>) -> CliError {
    let known: Vec<&str> = context.archivist.outbox.channels().collect();
    let known = match known.as_slice() {
        [] => "none is configured; add one under notifications.channels".to_owned(),
        known => format!("configured are {}", known.join(", ")),
    };
    CliError::Problems(format!("no channel is called {}: {known}", crate::output::human::text(name)))
}
