//! `archivist gaps`: lists missing recordings, sessions and logs, with advice.

mod all;

use std::collections::BTreeSet;
use std::io::Write;

use clap::Args;
use domain::record::estate::BastionName;
use domain::record::session::{Gap, GapCause, Session};
use pipeline::query::{self, BastionGap, FoundSession, GapQuery, Gaps, Page, SessionPage, Silence};
use pipeline::view::csv::{GAP_COLUMNS, gap_rows};
use pipeline::view::{GapsView, RecordingView, advice};

use crate::arguments::known::check_bastion;
use crate::arguments::{FormatArgs, ItemFormat};
use crate::output::items::ItemWriter;
use crate::output::table::{TableColumn, table};
use crate::output::{human, json};
use crate::recordings::{self, bastion};
use crate::sessions::short_tunnel;
use crate::{CliError, CommandContext, Exit};
use all::OtherGaps;

/// Arguments of `gaps`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist gaps
  archivist gaps --all --format csv > gaps.csv
  archivist gaps --bastion bas-hub-01 --json | jq -r '.sessions.items[].tunnel_id'

A session counts as unrecorded when its container has been listed after the configured deadline, and a recording as
unmatched when the audit log has been read beyond its deadline; anything found later leaves this list. On a narrow terminal
the columns length, machine and bastion are left out, in this order; the other formats have everything. The column kind of
csv says what is missing. The JSON document is `{\"bastions\": [...], \"sessions\": {...}, \"recordings\": {...}}`.")]
pub struct GapsArgs {
    /// Only gaps of this bastion, by its name in the configuration.
    #[arg(long, value_name = "NAME", value_parser = bastion)]
    pub bastion: Option<BastionName>,
    /// Maximum number of sessions, and of recordings, newest first.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub limit: u16,
    /// List all sessions and recordings; needs --format csv or jsonl.
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
    /// Format.
    #[command(flatten)]
    pub format: FormatArgs,
}

pub(crate) async fn run(args: &GapsArgs, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    check_bastion(args.bastion.as_ref(), context).await?;
    if args.all && matches!(args.format.items(), None | Some(ItemFormat::Json)) {
        return Err(CliError::Problems("--all needs --format csv or jsonl".to_owned()));
    }
    let query = GapQuery { bastion: args.bastion.clone(), limit: args.limit.into() };
    let CommandContext { catalogue, sessions, checkpoints, estate, .. } = *context;
    let gaps = query::gaps(catalogue, sessions, checkpoints, estate, &query).await?;
    let format = args.format.items();
    let view = GapsView::from_gaps(&gaps, context.estate, context.now);
    if format == Some(ItemFormat::Json) {
        json::write_line(&mut *context.out, &view)?;
    } else if let Some(format) = format {
        let others = OtherGaps::new(context);
        let mut writer = ItemWriter::begin(format, GAP_COLUMNS, &mut *context.out)?;
        gap_rows(&view)?.iter().try_for_each(|item| writer.write(item))?;
        if args.all {
            others.write(&gaps, args.bastion.as_ref(), &mut writer).await?;
        }
        writer.finish(None)?;
        if !args.all {
            write_more(&gaps, context)?;
        }
    } else if gaps.is_empty() {
        writeln!(context.err, "nothing is missing")?;
    } else {
        write_gaps(&gaps, args.bastion.as_ref(), context)?;
    }
    Ok(if gaps.is_empty() { Exit::Done } else { Exit::Findings })
}

/// Names the commands that list the rest.
fn write_more(gaps: &Gaps, context: &mut CommandContext<'_>) -> Result<(), CliError> {
    if gaps.sessions.next_cursor.is_some() {
        writeln!(context.err, "there are more sessions: --all lists them")?;
    }
    if gaps.recordings.next_cursor.is_some() {
        writeln!(context.err, "there are more recordings: --all lists them")?;
    }
    Ok(())
}

fn write_gaps(gaps: &Gaps, bastion: Option<&BastionName>, context: &mut CommandContext<'_>) -> Result<(), CliError> {
    let mut parted = false;
    let mut part = |out: &mut dyn Write| if std::mem::replace(&mut parted, true) { writeln!(out) } else { Ok(()) };
    for bastion in &gaps.bastions {
        part(context.out)?;
        write_bastion(bastion, context)?;
    }
    if !gaps.sessions.items.is_empty() {
        part(context.out)?;
        write_sessions(&gaps.sessions, context)?;
    }
    let of_bastion = bastion.map(|name| format!(" --bastion {}", human::text(name.as_str()))).unwrap_or_default();
    if let Some(cursor) = &gaps.sessions.next_cursor {
        context.out.flush()?;
        let command = format!("archivist sessions list --without-recording{of_bastion} --cursor {cursor}");
        writeln!(context.err, "\nThere are more: {command}")?;
    }
    if !gaps.recordings.items.is_empty() {
        part(context.out)?;
        write_recordings(&gaps.recordings, context)?;
    }
    if gaps.recordings.next_cursor.is_some() {
        context.out.flush()?;
        let command = format!("archivist gaps --all --format csv{of_bastion}");
        writeln!(context.err, "\nThere may be more recordings without a session: {command}")?;
    }
    Ok(())
}

fn write_bastion(gap: &BastionGap, context: &mut CommandContext<'_>) -> Result<(), CliError> {
    let name = human::text(gap.bastion.as_str());
    let last = human::second(gap.last);
    match gap.silence {
        Silence::Recording => writeln!(context.out, "Bastion {name} stopped recording (newest recording: {last})")?,
        Silence::AuditLog => {
            writeln!(context.out, "The audit log of bastion {name} has stopped (newest record: {last})")?;
        }
    }
    writeln!(context.out, "  -> {}", advice::of_silence(gap.silence))?;
    Ok(())
}

fn write_sessions(page: &SessionPage, context: &mut CommandContext<'_>) -> Result<(), CliError> {
    let gaps: Vec<(&FoundSession, Session, &Gap)> =
        page.items.iter().filter_map(|found| Some((found, found.entry.session(), found.entry.gap.as_ref()?))).collect();
    let of = |text: fn(&Session) -> String| gaps.iter().map(move |(_, session, _)| text(session));
    let began = gaps.iter().map(|(found, ..)| human::minute(Some(found.entry.at()), &context.zone));
    let is_short = context.terminal.width.is_some();
    let tunnel = |one: &Session| short_tunnel(&human::text(one.facts.tunnel_id.as_str()), is_short);
    let columns = vec![
        TableColumn::new("tunnel id", gaps.iter().map(|(_, session, _)| tunnel(session))),
        TableColumn::new(human::in_zone("began", &context.zone), began),
        TableColumn::new("bastion", gaps.iter().map(|(found, ..)| human::text(found.entry.id.bastion.as_str())))
            .gives_way(2),
        TableColumn::new("length", of(|one| human::length(one.facts.duration))).right().gives_way(0),
        TableColumn::new("cause", gaps.iter().map(|(.., gap)| advice::cause_in_words(&gap.cause))),
        TableColumn::new("machine", of(|one| human::optional(one.facts.machine().as_deref()))).gives_way(1),
        TableColumn::new("person", of(|one| human::optional(one.facts.user_email.as_deref()))),
    ];
    writeln!(context.out, "Sessions without a recording\n{}", table(columns, context.terminal))?;
    for (_, session, gap) in &gaps {
        if let GapCause::OneOf(tunnels) = &gap.cause
            && tunnels.first() == Some(&session.facts.tunnel_id)
        {
            let tunnels: Vec<String> = tunnels.iter().map(|tunnel| human::text(tunnel.as_str())).collect();
            writeln!(context.out, "  one of these: {}", tunnels.join(", "))?;
        }
    }
    let causes: BTreeSet<(&str, &'static str)> =
        gaps.iter().map(|(.., gap)| (gap.cause.name(), advice::of_cause(&gap.cause))).collect();
    for (cause, advice) in causes {
        writeln!(context.out, "  -> {}: {advice}", cause.replace('_', " "))?;
    }
    Ok(())
}

fn write_recordings(page: &Page, context: &mut CommandContext<'_>) -> Result<(), CliError> {
    let views: Vec<RecordingView<'_>> =
        page.items.iter().map(|entry| RecordingView::from_entry(entry, context.estate, context.now)).collect();
    writeln!(
        context.out,
        "Recordings without a session\n{}",
        recordings::table(&views, context.terminal, &context.zone)
    )?;
    writeln!(context.out, "  -> {}", advice::OF_RECORDINGS)?;
    Ok(())
}
