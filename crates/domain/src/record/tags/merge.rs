//! Merges our tags with tags written by others.

use std::collections::BTreeMap;

use super::{OUR_PREFIX, TAGS_PER_BLOB, TagKey, TagValue};

/// All tags of a blob, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagSet(pub BTreeMap<String, String>);

impl TagSet {
    /// Value of the tag with this key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Returns our tags, by key and value.
    pub fn ours(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter(|(key, _)| key.starts_with(OUR_PREFIX)).map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// Tags to write, and keys without room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Complete set to write; storage replaces all tags at once.
    pub tags: TagSet,
    /// Our keys without room, in falling priority.
    pub left_out: Vec<String>,
}

/// Keeps every foreign tag and adds ours in the order of `plan` while there is room.
///
/// Drops tags of ours if they are not planned any more.
pub fn merge(present: &TagSet, plan: &[PlannedTag]) -> Merged {
    let mut tags: BTreeMap<String, String> =
        present.0.iter().filter(|(key, _)| !key.starts_with(OUR_PREFIX)).map(|(k, v)| (k.clone(), v.clone())).collect();
    let room = TAGS_PER_BLOB.saturating_sub(tags.len());
    let (fitting, rest) = plan.split_at(room.min(plan.len()));
    tags.extend(fitting.iter().map(|tag| (tag.key.as_str().to_owned(), tag.value.as_str().to_owned())));
    Merged { tags: TagSet(tags), left_out: rest.iter().map(|tag| tag.key.as_str().to_owned()).collect() }
}

/// One of our tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedTag {
    /// Key, beginning with `bsr-`.
    pub key: TagKey,
    /// Value of the tag.
    pub value: TagValue,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tags::{TagKey, TagValue};

    fn set(pairs: &[(&str, &str)]) -> TagSet {
        TagSet(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    fn planned(key: &str, value: &str) -> PlannedTag {
        PlannedTag { key: TagKey::parse(key).unwrap(), value: TagValue::parse(value).unwrap() }
    }

    #[test]
    fn foreign_tags_are_kept() {
        let merged = merge(&set(&[("team", "red"), ("bsr-state", "active")]), &[planned("bsr-state", "pending")]);
        assert_eq!(merged.tags, set(&[("team", "red"), ("bsr-state", "pending")]));
    }

    #[test]
    fn a_tag_of_ours_outside_the_plan_is_removed() {
        let merged = merge(&set(&[("bsr-vm", "old")]), &[planned("bsr-hold", "none")]);
        assert_eq!(merged.tags, set(&[("bsr-hold", "none")]));
    }

    #[test]
    fn a_full_tag_set_keeps_the_first_planned_tags() {
        let eight: Vec<(String, String)> = (0..8).map(|n| (format!("k{n}"), "v".to_owned())).collect();
        let present = TagSet(eight.into_iter().collect());
        let plan = [planned("bsr-hold", "none"), planned("bsr-state", "active"), planned("bsr-start", "2026")];
        let merged = merge(&present, &plan);
        assert_eq!(merged.tags.0.len(), 10);
        assert!(merged.tags.0.contains_key("bsr-hold") && merged.tags.0.contains_key("bsr-state"));
        assert_eq!(merged.left_out, ["bsr-start"]);
    }

    #[test]
    fn merging_twice_changes_nothing_more() {
        let plan = [planned("bsr-hold", "none"), planned("bsr-state", "active")];
        let once = merge(&set(&[("team", "red")]), &plan);
        assert_eq!(merge(&once.tags, &plan), once);
    }
}
