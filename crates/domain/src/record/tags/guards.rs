//! Protects the tags behind a deletion, if several programs write tags.

use super::{GUARDS, HOLD, TagSet};

impl TagSet {
    /// Returns the [`GUARDS`] among these tags, by key and value.
    pub fn guards(&self) -> impl Iterator<Item = (&'static str, &str)> {
        GUARDS.into_iter().filter_map(|key| Some((key, self.0.get(key)?.as_str())))
    }

    /// Returns true if every guard in `read` still has the same value here. A guard missing from `read` is not checked:
    /// a conditional write cannot require the absence of a tag.
    pub fn keeps_guards_of(&self, read: &Self) -> bool {
        read.guards().all(|(key, value)| self.0.get(key).is_some_and(|now| now == value))
    }

    /// Value of the hold tag. `None` if the tag is missing.
    pub fn hold(&self) -> Option<&str> {
        self.get(HOLD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(&str, &str)]) -> TagSet {
        TagSet(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_changed_guard_is_not_kept() {
        let read = set(&[("bsr-hold", "none"), ("bsr-class", "brief"), ("team", "red")]);
        assert!(read.keeps_guards_of(&read));
        for now in [
            set(&[("bsr-hold", "CASE-7"), ("bsr-class", "brief")]),
            set(&[("bsr-hold", "none"), ("bsr-class", "pci")]),
            set(&[("bsr-class", "brief")]),
        ] {
            assert!(!now.keeps_guards_of(&read), "{now:?}");
        }
    }

    #[test]
    fn unread_guards_and_foreign_tags_may_change() {
        let now = set(&[("bsr-hold", "CASE-7"), ("bsr-state", "due"), ("team", "blue")]);
        assert!(now.keeps_guards_of(&set(&[("bsr-state", "due"), ("team", "red")])));
        assert!(now.keeps_guards_of(&set(&[])));
    }
}
