//! Recordings about to be deleted, as the card of a digest lists them: one list for each retention class.

use domain::words::count;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

use crate::card::Section;
use crate::card::body::ParsedBody;

/// Maximum number of classes that the summary names.
const NAMED: usize = 4;

/// Recordings of one class.
#[derive(Debug, Clone)]
pub(super) struct ExpiringList {
    class: String,
    total: u64,
    recordings: Vec<Recording>,
}

#[derive(Debug, Clone, Deserialize)]
struct Recording {
    name: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    bastion: String,
    #[serde(default)]
    goes_at: String,
    #[serde(default)]
    then: String,
}

/// Returns the lists of a digest, the one with the soonest deletion first. Malformed parts are skipped.
pub(super) fn lists(body: &ParsedBody) -> Vec<ExpiringList> {
    let value = body.values("expiring").filter_map(Value::as_array).flatten();
    let mut lists: Vec<ExpiringList> = value.filter_map(list).collect();
    lists.sort_by_key(|list| list.recordings.iter().filter_map(Recording::goes_at).min().unwrap_or(Timestamp::MAX));
    lists
}

fn list(value: &Value) -> Option<ExpiringList> {
    let class = value.get("class")?.as_str()?.to_owned();
    let recordings = value.get("recordings")?.as_array()?.iter();
    let recordings: Vec<Recording> =
        recordings.filter_map(|recording| serde_json::from_value(recording.clone()).ok()).collect();
    let listed = recordings.len() as u64;
    let total = value.get("total").and_then(Value::as_u64).map_or(listed, |total| total.max(listed));
    (total > 0).then_some(ExpiringList { class, total, recordings })
}

/// Number of recordings in all lists.
pub(super) fn total(lists: &[ExpiringList]) -> u64 {
    lists.iter().fold(0, |sum, list| sum.saturating_add(list.total))
}

/// Counts the recordings of each class in a sentence. `None` if there are none.
pub(super) fn summary(lists: &[ExpiringList]) -> Option<String> {
    let all = total(lists);
    let are = if all == 1 { "is" } else { "are" };
    let mut classes: Vec<String> =
        lists.iter().take(NAMED).map(|list| format!("{} of class {}", list.total, list.class)).collect();
    let others = total(lists.get(NAMED..).unwrap_or_default());
    if others > 0 {
        classes.push(format!("{others} of other classes"));
    }
    (all > 0).then(|| format!("{} {are} about to be deleted: {}.", count(all, "recording"), classes.join(", ")))
}

/// Returns the sections of the lists. The first ones have `room` rows together, so that each class is seen at once.
pub(super) fn sections(lists: &[ExpiringList], room: usize, zone: &TimeZone) -> Vec<Section> {
    let heads = heads(lists, room);
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for (list, head) in lists.iter().zip(heads) {
        let (shown, folded) = list.recordings.split_at(head.min(list.recordings.len()));
        let section = |recordings: &[Recording]| {
            let mut section = Section::headed(&list.heading());
            recordings.iter().for_each(|recording| recording.add_to(&mut section, zone));
            section
        };
        let (mut shown, mut folded) = (section(shown), section(folded));
        let more = list.total.saturating_sub((shown.rows.len() + folded.rows.len()) as u64);
        let last = if folded.rows.is_empty() { &mut shown } else { &mut folded };
        last.more = more;
        first.push(shown);
        rest.push(folded);
    }
    first.into_iter().chain(rest).filter(|section| !section.is_empty()).collect()
}

/// Deals `room` rows out to the lists, one after another.
fn heads(lists: &[ExpiringList], mut room: usize) -> Vec<usize> {
    let mut heads = vec![0; lists.len()];
    while room > 0 {
        let before = room;
        for (head, list) in heads.iter_mut().zip(lists) {
            if room > 0 && *head < list.recordings.len() {
                *head += 1;
                room -= 1;
            }
        }
        if room == before {
            break;
        }
    }
    heads
}

impl ExpiringList {
    /// Heading of letters, digits, blanks and hyphens, like a label.
    fn heading(&self) -> String {
        format!("{} of class {} to be deleted", count(self.total, "recording"), self.class)
    }
}

impl Recording {
    fn goes_at(&self) -> Option<Timestamp> {
        self.goes_at.parse().ok()
    }

    /// Adds the row of this recording: the day on which it goes, its name, person and bastion.
    fn add_to(&self, section: &mut Section, zone: &TimeZone) {
        let day = self.goes_at().map(|at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d").to_string());
        let approval = if self.then == "review" { "once it is approved" } else { "" };
        let parts = [self.name.as_str(), &self.person, &self.bastion, approval];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
        section.add(day.as_deref().unwrap_or("soon"), Some(parts.join(" · ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(class: &str, recordings: usize) -> ExpiringList {
        let recording = |number: usize| Recording {
            name: format!("{class}-{number}"),
            person: String::new(),
            bastion: "bas-hub-01".to_owned(),
            goes_at: "2026-03-09T23:30:00Z".to_owned(),
            then: "delete".to_owned(),
        };
        ExpiringList { class: class.to_owned(), total: 12, recordings: (0..recordings).map(recording).collect() }
    }

    #[test]
    fn the_day_of_a_deletion_is_that_of_the_readers_time_zone() {
        let day = |zone: &TimeZone| sections(&[of("pci", 1)], 5, zone)[0].rows[0].label.as_str().to_owned();
        assert_eq!(day(&TimeZone::UTC), "2026-03-09");
        assert_eq!(day(&TimeZone::posix("CET-1").unwrap()), "2026-03-10");
    }

    #[test]
    fn every_class_has_a_row_among_the_first_ones() {
        let counted = |lists: &[ExpiringList], room| {
            let sections = sections(lists, room, &TimeZone::UTC);
            sections.iter().map(|section| (section.rows.len(), section.more)).collect::<Vec<_>>()
        };
        assert_eq!(counted(&[of("a", 10), of("b", 1), of("c", 10)], 5), [(2, 0), (1, 11), (2, 0), (8, 2), (8, 2)]);
        assert_eq!(counted(&[of("a", 3)], 5), [(3, 9)]);
        assert_eq!(counted(&[of("a", 3)], 0), [(3, 9)]);
        assert_eq!(counted(&[], 5), []);
    }
}
