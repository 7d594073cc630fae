//! Page of one day: lanes of sessions and recordings by machine or person.

mod lane;

use std::collections::BTreeMap;

use askama::Template;
use domain::address::Printable;
use domain::record::estate::BastionName;
use domain::words;
use jiff::civil::Date;
use pipeline::query::DayOfActivity;
use pipeline::view::{PageView, SessionPageView};

use self::lane::{Bar, Lane};
use crate::row::{self, RecordingRow, SessionRow};
use crate::text::{machine_path, person_path, segment};
use crate::{Frame, NavigationEntry};

/// Maximum number of lanes.
const LANES: usize = 60;

/// Page of one day.
#[derive(Template)]
#[template(path = "day.html")]
pub struct DayPage<'a> {
    frame: Frame,
    day: Date,
    bastion: Option<String>,
    /// Parameter that keeps the bastion in links to days and lists; empty without one.
    kept: String,
    relative: String,
    session_count: String,
    recording_count: String,
    sessions_csv: String,
    recordings_csv: String,
    before: Option<String>,
    after: Option<String>,
    by: LanesBy,
    lanes: Vec<Lane>,
    more_lanes: usize,
    is_cut: bool,
    sessions: Vec<SessionRow<'a>>,
    recordings: Vec<RecordingRow<'a>>,
}

/// Subject of the lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LanesBy {
    /// One lane per machine.
    Machine,
    /// One lane per person.
    Person,
}

/// Public form of the sessions and recordings of a day.
pub struct DayLists<'a> {
    /// Sessions that began on the day, or went on into it.
    pub sessions: SessionPageView,
    /// Recordings created on the day, or written on into it.
    pub recordings: PageView<'a>,
}

impl<'a> DayPage<'a> {
    /// Creates the page of a day.
    pub fn new(frame: Frame, day: Date, by: LanesBy, found: &DayOfActivity, view: &'a DayLists<'a>) -> Self {
        let mut lanes = BTreeMap::<Option<String>, Vec<Bar>>::new();
        for session in &view.sessions.items {
            let of = match by {
                LanesBy::Machine => session.facts.machine().map(|machine| machine.to_lowercase()),
                LanesBy::Person => session.facts.user_email.as_deref().map(str::to_lowercase),
            };
            lanes.entry(of).or_default().extend(Bar::of_session(session, found, &frame.clock));
        }
        for recording in &view.recordings.items {
            let of = match by {
                LanesBy::Machine => recording.session.as_ref().and_then(|joined| joined.facts.machine()),
                LanesBy::Person => recording.person.map(str::to_owned),
            };
            lanes
                .entry(of.map(|name| name.to_lowercase()))
                .or_default()
                .extend(Bar::of_recording(recording, found, &frame.clock));
        }
        let bastion = found.bastion.as_ref().map(BastionName::as_str);
        let kept = bastion.map(|bastion| format!("&bastion={}", segment(bastion))).unwrap_or_default();
        let csv = |list: &str| format!("/ui/{list}?from={}&to={}{kept}&format=csv", found.begin, found.end);
        let path =
            |day: Result<Date, jiff::Error>| day.ok().map(|day| format!("/ui/days/{day}?by={}{kept}", by.name()));
        let mut lanes: Vec<Lane> = lanes.into_iter().map(|(of, bars)| by.lane(of, bars)).collect();
        let more_lanes = lanes.len().saturating_sub(LANES);
        lanes.truncate(LANES);
        Self {
            day,
            relative: frame.clock.relative(day),
            session_count: words::count(view.sessions.items.len() as u64, "session"),
            recording_count: words::count(view.recordings.items.len() as u64, "recording"),
            sessions_csv: csv("sessions"),
            recordings_csv: csv("recordings"),
            before: path(day.yesterday()),
            after: path(day.tomorrow()).filter(|_| found.end <= frame.clock.now()),
            bastion: bastion.map(|bastion| Printable(bastion).to_string()),
            kept,
            by,
            lanes,
            more_lanes,
            is_cut: found.is_cut(),
            sessions: row::sessions(&view.sessions.items),
            recordings: row::recordings(&view.recordings.items),
            frame,
        }
    }
}

impl LanesBy {
    /// Parses the parameter `by`; any other text means machines.
    pub fn parse(text: Option<&str>) -> Self {
        match text {
            Some("person") => Self::Person,
            _ => Self::Machine,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Person => "person",
        }
    }

    fn lane(self, of: Option<String>, bars: Vec<Bar>) -> Lane {
        let path = of.as_deref().map(|name| match self {
            Self::Machine => machine_path(name),
            Self::Person => person_path(name),
        });
        let name = of.map_or_else(|| format!("{} not known", self.name()), |name| Printable(&name).to_string());
        Lane::new(name, path, bars)
    }
}
