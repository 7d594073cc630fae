//! `archivist notify enable`.

use clap::Args;
use serde_json::json;

use super::no_such_channel;
use crate::output::json;
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
    /// Write one JSON document: `{"version": 1, "channel": "ops", "enabled": true, "off": null}`; `enabled` is false if
    /// the channel was not disabled.
    #[arg(long)]
    pub json: bool,
}

pub(super) async fn run(args: &EnableArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let channel = &args.channel;
    if !context.archivist.outbox.channels().any(|known| known == channel) {
        return Err(no_such_channel(channel, context));
    }
    let off = context.archivist.channel_states.off(channel).map(ToString::to_string);
    if let Some(reason) = &off {
        writeln!(context.err, "{channel} is off here: {reason}; if the app has that setting, the app sends")?;
    }
    let is_enabled = context.archivist.channel_states.enable_channel(channel).await?;
    if args.json {
        let document = json!({ "version": 1, "channel": channel, "enabled": is_enabled, "off": off });
        json::write_line(&mut *context.out, &document)?;
    }
    if is_enabled {
        if !args.json {
            writeln!(context.out, "{channel} is tried again from the next notification on")?;
        }
        writeln!(context.err, "to send the notifications that were given up: `archivist replay dead-letters`")?;
        return Ok(Exit::Done);
    }
    writeln!(context.err, "{channel} was not disabled")?;
    Ok(Exit::Findings)
}
