//! `archivist replay`: what could not be processed is put back.

mod args;
mod view;

use std::path::Path;

use clap::Subcommand;
use pipeline::replay::{Item, Replay, Replayed};

use crate::output::json;
use crate::output::progress::Spinner;
use crate::{CliError, Exit, WorkContext};

pub use args::{DeadLettersArgs, ReplayArgs};

/// How many items there are between two lines where no bar can be drawn.
const ITEMS_PER_LINE: usize = 1_000;

/// What to put back.
#[derive(Debug, Clone, Subcommand)]
pub enum ReplayCommand {
    /// Events that Event Grid could not deliver, and notifications that were given up.
    ///
    /// Events are taken as if they had just come, in either event schema. A file goes when every event in it was taken. A
    /// notification gets a first attempt once more, at the channels that gave it up, with the id and the body it had.
    DeadLetters(DeadLettersArgs),
    /// What the host gave up: messages in the poison queues, and those that are in quarantine by now.
    Poison(ReplayArgs),
    /// What is in quarantine, whoever put it there. What cannot be read this time either stays.
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

    /// The command that puts back what a dry run has shown.
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
        writeln!(context.out, "{}", view::table_of(&replayed, context.terminal))?;
        context.out.flush()?;
    }
    view::write_notes(context.err, &replayed, args.apply, command.name())?;
    Ok(view::exit(&replayed, args.apply))
}

async fn replay(command: &ReplayCommand, context: &mut WorkContext<'_>) -> Result<Replayed, CliError> {
    let args = command.args();
    let wanted = args.wanted();
    let spinner = Spinner::begin(context.terminal, if args.apply { "replaying" } else { "looking" });
    let (err, is_shown) = (&mut *context.err, context.terminal.progress);
    let mut count = 0_usize;
    let mut watch = |_: &Item| {
        count += 1;
        spinner.count(count);
        if !is_shown && count.is_multiple_of(ITEMS_PER_LINE) {
            // Whoever does not hear of it misses nothing but the wait.
            let _ = writeln!(err, "{count} so far");
        }
    };
    let mut replay = Replay::dry(context.archivist, context.intake, &wanted, &mut watch);
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
        // What was done must be told, whatever came then.
        Err(fault) if !replayed.items.is_empty() => {
            Ok(Replayed { has_more: true, broken_off: Some(fault.to_string()), ..replayed })
        }
        Err(fault) => Err(fault.into()),
        Ok(()) => Ok(replayed),
    }
}
