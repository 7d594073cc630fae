//! `archivist notify preview`.

use clap::Args;
use domain::record::notification::Event;

use super::{drawing, event_or_digest, no_such_channel, sample};
use crate::{CliError, Exit, WorkContext};

/// Arguments of `notify preview`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist notify preview ops
  archivist notify preview security --event recording.deleted_unexpectedly
  archivist notify preview security --json | jq .

On a terminal the message is drawn; elsewhere, and with --json, it is printed exactly as it would be sent.")]
pub struct PreviewArgs {
    /// The channel, by its name in the configuration.
    #[arg(value_name = "CHANNEL")]
    pub channel: String,
    /// The event to make a sample of.
    #[arg(long, value_name = "EVENT", default_value = "recording.ready", value_parser = event_or_digest)]
    pub event: Event,
    /// Print the exact message on a terminal too.
    #[arg(long)]
    pub json: bool,
}

pub(super) fn run(args: &PreviewArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let preview = match args.event {
        Event::ChannelDigest => {
            context.archivist.channels_shown.preview_digest(&args.channel, &sample::digest(context.now))?
        }
        event => context.archivist.channels_shown.preview(&args.channel, &sample::notification(event, context.now))?,
    };
    let Some(text) = preview else {
        return Err(no_such_channel(&args.channel, context));
    };
    match context.terminal.width.filter(|_| !args.json) {
        Some(columns) => writeln!(context.out, "{}", drawing::draw(&text, columns))?,
        None => writeln!(context.out, "{text}")?,
    }
    Ok(Exit::Done)
}
