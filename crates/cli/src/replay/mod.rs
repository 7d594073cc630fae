//! `archivist replay`: processes failed input and notifications again.

mod args;
mod view;

use std::path::Path;

use clap::Subcommand;
use pipeline::replay::{Replay, ReplayItem, Replayed};

use crate::output::json;
use crate::output::progress::Spinner;
use crate::{CliError, Exit, WorkContext};

pub use args::{DeadLettersArgs, ReplayArgs};

/// Number of items per progress line, if no bar can be drawn.
const ITEMS_PER_LINE: usize = 1_000;

/// Subcommands of `replay`.
#[derive(Debug, Clone, Subcommand)]
pub enum ReplayCommand {
    /// Replay events not delivered by Event Grid, and notifications given up.
    ///
    /// Events are processed like new ones, in either event schema. A file is removed when every event in it
    /// was taken. A notification is attempted again at the channels that gave it up, with the same id and
    /// body.
    DeadLetters(DeadLettersArgs),
    /// Replay messages given up by the host: in the poison queues, and already moved to quarantine.
    Poison(ReplayArgs),
    /// Replay everything in quarantine. Input that still cannot be read stays.
    Quarantine(ReplayArgs),
}

impl ReplayCommand {
    pub(crate) fn dead_letters_from(&self) -> Option<&Path> {
        match self {
            Self::DeadLetters(args) => args.from.as_deref(),
            Self::Poison(_) | Self::Quarantine(_) => None,
        }
    }

    fn args(&self) -> &ReplayArgs {
        match self {
            Self::DeadLetters(args) => &args.replay,
            Self::Poison(args) | Self::Quarantine(args) => args,
        }
    }

    /// Returns the subcommand's name, for the hint after a dry run.
    fn name(&self) -> &'static str {
        match self {
            Self::DeadLetters(_) => "dead-letters",
            Self::Poison(_) => "poison",
            Self::Quarantine(_) => "quarantine",
        }
    }
}

pub(crate) async fn run(command: &ReplayCommand, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let args = command.args();
    let replayed = replay(command, context).await?;
    if args.json {
        json::write_line(&mut *context.out, &view::document(&replayed, args.apply))?;
    } else if !replayed.items.is_empty() {
        writeln!(context.out, "{}", view::table_of(&replayed, context.terminal, &context.zone))?;
        context.out.flush()?;
    }
    view::write_notes(context.err, &replayed, args.apply, command.name())?;
    Ok(view::exit(&replayed, args.apply))
}

async fn replay(command: &ReplayCommand, context: &mut WorkContext<'_>) -> Result<Replayed, CliError> {
    let args = command.args();
    let wanted = args.wanted(&context.today())?;
    let spinner = Spinner::begin(context.terminal, if args.apply { "replaying" } else { "looking" });
    let (err, is_shown) = (&mut *context.err, context.terminal.progress);
    let mut count = 0_usize;
    let mut watch = |_: &ReplayItem| {
        count += 1;
        spinner.count(count);
        if !is_shown && count.is_multiple_of(ITEMS_PER_LINE) {
            // Progress lines are optional: a closed standard error does not stop the replay.
            let _ = writeln!(err, "{count} so far");
        }
    };
    let mut replay = Replay::dry(&context.archivist.replay, context.intake, &wanted, &mut watch);
    if args.apply {
        replay = replay.applied();
    }
    let ran = match command {
        ReplayCommand::Poison(_) => replay.poison().await,
        ReplayCommand::Quarantine(_) => replay.quarantine().await,
        ReplayCommand::DeadLetters(args) => match replay.dead_letters(context.dead_letters).await {
            Ok(()) if args.from.is_none() => replay.given_up().await,
            ran => ran,
        },
    };
    let replayed = replay.end();
    spinner.end();
    match ran {
        // Items done before the fault are reported.
        Err(fault) if !replayed.items.is_empty() => {
            Ok(Replayed { has_more: true, broken_off: Some(fault.to_string()), ..replayed })
        }
        Err(fault) => Err(fault.into()),
        Ok(()) => Ok(replayed),
    }
}
