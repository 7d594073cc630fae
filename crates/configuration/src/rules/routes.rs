//! Rules for routes: existing channels, and no unreachable route.

use super::matchers::{self, About};
use super::names::{Defined, known, names};
use crate::findings::Findings;
use crate::tree::{ConfigurationNode, Member};

pub fn check(routes: &[ConfigurationNode], channels: &[Member], findings: &mut Findings) {
    names(routes, "notifications.routes", "route", findings);
    let defined = Defined { what: "channel", under: "notifications.channels", members: channels };
    let mut ends_at: Option<&ConfigurationNode> = None;
    for (at, route) in routes.iter().enumerate() {
        let path = format!("notifications.routes[{at}]");
        if let Some(when) = route.get("when") {
            matchers::check(when, About::Events, &format!("{path}.when"), findings);
        }
        for (number, node) in route.get("channels").map_or(&[][..], ConfigurationNode::items).iter().enumerate() {
            known(node, &format!("{path}.channels[{number}]"), &defined, findings);
        }
        if let Some(digest) = route.get("digest") {
            one_of(digest, &format!("{path}.digest"), findings);
        }
        if let Some(last) = ends_at {
            let what = format!("is never reached: the route in line {} matches everything", last.place.line);
            findings.add(route.place, &path, what, "put it before that one, or add continue: true there");
        } else if route.get("when").is_none() && !goes_on(route) {
            ends_at = Some(route);
        }
    }
}

fn goes_on(route: &ConfigurationNode) -> bool {
    route.get("continue").and_then(ConfigurationNode::scalar).is_some_and(|scalar| scalar.shown() == "true")
}

fn one_of(digest: &ConfigurationNode, path: &str, findings: &mut Findings) {
    if digest.get("every").is_some() == digest.get("daily_at").is_some() {
        let remedy = "write every: PT1H, or daily_at: \"08:00\"";
        findings.add(digest.place, path, "needs one of every and daily_at", remedy);
    }
}
