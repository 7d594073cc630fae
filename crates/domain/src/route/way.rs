//! The way of one event through the routes.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Route, Routing};
use crate::matcher::{Facts, Truth};
use crate::notification::Event;

/// What became of an event at one route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    /// The route.
    pub route: &'a Route,
    /// Whether its condition holds.
    pub truth: Truth,
    /// What follows.
    pub taken: Taken,
}

/// Whether an event takes a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It does.
    Yes,
    /// It does, and nothing is sent.
    Muted,
    /// It does not: another event is meant.
    No,
    /// It does not: this event takes only routes that name it.
    NotNamed,
}

impl Routing {
    /// The routes that an event comes to, in their order, up to the one where it stops.
    pub fn way(&self, facts: &Facts<'_>, now: Timestamp) -> Vec<Step<'_>> {
        let mut steps = Vec::new();
        for route in &self.routes {
            let truth = route.when.asked(facts);
            let must_be_named = facts.event == Some(Event::RecordingStarted);
            let is_muted = route.muted_until.is_some_and(|until| now < until);
            let taken = match truth {
                Truth::False => Taken::No,
                _ if must_be_named && !facts.event.is_some_and(|event| route.names(event)) => Taken::NotNamed,
                _ if is_muted => Taken::Muted,
                _ => Taken::Yes,
            };
            steps.push(Step { route, truth, taken });
            if matches!(taken, Taken::Yes | Taken::Muted) && !route.goes_on {
                break;
            }
        }
        steps
    }

    /// The channels that hear of an event, of those there are: each with the route that gathers it, or at once. Where one
    /// route has it sent at once, no other gathers it.
    pub fn channels<'a>(
        &'a self,
        facts: &Facts<'_>,
        now: Timestamp,
        known: impl Iterator<Item = &'a str>,
    ) -> BTreeMap<&'a str, Option<&'a Route>> {
        if self.routes.is_empty() {
            return known.map(|channel| (channel, None)).collect();
        }
        let mut heard: BTreeMap<&str, Option<&Route>> = BTreeMap::new();
        for step in self.way(facts, now).into_iter().filter(|step| step.taken == Taken::Yes) {
            let gathers = step.route.digest.is_some().then_some(step.route);
            for channel in &step.route.channels {
                let by = heard.entry(channel).or_insert(gathers);
                *by = by.and(gathers).and(*by);
            }
        }
        let known: Vec<&str> = known.collect();
        heard.retain(|channel, _| known.contains(channel));
        heard
    }
}
