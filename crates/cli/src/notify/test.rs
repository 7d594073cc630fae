//! `archivist notify test`.

use clap::Args;
use domain::record::delivery::ChannelAnswer;
use domain::record::notification::Event;

use serde_json::json;

use super::{event, no_such_channel, sample};
use crate::output::json;
use crate::{CliError, Exit, WorkContext};

/// Arguments of `notify test`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist notify test ops
  archivist notify test siem --event channel.disabled

Exit code 1 if the channel is off, refused the message or is gone; 3 if it cannot be reached or failed. The command does
not retry, and stores nothing.")]
pub struct TestChannelArgs {
    /// The channel, by its name in the configuration.
    #[arg(value_name = "CHANNEL")]
    pub channel: String,
    /// The event to send a sample of.
    #[arg(long, value_name = "EVENT", default_value = "recording.ready", value_parser = event)]
    pub event: Event,
    /// Write one JSON document: `{"version": 1, "channel": "ops", "event": "recording.ready", "outcome": "accepted",
    /// "reason": null}`; the outcome is `accepted`, `try_later`, `refused`, `gone` or `off`.
    #[arg(long)]
    pub json: bool,
}

pub(super) async fn run(args: &TestChannelArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let channel = &args.channel;
    if let Some(reason) = context.archivist.channel_states.off(channel) {
        let (reason, line) = (reason.to_owned(), format!("{channel} is off: {reason}; nothing was sent"));
        write_result(args, context, "off", Some(&reason), &line)?;
        return Ok(Exit::Findings);
    }
    let sample = sample::notification(args.event, context.now);
    let Some(answer) = context.archivist.channels_shown.try_channel(channel, &sample).await? else {
        return Err(no_such_channel(channel, context));
    };
    let exit = match answer {
        ChannelAnswer::Accepted => Exit::Done,
        ChannelAnswer::TryLater { .. } => Exit::OutsideFailed,
        ChannelAnswer::Refused { .. } | ChannelAnswer::Gone { .. } => Exit::Findings,
    };
    match answer {
        ChannelAnswer::Accepted => {
            let line = format!("{channel} accepted the sample of {}", args.event.name());
            write_result(args, context, "accepted", None, &line)
        }
        ChannelAnswer::TryLater { reason, .. } => {
            let line = format!("{channel} did not accept it now: {reason}; the archivist would retry");
            write_result(args, context, "try_later", Some(&reason), &line)
        }
        ChannelAnswer::Refused { reason } => {
            let line = format!("{channel} refused it: {reason}; the archivist would give up");
            write_result(args, context, "refused", Some(&reason), &line)
        }
        ChannelAnswer::Gone { reason } => {
            let line = format!("{channel} is gone: {reason}; the archivist would disable it");
            write_result(args, context, "gone", Some(&reason), &line)
        }
    }?;
    Ok(exit)
}

/// Writes the outcome, as a line or as a document. Only an accepted message has no reason.
fn write_result(
    args: &TestChannelArgs,
    context: &mut WorkContext<'_>,
    outcome: &str,
    reason: Option<&str>,
    line: &str,
) -> Result<(), CliError> {
    if args.json {
        let (channel, event) = (&args.channel, args.event.name());
        let document =
            json!({ "version": 1, "channel": channel, "event": event, "outcome": outcome, "reason": reason });
        json::write_line(&mut *context.out, &document)?;
    } else {
        writeln!(context.out, "{line}")?;
    }
    Ok(())
}
