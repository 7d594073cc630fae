//! Filters shared by list and export.

use std::convert::Infallible;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use domain::record::catalogue::RecordingState;
use domain::record::estate::BastionName;
use domain::record::join::Match;
use jiff::Zoned;
use pipeline::query::{Query, SearchText};

use crate::CliError;
use crate::arguments::TimeArg;
use crate::arguments::time::range;

/// Filters of recordings; a recording must pass all of them.
#[derive(Debug, Clone, Args)]
pub struct Filters {
    /// Only recordings that every word holds for: a day, a state, or else a part of a name. See the examples.
    #[arg(value_name = "WORDS")]
    pub words: Vec<String>,
    /// Only recordings matched to this person, by e-mail address, ignoring case.
    #[arg(long, value_name = "EMAIL")]
    pub person: Option<String>,
    /// Only recordings of sessions on this machine, ignoring case.
    #[arg(long, value_name = "NAME")]
    pub machine: Option<String>,
    /// Only recordings with this match.
    #[arg(long = "match", value_parser = PossibleValuesParser::new(Match::NAMES))]
    pub matching: Option<String>,
    /// Only recordings in this state.
    #[arg(long, value_parser = state())]
    pub state: Option<RecordingState>,
    /// Only recordings of this bastion, by its name in the configuration.
    #[arg(long, value_name = "NAME", value_parser = bastion)]
    pub bastion: Option<BastionName>,
    /// Only recordings created on this day or later.
    #[arg(long, value_name = "DATE", value_parser = TimeArg::parse)]
    pub from: Option<TimeArg>,
    /// Only recordings created until the end of this day, or before this time.
    #[arg(long, value_name = "DATE", value_parser = TimeArg::parse)]
    pub to: Option<TimeArg>,
    /// Only recordings of this retention class.
    #[arg(long, value_name = "CLASS")]
    pub class: Option<String>,
    /// Only recordings on legal hold.
    #[arg(long)]
    pub held: bool,
}

impl Filters {
    /// Returns the query, newest recordings first.
    ///
    /// # Errors
    /// The words are no search, or the time range ends before it begins.
    pub(crate) fn query(&self, now: &Zoned) -> Result<Query, CliError> {
        let search = SearchText::parse(&self.words.join(" "));
        let search = search.map_err(|error| CliError::Problems(error.to_string()))?;
        Ok(Query {
            person: self.person.clone(),
            machine: self.machine.clone(),
            matching: self.matching.clone(),
            state: self.state,
            bastion: self.bastion.clone(),
            created: range(self.from.as_ref(), self.to.as_ref(), now)?,
            class: self.class.clone(),
            held: self.held.then_some(true),
            search: search.at(now.timestamp(), now.time_zone()),
            ..Query::default()
        })
    }
}

fn state() -> impl TypedValueParser<Value = RecordingState> {
    let names = PossibleValuesParser::new(RecordingState::ALL.map(RecordingState::name));
    names.try_map(|name| RecordingState::parse(&name).ok_or("not a state"))
}

/// Accepts any name: an unknown bastion has no recordings and no sessions.
pub(crate) fn bastion(name: &str) -> Result<BastionName, Infallible> {
    Ok(BastionName::new(name))
}
