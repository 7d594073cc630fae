//! `archivist notify preview`.

use clap::Args;
use domain::notification::Event;

use super::{event_or_digest, no_such_channel, sample};
use crate::{CliError, Exit, WorkContext};

/// Arguments of `notify preview`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist notify preview ops
  archivist notify preview security --event recording.deleted_unexpectedly")]
pub struct PreviewArgs {
    /// The channel, by its name in the configuration.
    #[arg(value_name = "CHANNEL")]
    pub channel: String,
    /// The event to make a sample of.
    #[arg(long, value_name = "EVENT", default_value = "recording.ready", value_parser = event_or_digest)]
    pub event: Event,
}

pub(super) fn run(args: &PreviewArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let told = match args.event {
        Event::ChannelDigest => {
            context.archivist.channels_shown.preview_digest(&args.channel, &sample::digest(context.now))?
        }
        event => context.archivist.channels_shown.preview(&args.channel, &sample::of(event, context.now))?,
    };
    let Some(text) = told else {
        return Err(no_such_channel(&args.channel, context));
    };
    writeln!(context.out, "{text}")?;
    Ok(Exit::Done)
}
