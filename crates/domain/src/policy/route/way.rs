//! Evaluates the routes for one event.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{NotificationRoute, Routing};
use crate::policy::matcher::{ConditionResult, Facts};
use crate::record::notification::Event;

/// Result of one route for an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteStep<'a> {
    /// The route.
    pub route: &'a NotificationRoute,
    /// Result of its condition.
    pub truth: ConditionResult,
    /// Decision.
    pub taken: RouteDecision,
}

/// Decision on whether an event takes a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteDecision {
    /// The event takes the route.
    Yes,
    /// The event takes the route, but nothing is sent.
    Muted,
    /// The condition does not hold.
    No,
    /// The event only takes routes that name it explicitly.
    NotNamed,
}

impl Routing {
    /// Returns the routes that an event tries, in order, up to the one at which it stops.
    pub fn way(&self, facts: &Facts<'_>, now: Timestamp) -> Vec<RouteStep<'_>> {
        let mut steps = Vec::new();
        for route in &self.routes {
            let truth = route.when.asked(facts);
            let must_be_named = facts.event == Some(Event::RecordingStarted);
            let is_muted = route.muted_until.is_some_and(|until| now < until);
            let taken = match truth {
                ConditionResult::False => RouteDecision::No,
                _ if must_be_named && !facts.event.is_some_and(|event| route.names(event)) => RouteDecision::NotNamed,
                _ if is_muted => RouteDecision::Muted,
                _ => RouteDecision::Yes,
            };
            steps.push(RouteStep { route, truth, taken });
            if matches!(taken, RouteDecision::Yes | RouteDecision::Muted) && !route.goes_on {
                break;
            }
        }
        steps
    }

    /// Returns the channels of `known` that receive an event, each with the route whose digest collects it, or `None`
    /// to send immediately. If any route sends immediately to a channel, no digest collects the event for it.
    pub fn channels<'a>(
        &'a self,
        facts: &Facts<'_>,
        now: Timestamp,
        known: impl Iterator<Item = &'a str>,
    ) -> BTreeMap<&'a str, Option<&'a NotificationRoute>> {
        if self.routes.is_empty() {
            return known.map(|channel| (channel, None)).collect();
        }
        let mut heard: BTreeMap<&str, Option<&NotificationRoute>> = BTreeMap::new();
        for step in self.way(facts, now).into_iter().filter(|step| step.taken == RouteDecision::Yes) {
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
