//! Selection of the recordings of an export.

use evidence::Selected;
use pipeline::evidence::{EvidenceSelection, SelectedRecordings};

use super::ExportEvidenceArgs;
use crate::recordings::{Filters, checked};
use crate::{CliError, CommandContext};

/// Returns the selection of the options.
///
/// # Errors
/// Nothing is selected, options exclude each other, or a filter is wrong.
pub async fn selection(args: &ExportEvidenceArgs, context: &CommandContext<'_>) -> Result<EvidenceSelection, CliError> {
    let filters = described(&args.filters);
    let one = |option: &str, value: String| vec![Selected { option: option.to_owned(), value }];
    if (args.case.is_some() || args.recording.is_some() || args.all) && !filters.is_empty() {
        let what = "--case, --recording and --all cannot be combined with filters or words";
        return Err(CliError::Problems(what.to_owned()));
    }
    if let Some(case) = &args.case {
        let recordings = SelectedRecordings::Case(case.clone());
        return Ok(EvidenceSelection { recordings, described: one("case", case.clone()) });
    }
    if let Some(id) = &args.recording {
        let id = id.find(context.catalogue).await?;
        return Ok(EvidenceSelection {
            recordings: SelectedRecordings::One(id),
            described: one("recording", id.to_string()),
        });
    }
    if filters.is_empty() && !args.all {
        let what = "nothing is selected: add --case, --recording, filters or words, or --all";
        return Err(CliError::Problems(what.to_owned()));
    }
    let query = checked(&args.filters, context).await?;
    let mut described = if args.all { one("all", "yes".to_owned()) } else { filters };
    // Days are resolved, because words like "7d" mean something else tomorrow.
    for (option, time) in [("from", query.created.from), ("to", query.created.to)] {
        described.extend(time.map(|time| Selected { option: option.to_owned(), value: time.to_string() }));
    }
    Ok(EvidenceSelection { recordings: SelectedRecordings::Query(Box::new(query)), described })
}

/// Returns all filters but the time range.
fn described(filters: &Filters) -> Vec<Selected> {
    let Filters { words, person, machine, matching, state, bastion, from, to, class, held } = filters;
    let words = (!words.is_empty()).then(|| words.join(" "));
    let parts = [
        ("words", words),
        ("person", person.clone()),
        ("machine", machine.clone()),
        ("match", matching.clone()),
        ("state", state.map(|state| state.name().to_owned())),
        ("bastion", bastion.as_ref().map(|bastion| bastion.as_str().to_owned())),
        ("class", class.clone()),
        ("held", held.then(|| "yes".to_owned())),
        ("range", (from.is_some() || to.is_some()).then(|| "created in a range".to_owned())),
    ];
    let selected =
        |(option, value): (&str, Option<String>)| Some(Selected { option: option.to_owned(), value: value? });
    parts.into_iter().filter_map(selected).collect()
}
