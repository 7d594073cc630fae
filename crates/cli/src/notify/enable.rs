//! `archivist notify enable`.

use clap::Args;

use super::no_such_channel;
use crate::{CliError, Exit, WorkContext};

/// Arguments of `notify enable`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Example:
  archivist notify enable ops

`archivist replay dead-letters` sends the notifications that were given up. Exit code 1 if the channel was not disabled.")]
pub struct EnableArgs {
    /// The channel, by its name in the configuration.
    #[arg(value_name = "CHANNEL")]
    pub channel: String,
}

pub(super) async fn run(args: &EnableArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let channel = &args.channel;
    if !context.archivist.outbox.channels().any(|known| known == channel) {
        return Err(no_such_channel(channel, context));
    }
    if let Some(reason) = context.archivist.channel_states.off(channel) {
        writeln!(context.err, "{channel} is off here: {reason}; if the app has that setting, the app sends")?;
    }
    if context.archivist.channel_states.enable_channel(channel).await? {
        writeln!(context.out, "{channel} is tried again from the next notification on")?;
        writeln!(context.err, "to send the notifications that were given up: `archivist replay dead-letters`")?;
        return Ok(Exit::Done);
    }
    writeln!(context.err, "{channel} was not disabled")?;
    Ok(Exit::Findings)
}
