//! What must hold between the values of a document.
//!
//! The rules look at the tree, each at what it needs, so that they find their problems in a document that
//! has others.

mod bastions;
mod channels;
mod matching;
mod retention;

use crate::findings::Findings;
use crate::tree::Node;

/// Checks every rule.
pub fn check(root: &Node, findings: &mut Findings) {
    if let Some(node) = root.get("bastions") {
        bastions::check(node, findings);
    }
    if let Some(node) = root.get("matching") {
        matching::check(node, findings);
    }
    if let Some(node) = root.get("retention") {
        retention::check(root, node, findings);
    }
    if let Some(node) = root.get("notifications").and_then(|node| node.get("channels")) {
        channels::check(node, findings);
    }
}
