//! Page of the live sessions.

use askama::Template;
use domain::address::Printable;
use domain::decide::posture::MaybeKnown;
use pipeline::live_sessions::{FoundLive, LiveOfBastion};

use crate::clock::{PageClock, PageTime};
use crate::row::optional;
use crate::text::{machine_path, person_path, segment, short_id};
use crate::{Frame, NavigationEntry};

/// Page of the live sessions, as reported by the bastions.
#[derive(Template)]
#[template(path = "live.html")]
pub struct LivePage {
    frame: Frame,
    can_ask: bool,
    bastions: Vec<OfBastion>,
}

struct OfBastion {
    name: String,
    because: Option<String>,
    rows: Vec<Row>,
}

struct Row {
    began: PageTime,
    person: Option<(String, String)>,
    account: String,
    machine: String,
    machine_path: Option<String>,
    session: Option<String>,
    recording: Option<(String, String)>,
}

impl LivePage {
    /// Creates the page; `live` is `None` if the bastions cannot be queried.
    pub fn new(frame: Frame, live: Option<&[LiveOfBastion]>) -> Self {
        let bastions = live.unwrap_or_default().iter().map(|one| OfBastion::from_live(one, &frame.clock)).collect();
        Self { frame, can_ask: live.is_some(), bastions }
    }
}

impl OfBastion {
    fn from_live(one: &LiveOfBastion, clock: &PageClock) -> Self {
        let name = Printable(one.bastion.as_str()).to_string();
        match &one.sessions {
            MaybeKnown::Read(sessions) => {
                let rows = sessions.iter().map(|found| Row::from_live(one.bastion.as_str(), found, clock)).collect();
                Self { name, because: None, rows }
            }
            MaybeKnown::NotReadable(why) => Self { name, because: Some(Printable(why).to_string()), rows: Vec::new() },
        }
    }
}

impl Row {
    fn from_live(bastion: &str, found: &FoundLive, clock: &PageClock) -> Self {
        let live = &found.live;
        let facts = found.known.as_ref().map(|known| known.entry.session().facts);
        let tunnel = found.known.as_ref().map(|known| known.entry.id.tunnel.as_str());
        let recording = found.known.as_ref().and_then(|known| known.recording);
        let machine = live.host_name.as_deref().or(live.target_ip.as_deref());
        Self {
            began: clock.time_if(live.started_at),
            person: facts
                .and_then(|facts| facts.user_email)
                .map(|person| (person_path(&person), Printable(&person).to_string())),
            account: optional(live.user_name.as_deref()).into_owned(),
            machine: optional(machine).into_owned(),
            machine_path: machine.map(machine_path),
            session: tunnel.map(|tunnel| format!("/ui/sessions/{}/{}", segment(bastion), segment(tunnel))),
            recording: recording.map(|id| id.to_string()).map(|id| (short_id(&id), id)),
        }
    }
}
