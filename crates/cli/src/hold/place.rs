//! `archivist hold place`.

use clap::Args;
use domain::estate::BastionName;
use domain::hold::{Hold, Scope};
use domain::recording_id::RecordingId;
use jiff::Timestamp;
use pipeline::hold::{KnownHold, Placed};
use pipeline::ports::{Heading, ListRequest};
use pipeline::query::{range_begin, range_end};
use serde_json::{Value, json};

use super::said;
use super::view::{HoldView, VERSION};
use crate::output::progress::Spinner;
use crate::output::section::{facts, section};
use crate::output::{human, json};
use crate::{CliError, Exit, WorkContext};

/// What to hold, and why.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist hold place --case 2026-17 --reason 'letter of 3 March' --person ada@contoso.example
  archivist hold place --case 2026-17 --reason 'letter of 3 March' --machine vm-db-01 --from 2026-01-01 --to 2026-02-28

All that is said must be so of a recording. Where nobody knows whose recording it is, a hold by session, person or machine
covers it as well: it may be theirs. Exit code 1 where a recording that is about to go could not be given the hold for
certain; place it again then.")]
pub struct PlaceArgs {
    /// The case that it belongs to; whoever releases it names the same.
    #[arg(long, value_name = "CASE", value_parser = said)]
    pub case: String,
    /// Why, for those who ask later.
    #[arg(long, value_name = "TEXT", value_parser = said)]
    pub reason: String,
    /// What it covers.
    #[command(flatten)]
    pub scope: ScopeArgs,
    /// Write one JSON document: `{"version": 1, "hold": {...}, "known": false, "carried": 0, "not_carried": [...]}`.
    #[arg(long)]
    pub json: bool,
}

/// What a hold covers; one of these at least.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = true)]
pub struct ScopeArgs {
    /// One recording.
    #[arg(long, value_name = "ID", value_parser = RecordingId::parse)]
    pub recording: Option<RecordingId>,
    /// The recording of the session with this tunnel id.
    #[arg(long, value_name = "TUNNEL", value_parser = said)]
    pub session: Option<String>,
    /// The recordings of a person, by their e-mail address; case does not count.
    #[arg(long, value_name = "MAIL", value_parser = said)]
    pub person: Option<String>,
    /// The recordings of a machine; case does not count.
    #[arg(long, value_name = "VM", value_parser = said)]
    pub machine: Option<String>,
    /// The recordings of a bastion, by its name in the configuration.
    #[arg(long, value_name = "NAME", value_parser = said)]
    pub bastion: Option<String>,
    /// Only what went on at this time or later: a UTC date or an RFC 3339 time.
    #[arg(long, value_name = "TIME", value_parser = range_begin)]
    pub from: Option<Timestamp>,
    /// Only what began before this time; a UTC date counts to its end.
    #[arg(long, value_name = "TIME", value_parser = range_end)]
    pub to: Option<Timestamp>,
}

impl ScopeArgs {
    fn scope(&self) -> Scope {
        let Self { recording, session, person, machine, bastion, from, to } = self.clone();
        Scope { recording, session, person, machine, bastion, from, to }
    }
}

pub(super) async fn run(args: &PlaceArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let scope = args.scope.scope();
    scope.check().map_err(|error| CliError::Problems(error.to_string()))?;
    if let Some(nothing) = covers_nothing(&scope, context).await? {
        writeln!(context.err, "{nothing}; nothing was placed")?;
        return Ok(Exit::Findings);
    }
    let hold = Hold::new(&args.case, &args.reason, scope, context.by.clone(), context.now);
    let spinner = Spinner::begin(context.terminal, "placing the hold");
    let placed = context.archivist.place_hold(&hold).await;
    spinner.end();
    let placed = placed?;
    // One that was there before has its own reason and its own time.
    let known = context.archivist.list_holds().await?;
    let known = known.into_iter().find(|known| known.hold.id == placed.id && known.released.is_none());
    let known = known.unwrap_or(KnownHold { hold, released: None });
    if args.json {
        let not_carried = placed.not_carried.iter();
        let not_carried: Vec<Value> =
            not_carried.map(|(id, reason)| json!({ "id": id.to_string(), "reason": reason })).collect();
        let document = json!({
            "version": VERSION,
            "hold": HoldView::of(&known),
            "known": placed.is_known,
            "carried": placed.carried,
            "not_carried": not_carried,
        });
        json::write_line(&mut *context.out, &document)?;
    } else {
        write(&known.hold, &placed, context)?;
    }
    Ok(if placed.not_carried.is_empty() { Exit::Done } else { Exit::Findings })
}

/// What of the scope names nothing that there ever was: a slip of the pen that would protect nothing.
async fn covers_nothing(scope: &Scope, context: &WorkContext<'_>) -> Result<Option<String>, CliError> {
    if let Some(id) = scope.recording
        && context.catalogue.lives_of(id).await?.is_none_or(|loaded| loaded.lives.entry(id).is_none())
    {
        return Ok(Some(format!("the catalogue has no recording {id}")));
    }
    let Some(name) = scope.bastion.as_deref().map(BastionName::new) else {
        return Ok(None);
    };
    if context.estate.bastion(&name).is_some() {
        return Ok(None);
    }
    // One that was configured once may still have recordings.
    let request = ListRequest { under: Some(Heading::Bastion(name.clone())), below: None, from: None, limit: 1 };
    if !context.catalogue.list(&request).await?.is_empty() {
        return Ok(None);
    }
    let known: Vec<String> = context.estate.bastions.iter().map(|bastion| human::text(bastion.name.as_str())).collect();
    let name = human::text(name.as_str());
    Ok(Some(format!("no bastion {name} is configured or has recordings; configured are {}", known.join(", "))))
}

fn write(hold: &Hold, placed: &Placed, context: &mut WorkContext<'_>) -> Result<(), CliError> {
    let since = human::second(Some(domain::blob::whole_second(hold.placed_at)));
    let lines = [
        ("hold", hold.id.as_str().to_owned()),
        ("case", human::text(&hold.case)),
        ("reason", human::text(&hold.reason)),
        ("covers", human::text(&hold.scope.to_string())),
        ("placed", format!("{since} by {}", human::text(&hold.placed_by.shown()))),
        ("carried", format!("by {} that would have gone next", human::recordings(placed.carried as u64))),
    ];
    facts(context.out, &lines)?;
    let not_carried = placed.not_carried.iter().map(|(id, reason)| format!("{id}  {}", human::text(reason)));
    section(context.out, "Not carried for certain", not_carried)?;
    context.out.flush()?;
    if placed.is_known {
        writeln!(context.err, "this hold was there already")?;
    }
    if !placed.not_carried.is_empty() {
        writeln!(context.err, "place it again in a minute: the same command changes nothing that is done")?;
    }
    writeln!(context.err, "everything else that it covers carries it after the next retention sweep")?;
    Ok(())
}
