//! Filters of sessions.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use domain::estate::BastionName;
use domain::session::SessionState;
use jiff::Timestamp;
use pipeline::query::{SessionQuery, TimeRange, range_begin, range_end};

use crate::recordings::bastion;

/// Filters of sessions; a session must pass all of them.
#[derive(Debug, Clone, Args)]
pub struct SessionFilters {
    /// Only sessions through this bastion, by its name in the configuration.
    #[arg(long, value_name = "NAME", value_parser = bastion)]
    pub bastion: Option<BastionName>,
    /// Only sessions of this person, by e-mail address, ignoring case.
    #[arg(long, value_name = "EMAIL")]
    pub person: Option<String>,
    /// Only sessions on this machine, ignoring case.
    #[arg(long, value_name = "NAME")]
    pub machine: Option<String>,
    /// Only sessions with this account on the machine, ignoring case.
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,
    /// Only sessions in this state.
    #[arg(long, value_parser = state())]
    pub state: Option<SessionState>,
    /// Only sessions known to have no recording.
    #[arg(long)]
    pub without_recording: bool,
    /// Only sessions started at this time or later: a UTC date or an RFC 3339 time.
    #[arg(long, value_name = "TIME", value_parser = range_begin)]
    pub from: Option<Timestamp>,
    /// Only sessions started before this time; a UTC date includes the whole day.
    #[arg(long, value_name = "TIME", value_parser = range_end)]
    pub to: Option<Timestamp>,
}

impl SessionFilters {
    /// Returns the query, newest sessions first.
    pub(crate) fn query(&self) -> SessionQuery {
        SessionQuery {
            bastion: self.bastion.clone(),
            state: self.state,
            person: self.person.clone(),
            machine: self.machine.clone(),
            account: self.account.clone(),
            without_recording: self.without_recording,
            began: TimeRange { from: self.from, to: self.to },
            ..SessionQuery::default()
        }
    }
}

fn state() -> impl TypedValueParser<Value = SessionState> {
    let names = PossibleValuesParser::new(SessionState::ALL.map(SessionState::name));
    names.try_map(|name| SessionState::parse(&name).ok_or("not a state"))
}
