//! Parses the blob names of audit logs.

use domain::record::estate::Bastion;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Prefix of the resource id.
const RESOURCE_ID: &str = "resourceId=";

/// Bastion and hour of a log: `resourceId=/…/BASTIONHOSTS/{bastion}/y=2026/m=03/d=02/h=09/m=00/PT1H.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPlace<'a> {
    /// Part before the date, shared by all logs of a bastion.
    pub prefix: &'a str,
    /// Resource id of the bastion, in any case.
    pub resource_id: &'a str,
    /// End of the log's hour (UTC); the log may grow for longer.
    pub hour_ends: Timestamp,
}

impl<'a> LogPlace<'a> {
    /// Parses a blob name. Returns `None` for another layout, which may still be a log.
    pub fn parse(name: &'a str) -> Option<Self> {
        let at = name.find("/y=")?;
        let (prefix, date) = name.split_at(at);
        let mut parts = date.split('/').filter(|part| !part.is_empty());
        let mut number = |key: &str| parts.next()?.strip_prefix(key)?.parse::<i16>().ok();
        let (year, month, day, hour) = (number("y=")?, number("m=")?, number("d=")?, number("h=")?);
        let small = |number: i16| i8::try_from(number).ok();
        let hour = DateTime::new(year, small(month)?, small(day)?, small(hour)?, 0, 0, 0).ok()?;
        let begins = hour.to_zoned(TimeZone::UTC).ok()?.timestamp();
        let resource_id = prefix.find(RESOURCE_ID).map_or(prefix, |at| &prefix[at + RESOURCE_ID.len()..]);
        Some(Self { prefix, resource_id, hour_ends: begins.saturating_add(SignedDuration::from_hours(1)).ok()? })
    }

    /// Returns the storage account whose requests are logged. `None` for the log of another resource.
    pub fn account(&self) -> Option<&'a str> {
        let mut segments = self.resource_id.split('/');
        segments.find(|segment| segment.eq_ignore_ascii_case("storageAccounts"))?;
        segments.next()
    }
}

/// Returns the blob prefixes of a bastion's logs on these days, at most one for each month, so other days of the month
/// may share them. Blob names are case-sensitive, so without a learned prefix both spellings are tried: upper case as
/// documented, and as the management API returns it.
pub(crate) fn prefixes(bastion: &Bastion, learned: Option<&str>, days: &[Date]) -> Vec<String> {
    let Some(resource_id) = &bastion.resource_id else {
        return vec![String::new()];
    };
    let spelled = |id: &str| format!("{RESOURCE_ID}/{}", id.trim_start_matches('/'));
    let mut bases = match learned {
        Some(learned) => vec![learned.to_owned()],
        None => vec![spelled(&resource_id.to_uppercase()), spelled(resource_id)],
    };
    bases.dedup();
    let months = days.chunk_by(|one, other| one.first_of_month() == other.first_of_month());
    let shared: Vec<String> =
        months.filter_map(|days| days.iter().map(of_day).reduce(|one, other| common(&one, &other))).collect();
    bases.iter().flat_map(|base| shared.iter().map(move |of_days| format!("{base}{of_days}"))).collect()
}

/// Returns true if this blob may be a log of one of the days, or has another layout.
pub(super) fn is_of_days(name: &str, days: &[Date]) -> bool {
    let date = name.find("/y=").map(|at| &name[at..]);
    date.is_none_or(|date| days.iter().any(|day| date.starts_with(&of_day(day))))
}

fn of_day(day: &Date) -> String {
    format!("/y={:04}/m={:02}/d={:02}/", day.year(), day.month(), day.day())
}

/// Returns the common beginning of two texts of ASCII.
fn common(one: &str, other: &str) -> String {
    let length = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    one.get(..length).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use domain::record::estate::BastionName;

    use super::*;

    fn bastion() -> Bastion {
        Bastion {
            name: BastionName::new("bas-1"),
            resource_id: Some("/subscriptions/s/bastionHosts/bas-1".to_owned()),
            recordings: Vec::new(),
            audit_logs: None,
            access_expires: None,
            access_logs: None,
        }
    }

    const NAME: &str = "resourceId=/SUBSCRIPTIONS/S/BASTIONHOSTS/BAS-1/y=2026/m=03/d=02/h=09/m=00/PT1H.json";

    #[test]
    fn a_log_name_contains_bastion_and_hour() {
        let place = LogPlace::parse(NAME).unwrap();
        assert_eq!(place.prefix, "resourceId=/SUBSCRIPTIONS/S/BASTIONHOSTS/BAS-1");
        assert_eq!(place.resource_id, "/SUBSCRIPTIONS/S/BASTIONHOSTS/BAS-1");
        assert_eq!(place.hour_ends, "2026-03-02T10:00:00Z".parse().unwrap());
        assert_eq!(place.account(), None);
        let storage =
            "resourceId=/subscriptions/s/providers/Microsoft.Storage/storageAccounts/strec/blobServices/default";
        let name = format!("{storage}/y=2026/m=03/d=02/h=09/m=00/PT1H.json");
        assert_eq!(LogPlace::parse(&name).unwrap().account(), Some("strec"));
    }

    #[test]
    fn a_log_name_of_another_layout_is_not_parsed() {
        for name in ["", "log.json", "a/y=2026/m=13/d=02/h=09/x", "a/y=x/m=01", "a/y=2026/m=02/d=30/h=00/m=00/x"] {
            assert_eq!(LogPlace::parse(name), None, "{name}");
        }
    }

    #[test]
    fn both_spellings_are_tried_until_one_is_learned() {
        let days = [Date::constant(2026, 3, 2)];
        let tried = prefixes(&bastion(), None, &days);
        assert_eq!(
            tried,
            [
                "resourceId=/SUBSCRIPTIONS/S/BASTIONHOSTS/BAS-1/y=2026/m=03/d=02/",
                "resourceId=/subscriptions/s/bastionHosts/bas-1/y=2026/m=03/d=02/"
            ]
        );
        assert_eq!(prefixes(&bastion(), Some("x"), &days), ["x/y=2026/m=03/d=02/"]);
    }

    #[test]
    fn days_of_a_month_share_a_prefix() {
        let days = [Date::constant(2026, 2, 28), Date::constant(2026, 3, 1), Date::constant(2026, 3, 2)];
        assert_eq!(prefixes(&bastion(), Some("x"), &days), ["x/y=2026/m=02/d=28/", "x/y=2026/m=03/d=0"]);
        assert!(is_of_days("x/y=2026/m=03/d=02/h=09/m=00/PT1H.json", &days[1..]));
        assert!(!is_of_days("x/y=2026/m=03/d=03/h=09/m=00/PT1H.json", &days));
        assert!(is_of_days("another layout", &days));
    }
}
