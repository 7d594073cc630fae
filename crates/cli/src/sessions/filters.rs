//! Filters of sessions.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use domain::record::estate::BastionName;
use domain::record::session::SessionState;
use jiff::Zoned;
use pipeline::query::SessionQuery;

use crate::CliError;
use crate::arguments::TimeArg;
use crate::arguments::time::range;
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
    /// Only sessions started on this day or later.
    #[arg(long, value_name = "DATE", value_parser = TimeArg::parse)]
    pub from: Option<TimeArg>,
    /// Only sessions started until the end of this day, or before this time.
    #[arg(long, value_name = "DATE", value_parser = TimeArg::parse)]
    pub to: Option<TimeArg>,
}

impl SessionFilters {
    /// Returns the query, newest sessions first.
    ///
    /// # Errors
    /// The time range ends before it begins.
    pub(crate) fn query(&self, now: &Zoned) -> Result<SessionQuery, CliError> {
        Ok(SessionQuery {
            bastion: self.bastion.clone(),
            state: self.state,
            person: self.person.clone(),
            machine: self.machine.clone(),
            account: self.account.clone(),
            without_recording: self.without_recording,
            began: range(self.from.as_ref(), self.to.as_ref(), now)?,
            ..SessionQuery::default()
        })
    }
}

fn state() -> impl TypedValueParser<Value = SessionState> {
    let names = PossibleValuesParser::new(SessionState::ALL.map(SessionState::name));
    names.try_map(|name| SessionState::parse(&name).ok_or("not a state"))
}
