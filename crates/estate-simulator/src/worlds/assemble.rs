//! Builds the observable world and its truth from traces.

use super::build::Trace;
use super::estate::{MachineAccount, WorldEstate};
use super::numbers::Numbers;
use super::recorder::RecordedTimes;
use super::truth::{SessionFate, Shows, TrueBlob, WorldTruth};
use super::world::{FailedLogin, LoggedSession, Millis, RecordedBlob, Stamp, World};

/// Builds the world. `knowable` has an entry for each trace.
pub(crate) fn world(
    estate: WorldEstate,
    traces: &[Trace],
    knowable: &[bool],
    names_free_after: Option<Millis>,
) -> World {
    let recordings = recordings(&estate, traces, names_free_after);
    let sessions = sessions(&estate, traces);
    let recording_of = positions(traces.len(), recordings.iter().map(|(trace, _)| *trace));
    let session_of = positions(traces.len(), sessions.iter().map(|(trace, _)| *trace));
    let blob = |(index, _): &(usize, RecordedBlob)| {
        let (trace, session) = (&traces[*index], session_of[*index]);
        Some(TrueBlob {
            shows: match session {
                Some(session) => Shows::Session(session),
                None if trace.connection.is_failed_login => Shows::FailedLogin,
                None => Shows::UnloggedSession,
            },
            person: estate.people[trace.connection.person].name.clone(),
            way: trace.written?.way,
            is_knowable: knowable[*index],
        })
    };
    let fate = |(index, _): &(usize, LoggedSession)| {
        recording_of[*index].map_or(traces[*index].missing, SessionFate::Recorded)
    };
    let truth = WorldTruth {
        recordings: recordings.iter().filter_map(blob).collect(),
        sessions: sessions.iter().map(fate).collect(),
    };
    World {
        failed_logins: failed_logins(&estate, traces),
        bastions: estate.bastions,
        recordings: recordings.into_iter().map(|(_, recording)| recording).collect(),
        sessions: sessions.into_iter().map(|(_, session)| session).collect(),
        truth,
    }
}

/// Returns for each trace its position in a list of trace indices, or `None` if the list does not contain it.
fn positions(traces: usize, list: impl Iterator<Item = usize>) -> Vec<Option<usize>> {
    let mut positions = vec![None; traces];
    for (position, trace) in list.enumerate() {
        positions[trace] = Some(position);
    }
    positions
}

fn recordings(estate: &WorldEstate, traces: &[Trace], names_free_after: Option<Millis>) -> Vec<(usize, RecordedBlob)> {
    let written = |(index, trace): (usize, &Trace)| Some((index, trace.written?));
    let mut written: Vec<(usize, RecordedTimes)> = traces.iter().enumerate().filter_map(written).collect();
    written.sort_by_key(|(_, written)| written.created);
    let mut numbers = Numbers::new(names_free_after);
    let mut blobs: Vec<_> = written
        .into_iter()
        .map(|(index, written)| {
            let place = place(estate, &traces[index]);
            let container = estate.bastions[place.bastion].container;
            let name = numbers.name(container, &place.spelling.base, written.created);
            (index, blob(container, name, written))
        })
        .collect();
    blobs.sort_by_key(|(_, blob)| blob.created_seen_at);
    blobs
}

fn blob(container: usize, name: String, written: RecordedTimes) -> RecordedBlob {
    RecordedBlob {
        container,
        name,
        created_at: written.created_at,
        // The clock may be set back during a session, but a last write is never before the creation.
        last_write_at: written.last_write_at.max(written.created_at),
        created_seen_at: written.created_seen_at,
        last_write_seen_at: written.last_write_seen_at,
    }
}

fn sessions(estate: &WorldEstate, traces: &[Trace]) -> Vec<(usize, LoggedSession)> {
    let logged = traces.iter().enumerate().filter(|(_, trace)| trace.is_logged());
    let mut sessions: Vec<_> = logged.map(|(index, trace)| (index, session(estate, trace))).collect();
    sessions.sort_by_key(|(_, session)| session.readable_at());
    sessions
}

fn session(estate: &WorldEstate, trace: &Trace) -> LoggedSession {
    let (place, connection) = (place(estate, trace), &trace.connection);
    let person = &estate.people[connection.person];
    LoggedSession {
        bastion: place.bastion,
        machine: place.spelling.machine.clone(),
        address: place.spelling.address.clone(),
        account: account(place, trace),
        person: person.name.clone(),
        agent: if connection.is_native {
            person.native_client.clone()
        } else {
            person.browser.clone()
        },
        begin: trace.logged.begin,
        end: trace.logged.end,
    }
}

fn failed_logins(estate: &WorldEstate, traces: &[Trace]) -> Vec<FailedLogin> {
    let failed = |trace: &Trace| trace.tried.map(|tried| failed_login(estate, trace, tried));
    let mut all: Vec<_> = traces.iter().filter_map(failed).collect();
    all.sort_by_key(|login| login.tried.readable_at);
    all
}

fn failed_login(estate: &WorldEstate, trace: &Trace, tried: Stamp) -> FailedLogin {
    let place = place(estate, trace);
    FailedLogin {
        bastion: place.bastion,
        machine: place.spelling.machine.clone(),
        address: place.spelling.address.clone(),
        account: account(place, trace),
        person: estate.people[trace.connection.person].name.clone(),
        tried,
    }
}

fn place<'a>(estate: &'a WorldEstate, trace: &Trace) -> &'a MachineAccount {
    &estate.places[trace.connection.place]
}

/// Picks one of the account's spellings by the second in which the session began.
fn account(place: &MachineAccount, trace: &Trace) -> String {
    let accounts = &place.spelling.accounts;
    accounts[(trace.connection.begin / 1000).unsigned_abs() as usize % accounts.len()].clone()
}
