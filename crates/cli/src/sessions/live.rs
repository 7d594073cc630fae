//! `archivist sessions list --live`.

use domain::decide::posture::MaybeKnown;
use jiff::Timestamp;
use pipeline::live_sessions::{FoundLive, LiveOfBastion};
use serde::Serialize;

use super::ListSessionsArgs;
use crate::output::table::{TableColumn, table};
use crate::output::{human, json};
use crate::{CliError, Exit, WorkContext};

pub(crate) const NO_API: &str =
    "bastions cannot be queried: this needs resource_id in archivist.yaml and an identity in Azure";

#[derive(Serialize)]
struct LivePage<'a> {
    version: u32,
    bastions: Vec<LiveBastion<'a>>,
}

#[derive(Serialize)]
struct LiveBastion<'a> {
    bastion: &'a str,
    not_read_because: Option<&'a str>,
    sessions: Vec<LiveView<'a>>,
}

#[derive(Serialize)]
struct LiveView<'a> {
    session_id: &'a str,
    started_at: Option<Timestamp>,
    duration_ms: Option<i64>,
    user_name: Option<&'a str>,
    protocol: Option<&'a str>,
    target_host_name: Option<&'a str>,
    target_resource_id: Option<&'a str>,
    target_ip: Option<&'a str>,
    tunnel_id: Option<String>,
    user_email: Option<String>,
    recording_id: Option<String>,
}

pub(crate) async fn list(args: &ListSessionsArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let Some(api) = context.live else {
        return Err(CliError::Problems(NO_API.to_owned()));
    };
    let all = context.archivist.live.live_sessions(api, args.filters.bastion.as_ref()).await?;
    let is_read = all.iter().all(|one| one.sessions.read().is_some());
    if args.format.json {
        json::write_line(&mut *context.out, &LivePage { version: 1, bastions: all.iter().map(view).collect() })?;
    } else {
        write_tables(&all, context)?;
    }
    Ok(if is_read { Exit::Done } else { Exit::Findings })
}

fn write_tables(all: &[LiveOfBastion], context: &mut WorkContext<'_>) -> Result<(), CliError> {
    let mut rows: Vec<(&str, &FoundLive)> = Vec::new();
    for one in all {
        match &one.sessions {
            MaybeKnown::Read(sessions) => rows.extend(sessions.iter().map(|found| (one.bastion.as_str(), found))),
            MaybeKnown::NotReadable(why) => {
                let bastion = human::text(one.bastion.as_str());
                writeln!(context.err, "bastion {bastion}: not read, because {}", human::text(why))?;
            }
        }
    }
    if rows.is_empty() {
        writeln!(context.err, "no live session is visible")?;
        return Ok(());
    }
    let of = |text: fn(&FoundLive) -> String| rows.iter().map(move |(_, found)| text(found));
    let began = rows.iter().map(|(_, found)| human::minute(found.live.started_at, &context.zone));
    let columns = vec![
        TableColumn::new("session id", of(|found| human::text(&found.live.id))),
        TableColumn::new("bastion", rows.iter().map(|(bastion, _)| human::text(bastion))).gives_way(1),
        TableColumn::new(human::in_zone("began", &context.zone), began),
        TableColumn::new("length", of(|found| human::length(found.live.lasted))).right().gives_way(2),
        TableColumn::new("machine", of(|found| human::optional(found.live.host_name.as_deref()))),
        TableColumn::new("account", of(|found| human::optional(found.live.user_name.as_deref()))).gives_way(3),
        TableColumn::new("recording", of(|found| human::optional(recording(found).as_deref()))).gives_way(0),
        TableColumn::new("person", of(|found| human::optional(person(found).as_deref()))),
    ];
    writeln!(context.out, "{}", table(columns, context.terminal))?;
    Ok(())
}

fn person(found: &FoundLive) -> Option<String> {
    found.known.as_ref()?.entry.session().facts.user_email.as_deref().map(str::to_owned)
}

fn recording(found: &FoundLive) -> Option<String> {
    found.known.as_ref()?.recording.map(|id| id.to_string())
}

fn view(one: &LiveOfBastion) -> LiveBastion<'_> {
    let (sessions, why) = match &one.sessions {
        MaybeKnown::Read(sessions) => (sessions.as_slice(), None),
        MaybeKnown::NotReadable(why) => (&[][..], Some(why.as_str())),
    };
    fn live(found: &FoundLive) -> LiveView<'_> {
        let FoundLive { live, known } = found;
        LiveView {
            session_id: &live.id,
            started_at: live.started_at,
            duration_ms: live.lasted.and_then(|lasted| i64::try_from(lasted.as_millis()).ok()),
            user_name: live.user_name.as_deref(),
            protocol: live.protocol.as_deref(),
            target_host_name: live.host_name.as_deref(),
            target_resource_id: live.target_resource_id.as_deref(),
            target_ip: live.target_ip.as_deref(),
            tunnel_id: known.as_ref().map(|known| known.entry.session().facts.tunnel_id.as_str().to_owned()),
            user_email: person(found),
            recording_id: recording(found),
        }
    }
    LiveBastion { bastion: one.bastion.as_str(), not_read_because: why, sessions: sessions.iter().map(live).collect() }
}
