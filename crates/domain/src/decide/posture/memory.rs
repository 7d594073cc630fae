//! Remembers notified findings, to notify each one once.

use std::collections::BTreeMap;

use crate::record::notification::Severity;

/// Notified findings, by the key of the check.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memory {
    /// Every finding ever notified.
    pub notified: BTreeMap<String, News>,
}

/// Notified finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Text by which the finding is recognised; usually its evidence without numbers and times.
    pub gist: String,
    /// Severity of the finding.
    pub severity: Severity,
    /// Number of notifications in all its forms.
    pub times: u64,
    /// True if the finding persists.
    pub stands: bool,
}

impl Memory {
    /// Records a finding. Returns the number of its notification, or `None` if the same finding was already notified.
    pub fn found(&mut self, key: &str, gist: &str, severity: Severity) -> Option<u64> {
        let known = self.notified.get(key);
        if known.is_some_and(|known| known.stands && known.gist == gist && known.severity == severity) {
            return None;
        }
        let times = known.map_or(0, |known| known.times) + 1;
        self.notified.insert(key.to_owned(), News { gist: gist.to_owned(), severity, times, stands: true });
        Some(times)
    }

    /// Returns the keys of the findings that persist.
    pub fn open_keys(&self) -> impl Iterator<Item = &str> {
        self.notified.iter().filter(|(_, news)| news.stands).map(|(key, _)| key.as_str())
    }

    /// Records that a finding no longer persists. Returns the finding if it did until now.
    pub fn mended(&mut self, key: &str) -> Option<&News> {
        let known = self.notified.get_mut(key).filter(|known| known.stands)?;
        known.stands = false;
        Some(known)
    }
}

/// Returns the text without numbers and times, by which a finding is recognised on another day.
pub fn gist_of(evidence: &str) -> String {
    let is_number =
        |word: &str| word.trim_start_matches(['.', '-', '(']).starts_with(|first: char| first.is_ascii_digit());
    evidence.split_whitespace().filter(|word| !is_number(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_reported_again_if_it_changed_or_recurred() {
        let mut memory = Memory::default();
        assert_eq!(memory.found("a/x", "off", Severity::Warning), Some(1));
        assert_eq!(memory.found("a/x", "off", Severity::Warning), None);
        assert_eq!(memory.found("a/x", "off", Severity::Critical), Some(2));
        assert_eq!(memory.mended("a/x").map(|news| news.times), Some(2));
        assert_eq!(memory.mended("a/x"), None, "it is over once");
        assert_eq!(memory.found("a/x", "off", Severity::Critical), Some(3));
        assert_eq!(memory.found("a/y", "off", Severity::Critical), Some(1));
    }

    #[test]
    fn the_gist_of_a_finding_ignores_numbers_and_times() {
        assert_eq!(
            gist_of("newest record 2026-03-02T09:00:00Z, 7 min old"),
            gist_of("newest record 2026-03-03T09:00:00Z, 12 min old")
        );
        assert_eq!(gist_of("vm-1 is at .201"), "vm-1 is at");
        assert_ne!(gist_of("sends it to staudit01"), gist_of("sends it to staudit02"));
    }
}
