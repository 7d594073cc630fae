//! Page of one session.

use askama::Template;
use domain::address::Printable;
use pipeline::view::SessionDetailView;

use crate::fact::{self, FactRow};
use crate::row::SessionRow;
use crate::text::{readable, sentence, short_id, short_tunnel};
use crate::{Frame, NavigationEntry};

/// Page of one session, with the values of its audit records.
#[derive(Template)]
#[template(path = "session.html")]
pub struct SessionDetailPage<'a> {
    frame: Frame,
    tunnel: Printable<'a>,
    short: String,
    row: SessionRow<'a>,
    warnings: Vec<String>,
    facts: Vec<FactRow<'a>>,
    no_recording: String,
    candidates: Vec<(String, String)>,
    records: Vec<FactRow<'a>>,
}

impl<'a> SessionDetailPage<'a> {
    /// Creates the page of a session; `gap` is the advice for a session known to have no recording.
    pub fn new(frame: Frame, view: &'a SessionDetailView<'a>, gap: Option<&'static str>) -> Self {
        let session = &view.session;
        let candidates: Vec<_> =
            view.candidate_of.iter().map(ToString::to_string).map(|id| (short_id(&id), id)).collect();
        let no_recording = match gap {
            Some(advice) => format!("None was found. {}", sentence(advice)),
            None if !candidates.is_empty() => "It may be on one of these; which one is not known:".to_owned(),
            None if session.state == "failed" => "The login failed, so there need not be one.".to_owned(),
            None => "None is known yet.".to_owned(),
        };
        let records = &view.records;
        let texts_by_name = [
            ("Account", &records.user_name),
            ("Person", &records.user_email),
            ("Came from", &records.client_ip),
            ("Protocol", &records.protocol),
            ("Machine", &records.target_resource_id),
            ("Machine's address", &records.target_ip),
            ("Kind of machine", &records.resource_type),
            ("Client", &records.user_agent),
            ("Message", &records.message),
            ("Odd", &records.odd),
        ];
        Self {
            tunnel: Printable(&session.facts.tunnel_id),
            short: short_tunnel(&Printable(&session.facts.tunnel_id).text()),
            row: SessionRow(session),
            warnings: session.warnings.iter().map(|warning| readable(warning)).collect(),
            facts: fact::of_session(&session.facts, &frame.clock),
            no_recording,
            candidates,
            records: texts_by_name
                .into_iter()
                .filter(|(_, texts)| !texts.is_empty())
                .map(|(name, texts)| FactRow::new(name, Printable(&texts.join(" · ")).to_string()))
                .collect(),
            frame,
        }
    }
}
