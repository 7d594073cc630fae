//! `archivist recordings confirm`.

use clap::Args;
use domain::record::recording_id::RecordingId;
use domain::record::session::TunnelId;
use pipeline::confirm::{Confirmation, NotConfirmed, PersonAnswer};
use pipeline::view::RecordingView;
use serde_json::json;

use crate::arguments::IdArg;
use crate::arguments::text::at_most;
use crate::output::{human, json};
use crate::{CliError, Exit, WorkContext};

/// Longest reason, in characters. Limited because history and ledger store it.
const LONGEST_REASON: usize = 500;

/// Arguments of `recordings confirm`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist recordings confirm rec_01kjpyph1yv56czgxgxa6hk7hq --session 5e55-01 --reason 'change request 4711'
  archivist recordings confirm rec_01kjpyph1yv56czgxgxa6hk7hq --none --reason 'break-glass account, seen on the recording'

The recording is then matched by your decision, and marked so wherever it is shown. Its history, the ledger and a
notification have your name, the time and the reason. A later decision replaces it and names the one that it withdraws. If
the audit log contradicts it later, people are notified once and the decision stands. It never takes a recording out of a
legal hold, and does not change how other recordings are matched. Exit code 1 if the recording or the session is not known,
the session is a failed login, or the recording is still being written.")]
pub struct ConfirmArgs {
    /// The recording's id, whole or short, as lists show it.
    #[arg(value_name = "ID", value_parser = IdArg::parse)]
    pub id: IdArg,
    /// The session of the recording, by its tunnel id.
    #[arg(long, value_name = "TUNNEL", value_parser = tunnel, required_unless_present = "none", conflicts_with = "none")]
    pub session: Option<TunnelId>,
    /// The recording belongs to no session in the audit log.
    #[arg(long)]
    pub none: bool,
    /// How you know, for later readers.
    #[arg(long, value_name = "TEXT", value_parser = |text: &str| at_most(text, LONGEST_REASON))]
    pub reason: String,
    /// Write one JSON document: `{"version": 1, "id": "...", "changed": true, "withdraws": null, "also_on": [],
    /// "recording": {...}, "refused": null}`.
    #[arg(long)]
    pub json: bool,
}

pub(crate) async fn confirm(args: &ConfirmArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let answer = args.session.clone().map_or(PersonAnswer::NoneOfThem, PersonAnswer::Session);
    let id = args.id.find_to_change(context.catalogue).await?;
    let confirmed = context.archivist.confirmation.confirm(id, &answer, &args.reason, &context.by).await?;
    let refused = confirmed.as_ref().err().map(|refused| in_words(*refused, id, args));
    if args.json {
        let confirmed = confirmed.as_ref().ok();
        let recording = confirmed.map(|it| RecordingView::from_entry(&it.entry, context.estate, context.now));
        let also_on = confirmed.map(|it| it.also_on.iter().map(ToString::to_string).collect::<Vec<_>>());
        let document = json!({
            "version": 1,
            "id": id.to_string(),
            "changed": confirmed.is_some_and(|it| it.is_changed),
            "withdraws": confirmed.and_then(|it| it.withdrawn.as_deref()),
            "also_on": also_on.unwrap_or_default(),
            "recording": recording,
            "refused": refused,
        });
        json::write_line(&mut *context.out, &document)?;
    } else if let Ok(confirmed) = &confirmed {
        write(id, confirmed, context)?;
    }
    context.end(refused)
}

fn in_words(refused: NotConfirmed, id: RecordingId, args: &ConfirmArgs) -> String {
    let session = args.session.as_ref().map(|tunnel| human::text(tunnel.as_str())).unwrap_or_default();
    match refused {
        NotConfirmed::UnknownRecording => format!("the catalogue has no recording {id}"),
        NotConfirmed::UnknownSession => format!("the bastion of {id} logged no session {session}"),
        NotConfirmed::FailedLogin => format!("session {session} is a failed login: no person was on the machine"),
        NotConfirmed::NotEnded => format!("{id} may still be written; confirm it once it has settled"),
    }
}

fn write(id: RecordingId, confirmed: &Confirmation, context: &mut WorkContext<'_>) -> Result<(), CliError> {
    let session = confirmed.entry.match_state.verdict.session();
    let session = session.map_or_else(
        || "none of the sessions in the audit log".to_owned(),
        |session| {
            let person = session.user_email.as_deref().map_or_else(|| "no person is named".to_owned(), human::text);
            format!("session {} ({person})", human::text(session.tunnel_id.as_str()))
        },
    );
    writeln!(context.out, "{id}  {session}")?;
    context.out.flush()?;
    if !confirmed.is_changed {
        writeln!(context.err, "it was confirmed so already")?;
    }
    if let Some(withdrawn) = &confirmed.withdrawn {
        writeln!(context.err, "withdrawn: {}", human::text(withdrawn))?;
    }
    if !confirmed.also_on.is_empty() {
        let others: Vec<String> = confirmed.also_on.iter().map(ToString::to_string).collect();
        writeln!(context.err, "the same session is confirmed for {} too", others.join(", "))?;
    }
    Ok(())
}

fn tunnel(text: &str) -> Result<TunnelId, &'static str> {
    TunnelId::parse(text.trim()).ok_or("it is not a tunnel id")
}
