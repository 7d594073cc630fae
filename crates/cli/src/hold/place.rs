//! `archivist hold place`.

use clap::Args;
use domain::record::catalogue::RecordingState;
use domain::record::hold::{Hold, HoldScope};
use domain::record::recording_id::RecordingId;
use pipeline::hold::{Coverage, KnownHold, Placed};
use pipeline::query::TimeRange;
use pipeline::view::HoldView;
use serde_json::{Value, json};

use super::machine;
use super::view::VERSION;
use crate::arguments::text::not_empty;
use crate::arguments::time::range;
use crate::arguments::{IdArg, TimeArg};
use crate::output::progress::Spinner;
use crate::output::section::{facts, section};
use crate::output::{human, json};
use crate::{CliError, Exit, WorkContext};

/// Arguments of `hold place`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist hold place --case 2026-17 --reason 'letter of 3 March' --person ada@contoso.example
  archivist hold place --case 2026-17 --reason 'letter of 3 March' --machine vm-db-01 --from 2026-01-01 --to 2026-02-28

A recording must fulfil all conditions. If its session is not known, a hold by session, person or machine covers it as
well, because it may be meant. Name a person by sign-in name or mail address; a machine by name, address, network
(10.0.0.0/24) or resource id; a scale set by its name. An address covers sessions whose address is certain in the audit log;
sessions whose address is unknown are kept too.

If nothing known is covered, perhaps because of a typing error, the command asks first or needs --yes; with --json it then
places nothing, with exit code 1. Exit code 1 also if the hold could not be confirmed on a recording that is about to be
deleted; then place it again. Exit code 1 also if a covered recording was deleted before the hold was stored, or if the
recording of --recording is deleted already; the hold is placed, and the output names them.")]
pub struct PlaceArgs {
    /// The case of the hold; `hold release` takes the same name.
    #[arg(long, value_name = "CASE", value_parser = not_empty)]
    pub case: String,
    /// The reason, for later readers.
    #[arg(long, value_name = "TEXT", value_parser = not_empty)]
    pub reason: String,
    /// Scope of the hold.
    #[command(flatten)]
    pub scope: ScopeArgs,
    /// Place the hold even if it covers nothing known yet; skip the confirmation prompt.
    #[arg(long)]
    pub yes: bool,
    /// Write one JSON document: `{"version": 1, "placed": true, "hold": {...}, "known": false, "covers": {...},
    /// "did_you_mean": [...], "carried": 0, "not_carried": [...]}`; `hold` is null if nothing was placed.
    #[arg(long)]
    pub json: bool,
}

/// Scope of a hold; at least one part is required.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = true)]
pub struct ScopeArgs {
    /// One recording.
    #[arg(long, value_name = "ID", value_parser = IdArg::parse)]
    pub recording: Option<IdArg>,
    /// The recording of the session with this tunnel id.
    #[arg(long, value_name = "TUNNEL", value_parser = not_empty)]
    pub session: Option<String>,
    /// The recordings of a person, by sign-in name or mail address, ignoring case.
    #[arg(long, value_name = "MAIL", value_parser = not_empty)]
    pub person: Option<String>,
    /// The recordings of a machine or a scale set, by name, address, network or resource id, ignoring case.
    #[arg(long, value_name = "VM", value_parser = machine)]
    pub machine: Option<String>,
    /// The recordings of a bastion, by its name in the configuration. Recordings of its containers under an earlier name
    /// are kept too.
    #[arg(long, value_name = "NAME", value_parser = not_empty)]
    pub bastion: Option<String>,
    /// Only recordings in progress on this day or later: a date, a word for a day, or an RFC 3339 time.
    #[arg(long, value_name = "DATE", value_parser = TimeArg::parse)]
    pub from: Option<TimeArg>,
    /// Only recordings started until the end of this day, or before this time.
    #[arg(long, value_name = "DATE", value_parser = TimeArg::parse)]
    pub to: Option<TimeArg>,
}

impl ScopeArgs {
    async fn scope(&self, context: &WorkContext<'_>) -> Result<HoldScope, CliError> {
        let Self { session, person, machine, bastion, .. } = self.clone();
        let recording = match &self.recording {
            Some(id) => Some(id.find_to_change(context.catalogue).await?),
            None => None,
        };
        let TimeRange { from, to } = range(self.from.as_ref(), self.to.as_ref(), &context.today())?;
        Ok(HoldScope { recording, session, person, machine, bastion, from, to, ..HoldScope::default() })
    }
}

pub(super) async fn run(args: &PlaceArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let scope = args.scope.scope(context).await?;
    scope.check().map_err(|error| CliError::Problems(error.to_string()))?;
    // Deletions go on until the hold is stored. These recordings are looked up again afterwards.
    let watched = context.archivist.hold_placing.deleted_soon().await;
    let mut to_watch = watched.as_ref().cloned().unwrap_or_default();
    // With `--yes` there is no question, so nothing is counted before the hold is stored.
    if !args.yes
        && let Some(coverage) = counted(&scope, Count::UntilKnown, context).await?
    {
        if coverage.is_nothing_known() && !is_meant(args, &scope, &coverage, context).await? {
            return Ok(Exit::Findings);
        }
        to_watch.extend(coverage.recordings.first);
    }
    let hold = Hold::new(&args.case, &args.reason, scope, context.by.clone(), context.now);
    let spinner = Spinner::begin(context.terminal, "placing the hold");
    let placed = context.archivist.hold_placing.place_hold_watching(&hold, &to_watch).await;
    spinner.end();
    let placed = placed?;
    watched?;
    let coverage = counted(&hold.scope, Count::All, context).await?;
    if args.yes
        && let Some(coverage) = coverage.as_ref().filter(|coverage| coverage.is_nothing_known())
    {
        let nothing = covers_nothing(&hold.scope, coverage, context).await?;
        writeln!(context.err, "{nothing}")?;
    }
    // An existing hold keeps its own reason and time, so it is loaded again.
    let known = context.archivist.holds.list_holds().await?;
    let known = known.into_iter().find(|known| known.hold.id == placed.id && known.released.is_none());
    let known = known.unwrap_or(KnownHold { hold, released: None });
    if args.json {
        json::write_line(&mut *context.out, &document(&known, &placed, coverage))?;
    } else {
        write(&known.hold, &placed, coverage.as_ref(), context)?;
    }
    Ok(if not_confirmed(&placed).next().is_none() {
        Exit::Done
    } else {
        Exit::Findings
    })
}

/// Recordings that are not held for certain, each with the reason.
fn not_confirmed(placed: &Placed) -> impl Iterator<Item = &(RecordingId, String)> {
    placed.not_carried.iter().chain(&placed.deleted)
}

/// The JSON document of a placed hold.
fn document(known: &KnownHold, placed: &Placed, coverage: Option<Coverage>) -> Value {
    let not_carried: Vec<Value> =
        not_confirmed(placed).map(|(id, reason)| json!({ "id": id.to_string(), "reason": reason })).collect();
    json!({
        "version": VERSION,
        "placed": true,
        "hold": HoldView::from_hold(known),
        "known": placed.is_known,
        "covers": coverage.as_ref().map(covers),
        "did_you_mean": coverage.map(|coverage| coverage.alike).unwrap_or_default(),
        "carried": placed.carried,
        "not_carried": not_carried,
    })
}

/// Extent of a count.
#[derive(Clone, Copy)]
enum Count {
    UntilKnown,
    All,
}

/// Counts the covered recordings. Returns `None`, with a message, if they cannot be counted, because the hold is placed
/// all the same.
async fn counted(scope: &HoldScope, count: Count, context: &mut WorkContext<'_>) -> Result<Option<Coverage>, CliError> {
    let spinner = Spinner::begin(context.terminal, "counting the covered recordings");
    let coverage = match count {
        Count::UntilKnown => context.archivist.hold_coverage.coverage_until_known(scope).await,
        Count::All => context.archivist.hold_coverage.coverage(scope).await,
    };
    spinner.end();
    match coverage {
        Ok(coverage) => Ok(Some(coverage)),
        Err(fault) => {
            writeln!(context.err, "the covered recordings could not be counted: {}", human::text(&fault.to_string()))?;
            Ok(None)
        }
    }
}

/// Confirms a hold that covers nothing known: it may be a typing error, or meant for future recordings.
/// Returns true if the user confirms.
async fn is_meant(
    args: &PlaceArgs,
    scope: &HoldScope,
    coverage: &Coverage,
    context: &mut WorkContext<'_>,
) -> Result<bool, CliError> {
    let nothing = covers_nothing(scope, coverage, context).await?;
    if args.json {
        let document = json!({
            "version": VERSION,
            "placed": false,
            "hold": null,
            "known": false,
            "covers": covers(coverage),
            "did_you_mean": coverage.alike,
            "carried": 0,
            "not_carried": [],
        });
        json::write_line(&mut *context.out, &document)?;
        writeln!(context.err, "{nothing}; nothing was placed; --yes places it anyway")?;
        return Ok(false);
    }
    let is_meant = match &mut context.ask {
        Some(ask) => ask(&format!("{nothing}. Place it anyway?"))?,
        None => false,
    };
    if !is_meant {
        writeln!(context.err, "{nothing}; nothing was placed; --yes places it anyway")?;
    }
    Ok(is_meant)
}

/// Returns a message that nothing known is covered, with the cause and similar names if there are any.
async fn covers_nothing(scope: &HoldScope, coverage: &Coverage, context: &WorkContext<'_>) -> Result<String, CliError> {
    let mut nothing = cause(scope, coverage, context).await?;
    if !coverage.alike.is_empty() {
        let alike: Vec<String> = coverage.alike.iter().map(|name| human::text(name)).collect();
        nothing.push_str(&format!(" (did you mean {}?)", alike.join(" or ")));
    }
    Ok(nothing)
}

async fn cause(scope: &HoldScope, coverage: &Coverage, context: &WorkContext<'_>) -> Result<String, CliError> {
    if let Some(id) = scope.recording {
        let loaded = context.catalogue.lives_of(id).await?;
        let entry = loaded.as_ref().and_then(|loaded| loaded.lives.entry(id));
        return Ok(match entry {
            None => format!("the catalogue has no recording {id}"),
            Some(entry) if entry.state == RecordingState::Deleted => format!("recording {id} is deleted"),
            Some(_) => format!("recording {id} is not known to fulfil the other conditions"),
        });
    }
    let known = &context.estate.bastions;
    if let Some(name) = &scope.bastion
        && coverage.recordings.possible == 0
        && known.iter().all(|bastion| !bastion.name.as_str().eq_ignore_ascii_case(name.trim()))
    {
        let known: Vec<String> = known.iter().map(|bastion| human::text(bastion.name.as_str())).collect();
        let name = human::text(name);
        return Ok(format!("no bastion {name} is configured or has recordings; configured are {}", known.join(", ")));
    }
    let newest = if coverage.recordings.is_whole && coverage.sessions.is_whole {
        ""
    } else {
        " among the newest"
    };
    Ok(format!("no known recording or session{newest} is covered"))
}

/// Coverage as JSON.
fn covers(coverage: &Coverage) -> Value {
    let Coverage { recordings, sessions, .. } = coverage;
    let tunnels = sessions.first.iter();
    json!({
        "recordings": recordings.certain,
        "recordings_not_ruled_out": recordings.possible,
        "first_recordings": recordings.first.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "sessions": sessions.certain,
        "sessions_not_ruled_out": sessions.possible,
        "first_sessions": tunnels
            .map(|id| json!({ "bastion": id.bastion.as_str(), "tunnel_id": id.tunnel.as_str() }))
            .collect::<Vec<_>>(),
        "whole": recordings.is_whole && sessions.is_whole,
    })
}

/// Coverage in words.
fn covers_in_words(coverage: &Coverage) -> String {
    let Coverage { recordings, sessions, .. } = coverage;
    let of = |whole: bool| if whole { "" } else { "at least " };
    let counted = if sessions.certain == 1 {
        "1 session".to_owned()
    } else {
        format!("{} sessions", sessions.certain)
    };
    let others = match recordings.possible {
        0 => String::new(),
        possible => format!("; {possible} more that cannot be ruled out are held as well"),
    };
    let (certain, whole) = (human::recordings(recordings.certain), of(recordings.is_whole));
    format!("{whole}{certain} and {}{counted}{others}", of(sessions.is_whole))
}

fn write(
    hold: &Hold,
    placed: &Placed,
    coverage: Option<&Coverage>,
    context: &mut WorkContext<'_>,
) -> Result<(), CliError> {
    let since = human::second(Some(domain::record::blob::whole_second(hold.placed_at)));
    let lines = [
        ("hold", hold.id.as_str().to_owned()),
        ("case", human::text(&hold.case)),
        ("reason", human::text(&hold.reason)),
        ("covers", human::text(&hold.scope.to_string())),
        ("placed", format!("{since} by {}", human::text(&hold.placed_by.shown()))),
        ("now", coverage.map_or_else(|| "not counted".to_owned(), covers_in_words)),
        ("carried", format!("by {} that would have been deleted next", human::recordings(placed.carried as u64))),
    ];
    facts(context.out, &lines)?;
    let first = coverage.into_iter().flat_map(|coverage| &coverage.recordings.first);
    section(context.out, "First of them", first.map(ToString::to_string))?;
    let not_carried = not_confirmed(placed).map(|(id, reason)| format!("{id}  {}", human::text(reason)));
    section(context.out, "Not confirmed", not_carried)?;
    context.out.flush()?;
    if placed.is_known {
        writeln!(context.err, "this hold exists already")?;
    }
    if !placed.not_carried.is_empty() {
        writeln!(context.err, "repeat the command in a minute; it changes nothing that is done")?;
    }
    if !placed.deleted.is_empty() {
        let deleted = human::recordings(placed.deleted.len() as u64);
        writeln!(
            context.err,
            "{deleted} deleted before the hold; restore the blob if storage still keeps it (soft delete), the hold then covers it"
        )?;
    }
    writeln!(
        context.err,
        "it applies to everything that it covers from now on; the tags follow with the next retention sweep"
    )?;
    Ok(())
}
