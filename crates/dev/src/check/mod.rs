//! Crash test: the same day, played undisturbed and with ten kills in parallel, must have the same result.

mod day;
mod difference;
mod found;
mod kills;
mod outcome;
mod receiver;
mod world;

use std::process::ExitCode;

use azurite::Azurite;

use crate::error::DevError;
use crate::{Args, say};

use day::DayScript;
use outcome::WorldOutcome;
use world::PreparedWorld;

/// Plays both worlds and prints the problems. Returns 0 if there are none.
pub async fn run(args: &Args) -> Result<ExitCode, DevError> {
    let emulator = Azurite::start().map_err(DevError::needed)?;
    let script = DayScript::new(args.recordings.into()).map_err(DevError::needed)?;
    say(&format!("{} recordings, once undisturbed and once with {} kills", script.lives, kills::KILLS));
    let [calm, killed] = [
        PreparedWorld::make(args, &emulator, "undisturbed").await?,
        PreparedWorld::make(args, &emulator, "killed").await?,
    ];
    let (calm, killed) = tokio::try_join!(calm.live(&script, false), killed.live(&script, true))?;
    let mut problems = calm.problems(&script, 0);
    problems.extend(killed.problems(&script, kills::KILLS));
    problems.extend(difference::between(&calm.found, &killed.found));
    show(&calm);
    show(&killed);
    calm.found.iter().for_each(|(name, is)| tracing::debug!("{name}: {is}"));
    problems.iter().for_each(|problem| say(problem));
    Ok(if problems.is_empty() {
        say("The same catalogue, tags, sessions and notifications with and without kills; no work is left.");
        ExitCode::SUCCESS
    } else {
        say(&format!("{} problems", problems.len()));
        ExitCode::FAILURE
    })
}

/// Prints the numbers of a world.
fn show(outcome: &WorldOutcome) {
    say(&format!(
        "\n{}: {} kills, {} things found, at rest {:.0} s after the day",
        outcome.world,
        outcome.kills,
        outcome.found.len(),
        outcome.rested_after.as_secs_f64(),
    ));
    say("      ok  failed  function");
    for (function, ended) in &outcome.counted.functions {
        say(&format!("{:8}{:8}  {function}", ended.well, ended.badly));
    }
    let (ids, times): (usize, u64) = (outcome.accepted.len(), outcome.accepted.values().map(|one| one.times).sum());
    say(&format!("{ids:8} notifications, accepted {times} times\n"));
}
