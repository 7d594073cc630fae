//! `archivist review mark`.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use domain::decide::catalogue::{ReviewRefusal, ReviewSubmission};
use domain::record::recording_id::RecordingId;
use domain::record::review::ReviewOutcome;
use pipeline::recording_review::{Marked, NotMarked};
use pipeline::view::DetailView;
use serde_json::json;

use crate::arguments::IdArg;
use crate::arguments::text::at_most;
use crate::output::{human, json};
use crate::{CliError, Exit, WorkContext};

/// Longest ticket and note, in characters. Limited because entry and ledger store them.
const LONGEST_TICKET: usize = 100;
const LONGEST_NOTE: usize = 500;

/// Arguments of `review mark`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist review mark rec_01kjpyph1yv56czgxgxa6hk7hq --outcome ok
  archivist review mark rec_01kjpyph1yv56czgxgxa6hk7hq --outcome finding --ticket INC-4711 --note 'copied a table'

The review is stored with your name, as you are signed in to the catalogue; on a local catalogue the name of this machine's
user is stored as not verified. The ledger has every review; the last one counts. Repeating the last review changes nothing. A
rule for the retention can use `review.outcome`. Nobody reviews their own session: a review by the person of the recording, or of
a candidate, is refused. Exit code 1 if the recording is not known, not final or not stored any more, or if it may be your
own session.")]
pub struct MarkArgs {
    /// The recording's id, whole or short, as lists show it.
    #[arg(value_name = "ID", value_parser = IdArg::parse)]
    pub id: IdArg,
    /// The outcome: ok, or finding if something needs a follow-up.
    #[arg(long, value_name = "OUTCOME", value_parser = outcome_parser())]
    pub outcome: ReviewOutcome,
    /// The ticket with the follow-up.
    #[arg(long, value_name = "TICKET", value_parser = |text: &str| at_most(text, LONGEST_TICKET))]
    pub ticket: Option<String>,
    /// A note for later readers. The ledger stores it for ever.
    #[arg(long, value_name = "TEXT", value_parser = |text: &str| at_most(text, LONGEST_NOTE))]
    pub note: Option<String>,
    /// Write one JSON document: `{"version": 1, "id": "...", "changed": true, "verified": true, "recording": {...},
    /// "refused": null}`.
    #[arg(long)]
    pub json: bool,
}

pub(super) async fn run(args: &MarkArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let id = args.id.find_to_change(context.catalogue).await?;
    let submitted = ReviewSubmission {
        outcome: args.outcome,
        by: context.by.clone(),
        ticket: args.ticket.clone(),
        note: args.note.clone(),
    };
    let marked = context.archivist.reviews.mark(id, &submitted).await?;
    let refused = marked.as_ref().err().map(|refused| in_words(*refused, id, &submitted));
    if args.json {
        let marked = marked.as_ref().ok();
        let document = json!({
            "version": 1,
            "id": id.to_string(),
            "changed": marked.is_some_and(|it| it.is_changed),
            "verified": submitted.by.is_verified,
            "recording": marked.map(|it| DetailView::from_entry(&it.entry, context.estate, context.now)),
            "refused": refused,
        });
        json::write_line(&mut *context.out, &document)?;
    } else if let Ok(marked) = &marked {
        write(id, marked, &submitted, context)?;
    }
    context.end(refused)
}

fn in_words(refused: NotMarked, id: RecordingId, submitted: &ReviewSubmission) -> String {
    match refused {
        NotMarked::UnknownRecording => format!("the catalogue has no recording {id}"),
        NotMarked::Refused(ReviewRefusal::NotFinal) => {
            format!("{id} is not final: it may still be written; review it once it is final")
        }
        NotMarked::Refused(ReviewRefusal::NotThere(state)) => {
            format!("{id} is not stored any more: it is {}", state.name())
        }
        NotMarked::Refused(ReviewRefusal::OwnSession) => {
            let name = human::text(&submitted.by.name);
            format!("{id} shows, or may show, a session of {name}: another person must review it")
        }
    }
}

fn write(
    id: RecordingId,
    marked: &Marked,
    submitted: &ReviewSubmission,
    context: &mut WorkContext<'_>,
) -> Result<(), CliError> {
    let (outcome, by) = (submitted.outcome.name(), human::text(&submitted.by.name));
    let verified = if submitted.by.is_verified { "" } else { " (not verified)" };
    writeln!(context.out, "{id}  reviewed: {outcome}, by {by}{verified}")?;
    context.out.flush()?;
    if !marked.is_changed {
        writeln!(context.err, "the same review was stored already")?;
    }
    if let Some(retention) = &marked.entry.custody.retention
        && marked.is_changed
    {
        let until = retention.delete_after.map_or_else(|| "for ever".to_owned(), |date| format!("until {date}"));
        writeln!(context.err, "it is kept {until}, in class {}", human::text(&retention.class))?;
    }
    Ok(())
}

fn outcome_parser() -> impl TypedValueParser<Value = ReviewOutcome> {
    let names = ReviewOutcome::ALL.map(ReviewOutcome::name);
    PossibleValuesParser::new(names).try_map(|name| ReviewOutcome::parse(&name).ok_or("it is not an outcome"))
}
