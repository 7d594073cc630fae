//! `archivist notify`: what channels are sent, which way an event takes, and a channel brought back.

mod enable;
mod preview;
mod route;
mod sample;
mod test;

use clap::Subcommand;
use domain::notification::Event;

use crate::{CliError, Exit, WorkContext};

pub use enable::EnableArgs;
pub use preview::PreviewArgs;
pub use route::RouteArgs;
pub use test::TestChannelArgs;

/// What to do with notifications.
#[derive(Debug, Clone, Subcommand)]
pub enum NotifyCommand {
    /// Print exactly what a channel would be sent of a sample event.
    Preview(PreviewArgs),
    /// Send a sample event to a channel, once and now, and say how it answered.
    Test(TestChannelArgs),
    /// Say which routes an event takes, and why.
    Route(RouteArgs),
    /// Have a channel tried again that was disabled.
    Enable(EnableArgs),
}

impl NotifyCommand {
    /// Whether it works with the configuration alone.
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

/// An event that has a sample of its own; a digest is made of others.
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

/// A problem that names the channels there are.
fn no_such_channel(name: &str, context: &WorkContext<'_>) -> CliError {
    let known: Vec<&str> = context.archivist.channels().collect();
    let known = match known.as_slice() {
        [] => "none is configured; add one under notifications.channels".to_owned(),
        known => format!("there are {}", known.join(", ")),
    };
    CliError::Problems(format!("no channel is called {}: {known}", crate::output::human::text(name)))
}
