//! Evaluates the routes for one event.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{NotificationRoute, Routing};
use crate::policy::matcher::{ConditionResult, Facts};
use crate::record::notification::{Event, Severity};

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

/// Returns true if only routes that name the event take it. The viewing of a held recording is a warning for everybody.
fn must_be_named(facts: &Facts<'_>) -> bool {
    match facts.event {
        Some(Event::RecordingStarted | Event::ReportMonthly) => true,
        Some(Event::RecordingViewed) => facts.severity == Some(Severity::Info),
        _ => false,
    }
}

impl RouteStep<'_> {
    /// Returns true if the event tries no further route. An unknown condition takes the route without ending the way,
    /// because the event may be meant for a later route.
    pub fn is_last(&self) -> bool {
        let is_taken = matches!(self.taken, RouteDecision::Yes | RouteDecision::Muted);
        is_taken && self.truth == ConditionResult::True && !self.route.goes_on
    }
}

impl Routing {
    /// Returns the routes that an event tries, in order, up to the one at which it stops.
    pub fn way(&self, facts: &Facts<'_>, now: Timestamp) -> Vec<RouteStep<'_>> {
        let mut steps = Vec::new();
        let must_be_named = must_be_named(facts);
        for route in &self.routes {
            let truth = route.when.asked(facts);
            let is_muted = route.muted_until.is_some_and(|until| now < until);
            let taken = match truth {
                ConditionResult::False => RouteDecision::No,
                _ if must_be_named && !facts.event.is_some_and(|event| route.names(event)) => RouteDecision::NotNamed,
                // An event that is only possibly meant by a muted route is sent.
                ConditionResult::True if is_muted => RouteDecision::Muted,
                _ => RouteDecision::Yes,
            };
            let step = RouteStep { route, truth, taken };
            steps.push(step);
            if step.is_last() {
                break;
            }
        }
        steps
    }

    /// Returns the channels of `known` that receive an event, each with the route whose digest collects it, or `None`
    /// to send immediately. If any route sends immediately to a channel, no digest collects the event for it. Of several
    /// digests, one of a route whose condition holds is preferred to one of a route whose condition is unknown.
    pub fn channels<'a>(
        &'a self,
        facts: &Facts<'_>,
        now: Timestamp,
        known: impl Iterator<Item = &'a str>,
    ) -> BTreeMap<&'a str, Option<&'a NotificationRoute>> {
        if self.routes.is_empty() {
            return known.map(|channel| (channel, None)).collect();
        }
        let mut by_channel: BTreeMap<&str, Option<&NotificationRoute>> = BTreeMap::new();
        let mut taken = self.way(facts, now);
        taken.retain(|step| step.taken == RouteDecision::Yes);
        // The sort is stable: routes of equal certainty stay in their order.
        taken.sort_by_key(|step| step.truth != ConditionResult::True);
        for step in taken {
            let gathers = step.route.digest.is_some().then_some(step.route);
            for channel in &step.route.channels {
                let by = by_channel.entry(channel).or_insert(gathers);
                *by = by.and(gathers).and(*by);
            }
        }
        let known: Vec<&str> = known.collect();
        by_channel.retain(|channel, _| known.contains(channel));
        by_channel
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::matcher::{Condition, Pattern, Test, TextFact};
    use crate::policy::route::Digest;
    use jiff::SignedDuration;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn route(name: &str, when: Condition, channel: &str) -> NotificationRoute {
        let channels = vec![channel.to_owned()];
        NotificationRoute { name: name.to_owned(), when, channels, goes_on: false, muted_until: None, digest: None }
    }

    fn of_tests() -> Condition {
        Condition::Is(Test::Text(TextFact::Machine, vec![Pattern::any_case("vm-test-*")]))
    }

    fn everything() -> Condition {
        Condition::All(Vec::new())
    }

    fn muted(route: NotificationRoute) -> NotificationRoute {
        NotificationRoute { muted_until: Some(Timestamp::MAX), ..route }
    }

    fn every(hours: i64, route: NotificationRoute) -> NotificationRoute {
        NotificationRoute { digest: Some(Digest::Every(SignedDuration::from_hours(hours))), ..route }
    }

    /// Returns each channel with the route whose digest collects an event of `machine`.
    fn by_channel(routes: Vec<NotificationRoute>, machine: Option<&str>) -> Vec<(String, Option<String>)> {
        let routing = Routing { routes, ..Routing::default() };
        let facts = Facts { machine, event: Some(Event::BastionRecordingStopped), ..Facts::default() };
        let channels = routing.channels(&facts, NOW, ["a", "b"].into_iter());
        channels.into_iter().map(|(name, by)| (name.to_owned(), by.map(|route| route.name.clone()))).collect()
    }

    fn at_once(channels: &[&str]) -> Vec<(String, Option<String>)> {
        channels.iter().map(|name| ((*name).to_owned(), None)).collect()
    }

    #[test]
    fn a_muted_route_silences_no_event_with_unknown_facts() {
        let routes = || vec![muted(route("noisy", of_tests(), "a")), route("everything", everything(), "b")];
        assert_eq!(by_channel(routes(), None), at_once(&["a", "b"]));
        assert_eq!(by_channel(routes(), Some("vm-test-1")), at_once(&[]));
        assert_eq!(by_channel(routes(), Some("vm-web-1")), at_once(&["b"]));
    }

    #[test]
    fn an_event_with_unknown_facts_also_tries_the_next_routes() {
        let routes = || vec![route("tests", of_tests(), "a"), route("everything", everything(), "b")];
        assert_eq!(by_channel(routes(), None), at_once(&["a", "b"]));
        assert_eq!(by_channel(routes(), Some("vm-test-1")), at_once(&["a"]));
        let not_tests = Condition::Not(Box::new(of_tests()));
        assert_eq!(by_channel(vec![route("others", not_tests, "a"), route("rest", everything(), "b")], None).len(), 2);
    }

    #[test]
    fn an_unknown_route_delays_no_event_into_its_digest() {
        let tests = every(24, route("tests", of_tests(), "a"));
        assert_eq!(by_channel(vec![tests.clone(), route("everything", everything(), "a")], None), at_once(&["a"]));
        let hourly = every(1, route("hourly", everything(), "a"));
        let by = |route: &str| vec![("a".to_owned(), Some(route.to_owned()))];
        assert_eq!(by_channel(vec![tests.clone(), hourly], None), by("hourly"));
        assert_eq!(by_channel(vec![tests], None), by("tests"));
    }
}
