//! Name and value, one line of a list.

use std::borrow::Cow;

use domain::address::Printable;
use jiff::Timestamp;
use pipeline::view::FactsView;

use crate::clock::PageClock;
use crate::own::Own;
use crate::row::optional;
use crate::text;

/// Maximum number of characters in two lines of one column.
const LONG: usize = 56;

pub(crate) struct FactRow<'a> {
    pub(crate) name: Own,
    pub(crate) value: Cow<'a, str>,
    pub(crate) link: Option<String>,
    /// Text on hover; empty if there is none.
    pub(crate) title: String,
}

impl<'a> FactRow<'a> {
    pub(crate) fn new(name: &'static str, value: impl Into<Cow<'a, str>>) -> Self {
        Self { name: Own::new(name), value: value.into(), link: None, title: String::new() }
    }

    /// Creates the fact of a time to the second.
    pub(crate) fn at(name: &'static str, at: Option<Timestamp>, clock: &PageClock) -> Self {
        Self { title: at.map(|at| clock.hover(at)).unwrap_or_default(), ..Self::new(name, clock.second_if(at)) }
    }

    /// Sets the page to link to.
    fn leading_to(self, link: Option<String>) -> Self {
        Self { link, ..self }
    }

    /// Returns true if the value needs two columns.
    pub(crate) fn is_long(&self) -> bool {
        self.value.len() > LONG && self.value.chars().count() > LONG
    }

    /// Creates a fact from untrusted text.
    pub(crate) fn untrusted(name: &'static str, value: &'a str) -> Self {
        Self::new(name, Printable(value).text())
    }
}

/// Lists the facts of a session.
pub(crate) fn of_session<'a>(facts: &'a FactsView, clock: &PageClock) -> Vec<FactRow<'a>> {
    vec![
        FactRow::new("Person", optional(facts.user_email.as_deref()))
            .leading_to(facts.user_email.as_deref().map(text::person_path)),
        FactRow::new("Account on the machine", optional(facts.user_name.as_deref())),
        FactRow::new(
            "Machine",
            facts.machine().map_or(Cow::Borrowed(text::UNKNOWN), |name| Printable(&name).to_string().into()),
        )
        .leading_to(facts.machine().as_deref().map(text::machine_path)),
        FactRow::new("Machine's address", optional(facts.target_ip.as_deref())),
        FactRow::new("Came from", optional(facts.client_ip.as_deref())),
        FactRow::new("Protocol", optional(facts.protocol.as_deref())),
        FactRow::at("Began", facts.started_at, clock),
        FactRow::at("Ended", facts.ended_at, clock),
        FactRow::new("Length", text::length(facts.duration_ms)),
    ]
}
