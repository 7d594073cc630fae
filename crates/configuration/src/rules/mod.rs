//! Rules between the values of a document.
//!
//! Each rule reads only the nodes that it needs, so it also finds problems in a document with other
//! problems.

mod bastions;
mod channels;
mod matchers;
mod matching;
mod names;
mod retention;
mod reviews;
mod routes;

use domain::cloud::ExtraSuffixes;

use crate::findings::Findings;
use crate::tree::ConfigurationNode;

/// Runs every rule.
pub fn check(root: &ConfigurationNode, extra: &ExtraSuffixes, findings: &mut Findings) {
    if let Some(node) = root.get("bastions") {
        bastions::check(node, extra, findings);
    }
    if let Some(node) = root.get("matching") {
        matching::check(node, findings);
    }
    if let Some(node) = root.get("retention") {
        retention::check(root, node, findings);
    }
    if let Some(node) = root.get("review") {
        reviews::check(node, findings);
    }
    if let Some(node) = root.get("notifications") {
        let channels = node.get("channels");
        channels.into_iter().for_each(|channels| channels::check(channels, findings));
        if let Some(routes) = node.get("routes") {
            routes::check(routes.items(), channels.map_or(&[][..], ConfigurationNode::members), findings);
        }
    }
}
