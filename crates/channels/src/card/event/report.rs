//! Card of the monthly coverage report.

use super::text;
use crate::card::Section;
use crate::card::body::ParsedBody;

pub(super) fn monthly(body: &ParsedBody) -> (String, Section) {
    let month = text(body, "month").unwrap_or_else(|| "last month".to_owned());
    let count = |name: &str| body.number(name).map_or_else(|| "not counted".to_owned(), |count| count.to_string());
    let of = |part: &str, all: &str| format!("{} of {}", count(part), count(all));
    let mut rows = Section::default();
    rows.add("Recorded", Some(of("recorded", "recordable") + " recordable sessions"));
    rows.add("Sessions", Some(count("sessions")));
    rows.add("Gaps", Some(count("gaps")));
    rows.add("Named", Some(of("named", "recordings") + " recordings"));
    rows.add("Deletions", Some(count("deletions")));
    (format!("How much was recorded, named and deleted in {month}, over {} bastions.", count("bastions")), rows)
}
