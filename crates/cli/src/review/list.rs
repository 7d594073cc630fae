//! `archivist review list`.

use clap::Args;
use comfy_table::Color;
use domain::record::estate::BastionName;
use jiff::tz::TimeZone;
use pipeline::CatalogueReader;
use pipeline::recording_review::{ReviewQueue, ReviewQueueItem, ReviewQueueQuery, review_queue};
use pipeline::view::csv::REVIEW_COLUMNS;
use pipeline::view::{ReviewQueueItemView, ReviewQueueView};

use crate::arguments::id::shortened;
use crate::arguments::known::check_bastion;
use crate::arguments::{FormatArgs, ItemFormat, PagingArgs};
use crate::output::items::ItemWriter;
use crate::output::table::{TableColumn, table};
use crate::output::{human, json};
use crate::recordings::bastion;
use crate::{CliError, CommandContext, Exit, Terminal};

/// Arguments of `review list`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist review list
  archivist review list --overdue --bastion bas-hub-01
  archivist review list --all --format csv > reviews.csv

A recording waits for a review if it is final and still stored, a rule of `review:` in the configuration asks for it, and
it has no review that counts. If a fact that a rule tests is not known, the rule asks too, and the column \"not known\" names
the fact. The JSON document is `{\"items\": [...], \"total\": ..., \"overdue\": ..., \"complete\": true, \"next_cursor\": ...}`.")]
pub struct ListReviewsArgs {
    /// Only reviews that are overdue.
    #[arg(long)]
    pub overdue: bool,
    /// Only recordings of this bastion.
    #[arg(long, value_name = "NAME", value_parser = bastion)]
    pub bastion: Option<BastionName>,
    /// Number of recordings.
    #[command(flatten)]
    pub paging: PagingArgs,
    /// Format.
    #[command(flatten)]
    pub format: FormatArgs,
}

pub(super) async fn run(args: &ListReviewsArgs, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    check_bastion(args.bastion.as_ref(), context).await?;
    let query = ReviewQueueQuery {
        bastion: args.bastion.clone(),
        overdue: args.overdue,
        limit: if args.paging.all { usize::MAX } else { args.paging.limit.into() },
        after: None,
        walked_at_most: None,
    };
    let CommandContext { catalogue, sessions, checkpoints, estate, policy, reviews, now, .. } = *context;
    let time_zone = &context.zone;
    let reading = CatalogueReader { catalogue, sessions, checkpoints, estate, policy, reviews, time_zone, now };
    let queue = review_queue(&reading, &query).await?;
    match args.format.items() {
        Some(ItemFormat::Json) => json::write_line(&mut *context.out, &ReviewQueueView::from_queue(&queue))?,
        Some(format) => {
            let mut writer = ItemWriter::begin(format, REVIEW_COLUMNS, &mut *context.out)?;
            queue.items.iter().try_for_each(|item| writer.write(&ReviewQueueItemView::from_item(item)))?;
            writer.finish(None)?;
        }
        None => write_table(&queue, context)?,
    }
    Ok(Exit::Done)
}

fn write_table(queue: &ReviewQueue, context: &mut CommandContext<'_>) -> Result<(), CliError> {
    if context.reviews.rules.is_empty() {
        writeln!(context.err, "the configuration has no review rules: see `review:` in docs/review.md")?;
        return Ok(());
    }
    if queue.items.is_empty() {
        writeln!(context.err, "no recording waits for a review")?;
        return Ok(());
    }
    let columns = columns(&queue.items, context.terminal, &context.zone);
    writeln!(context.out, "{}", table(columns, context.terminal))?;
    context.out.flush()?;
    let (shown, total) = (queue.items.len(), queue.total);
    if shown < total {
        writeln!(context.err, "\nThe first {shown} of {total}: repeat the command with --all")?;
    }
    writeln!(
        context.err,
        "\nAfter watching: archivist review mark ID --outcome ok|finding [--ticket T] [--note TEXT]"
    )?;
    Ok(())
}

fn columns(items: &[ReviewQueueItem], terminal: Terminal, zone: &TimeZone) -> Vec<TableColumn> {
    let of = |text: fn(&ReviewQueueItem) -> String| items.iter().map(text);
    let is_terminal = terminal.width.is_some();
    let id = |item: &ReviewQueueItem| {
        if is_terminal { shortened(item.place.id) } else { item.place.id.to_string() }
    };
    let colour = |item: &ReviewQueueItem| if item.is_overdue { Color::Red } else { Color::Reset };
    vec![
        TableColumn::new("id", items.iter().map(id)),
        TableColumn::new(
            human::in_zone("due", zone),
            items.iter().map(|item| human::minute(Some(item.place.due_at), zone)),
        ),
        TableColumn::new("overdue", of(|item| if item.is_overdue { "overdue" } else { "" }.to_owned()))
            .coloured(items.iter().map(colour)),
        TableColumn::new("rule", of(|item| human::text(&item.rule))),
        TableColumn::new("not known", of(|item| item.unknown_facts.join(", "))).gives_way(0),
        TableColumn::new("bastion", of(|item| human::text(item.bastion.as_str()))).gives_way(1),
        TableColumn::new("person", of(|item| human::optional(item.person.as_deref()))),
        TableColumn::new("name", of(|item| human::text(&item.name))).gives_way(2),
    ]
}
