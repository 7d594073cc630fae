//! Pages of one person and of one machine.

use askama::Template;
use domain::address::Printable;
use pipeline::query::{SeenPeriod, Subject};
use pipeline::view::{ProfileView, SessionView};

use crate::clock::PageClock;
use crate::form::PageQuery;
use crate::row::{self, RecordingRow, SessionRow};
use crate::search::Pager;
use crate::text::{machine_path, person_path, segment};
use crate::{Frame, NavigationEntry};

/// Page of one person or machine.
#[derive(Template)]
#[template(path = "profile.html")]
pub struct ProfilePage<'a> {
    frame: Frame,
    kind: &'static str,
    name: Printable<'a>,
    seen: Option<String>,
    sessions_csv: String,
    recordings_csv: String,
    counted: Vec<Counted>,
    sessions: Vec<SessionRow<'a>>,
    failed: Vec<SessionRow<'a>>,
    gaps: Vec<SessionRow<'a>>,
    gaps_are_cut: bool,
    recordings: Vec<RecordingRow<'a>>,
    more_gaps: Option<String>,
    more_recordings: Option<String>,
    pager: Pager,
}

/// Number of rows of a section.
struct Counted {
    name: &'static str,
    anchor: &'static str,
    count: String,
}

impl<'a> ProfilePage<'a> {
    /// Creates the page of a person or machine.
    pub fn new(frame: Frame, subject: &'a Subject, asked: &PageQuery, view: &'a ProfileView<'a>) -> Self {
        let (kind, parameter, name, path) = match subject {
            Subject::Person(person) => ("Person", "person", person, person_path(person)),
            Subject::Machine(machine) => ("Machine", "machine", machine, machine_path(machine)),
        };
        let is_failed = |session: &&SessionView| session.state == "failed";
        let (failed, sessions): (Vec<_>, Vec<_>) = view.sessions.items.iter().partition(is_failed);
        let next = view.sessions.next_cursor.as_ref();
        let counted = |name, anchor, count: usize, more: bool| Counted {
            name,
            anchor,
            count: format!("{count}{}", if more { "+" } else { "" }),
        };
        let (gaps, recordings) = (&view.gaps, &view.recordings);
        let all = |path: &str, more: &str| format!("{path}?{parameter}={}{more}", segment(name));
        Self {
            kind,
            name: Printable(name),
            seen: view.seen.filter(|_| asked.get("cursor").is_none()).map(|seen| in_words(&seen, &frame.clock)),
            sessions_csv: all("/ui/sessions", "&format=csv"),
            recordings_csv: all("/ui/recordings", "&format=csv"),
            counted: vec![
                counted("sessions", "sessions", sessions.len(), next.is_some()),
                counted("failed logins", "failed", failed.len(), next.is_some()),
                counted("without a recording", "gaps", gaps.items.len(), gaps.next_cursor.is_some()),
                counted("recordings", "recordings", recordings.items.len(), recordings.next_cursor.is_some()),
            ],
            sessions: sessions.into_iter().map(SessionRow).collect(),
            failed: failed.into_iter().map(SessionRow).collect(),
            gaps: row::sessions(&gaps.items),
            gaps_are_cut: gaps.next_cursor.is_some(),
            recordings: row::recordings(&recordings.items),
            more_gaps: gaps.next_cursor.as_ref().map(|_| all("/ui/sessions", "&without_recording=true")),
            more_recordings: recordings.next_cursor.as_ref().map(|_| all("/ui/recordings", "")),
            pager: Pager::new(&path, asked, next.map(|next| next as _)),
            frame,
        }
    }
}

fn in_words(seen: &SeenPeriod, clock: &PageClock) -> String {
    let at = |at| format!("{} ({})", clock.minute(at), clock.distance(clock.day(at)));
    let (first, last) = (at(seen.first), at(seen.last));
    if seen.is_first_certain {
        format!("First seen {first}, last seen {last}.")
    } else {
        format!("Last seen {last}. First seen {first} or earlier: older sessions or recordings follow.")
    }
}
