//! Parses and compares Azure resource ids.

use std::fmt;

/// Id of an Azure resource. Comparisons ignore case; the original case is kept.
#[derive(Debug, Clone)]
pub struct ResourceId(String);

impl ResourceId {
    /// Parses an id with a subscription as its first segment. `None` for any other text, and if the id could lead to
    /// another path.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_end_matches('/');
        let rest = text.strip_prefix('/').unwrap_or(text);
        let mut segments = rest.split('/');
        let is_subscription = segments.next().is_some_and(|segment| segment.eq_ignore_ascii_case("subscriptions"));
        let is_plain = rest.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#' | b'%' | b'\\'))
            && rest.split('/').all(|segment| !segment.is_empty() && segment != "." && segment != "..");
        (is_subscription && is_plain && segments.next().is_some()).then(|| Self(format!("/{rest}")))
    }

    /// Id as written, with a leading slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name after a segment of this kind, such as `resourceGroups` or `storageAccounts`.
    pub fn named(&self, kind: &str) -> Option<&str> {
        let mut segments = self.0.split('/').skip(1);
        while let (Some(name), Some(value)) = (segments.next(), segments.next()) {
            if name.eq_ignore_ascii_case(kind) {
                return Some(value);
            }
            // The provider also takes a pair of segments; the resource type follows.
        }
        None
    }

    /// Id of the subscription.
    pub fn subscription(&self) -> &str {
        self.named("subscriptions").unwrap_or_default()
    }

    /// Name of the resource: the last segment.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// Id of the blob service of this storage account.
    #[must_use]
    pub fn blob_service(&self) -> Self {
        Self(format!("{self}/blobServices/default"))
    }

    /// Returns true if the resource equals `other` or lies below it.
    pub fn is_within(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.0.to_ascii_lowercase(), other.0.to_ascii_lowercase());
        mine == theirs || mine.strip_prefix(&theirs).is_some_and(|rest| rest.starts_with('/'))
    }
}

impl PartialEq for ResourceId {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for ResourceId {}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUB: &str = "/subscriptions/s1/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";

    fn id(text: &str) -> ResourceId {
        ResourceId::parse(text).unwrap()
    }

    #[test]
    fn parts_are_found_in_any_case() {
        let hub = id(&HUB.to_uppercase());
        assert_eq!((hub.subscription(), hub.named("resourceGroups"), hub.name()), ("S1", Some("RG-HUB"), "BAS-HUB-01"));
        assert_eq!(hub, id(HUB));
        assert_eq!(hub.named("storageAccounts"), None);
    }

    #[test]
    fn a_child_resource_is_distinguished_from_a_longer_name() {
        assert!(id(&format!("{HUB}/providers/Microsoft.Insights/diagnosticSettings/d")).is_within(&id(HUB)));
        assert!(id(HUB).is_within(&id(HUB)));
        assert!(!id(&format!("{HUB}2")).is_within(&id(HUB)));
    }

    #[test]
    fn a_traversing_resource_id_is_rejected() {
        for text in [
            "", "/", "/providers/x/y", "/subscriptions", "/subscriptions/s/../t", "/subscriptions/s?x=y",
            "/subscriptions/s%2f", "/subscriptions//x",
        ] {
            assert!(ResourceId::parse(text).is_none(), "{text}");
        }
    }
}
