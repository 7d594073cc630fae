//! `archivist notify test`.

use clap::Args;
use domain::record::delivery::ChannelAnswer;
use domain::record::notification::Event;

use super::{event, no_such_channel, sample};
use crate::{CliError, Exit, WorkContext};

/// Arguments of `notify test`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist notify test ops
  archivist notify test siem --event channel.disabled

Exit code 1 if the channel did not accept it. The command does not retry, and stores nothing.")]
pub struct TestChannelArgs {
    /// The channel, by its name in the configuration.
    #[arg(value_name = "CHANNEL")]
    pub channel: String,
    /// The event to send a sample of.
    #[arg(long, value_name = "EVENT", default_value = "recording.ready", value_parser = event)]
    pub event: Event,
}

pub(super) async fn run(args: &TestChannelArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    if let Some(reason) = context.archivist.channel_states.off(&args.channel) {
        writeln!(context.out, "{} is off: {reason}; nothing was sent", args.channel)?;
        return Ok(Exit::Findings);
    }
    let sample = sample::of(args.event, context.now);
    let Some(answer) = context.archivist.channels_shown.try_channel(&args.channel, &sample).await? else {
        return Err(no_such_channel(&args.channel, context));
    };
    let channel = &args.channel;
    match answer {
        ChannelAnswer::Accepted => {
            writeln!(context.out, "{channel} accepted the sample of {}", args.event.name())?;
            Ok(Exit::Done)
        }
        ChannelAnswer::TryLater { reason, .. } => {
            writeln!(context.out, "{channel} did not accept it now: {reason}; the archivist would retry")?;
            Ok(Exit::Findings)
        }
        ChannelAnswer::Refused { reason } => {
            writeln!(context.out, "{channel} refused it: {reason}; the archivist would give up")?;
            Ok(Exit::Findings)
        }
        ChannelAnswer::Gone { reason } => {
            writeln!(context.out, "{channel} is gone: {reason}; the archivist would disable it")?;
            Ok(Exit::Findings)
        }
    }
}
