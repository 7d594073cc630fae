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
}

/// Returns the blob prefixes of a bastion's logs on these days. Blob names are case-sensitive, so without a learned
/// prefix both spellings are tried: upper case as documented, and as the management API returns it.
pub(super) fn prefixes(bastion: &Bastion, learned: Option<&str>, days: &[Date]) -> Vec<String> {
    let Some(resource_id) = &bastion.resource_id else {
        return vec![String::new()];
    };
    let spelled = |id: &str| format!("{RESOURCE_ID}/{}", id.trim_start_matches('/'));
    let mut bases = match learned {
        Some(learned) => vec![learned.to_owned()],
        None => vec![spelled(&resource_id.to_uppercase()), spelled(resource_id)],
    };
    bases.dedup();
    let of_day =
        |base: &String, day: &Date| format!("{base}/y={:04}/m={:02}/d={:02}/", day.year(), day.month(), day.day());
    bases.iter().flat_map(|base| days.iter().map(move |day| of_day(base, day))).collect()
}

#[cfg(test)]
mod tests {
    use domain::record::estate::BastionName;

    use super::*;

    const NAME: &str = "resourceId=/SUBSCRIPTIONS/S/BASTIONHOSTS/BAS-1/y=2026/m=03/d=02/h=09/m=00/PT1H.json";

    #[test]
    fn a_log_name_contains_bastion_and_hour() {
        let place = LogPlace::parse(NAME).unwrap();
        assert_eq!(place.prefix, "resourceId=/SUBSCRIPTIONS/S/BASTIONHOSTS/BAS-1");
        assert_eq!(place.resource_id, "/SUBSCRIPTIONS/S/BASTIONHOSTS/BAS-1");
        assert_eq!(place.hour_ends, "2026-03-02T10:00:00Z".parse().unwrap());
    }

    #[test]
    fn a_log_name_of_another_layout_is_not_parsed() {
        for name in ["", "log.json", "a/y=2026/m=13/d=02/h=09/x", "a/y=x/m=01", "a/y=2026/m=02/d=30/h=00/m=00/x"] {
            assert_eq!(LogPlace::parse(name), None, "{name}");
        }
    }

    #[test]
    fn both_spellings_are_tried_until_one_is_learned() {
        let bastion = Bastion {
            name: BastionName::new("bas-1"),
            resource_id: Some("/subscriptions/s/bastionHosts/bas-1".to_owned()),
            recordings: Vec::new(),
            audit_logs: None,
            access_expires: None,
        };
        let days = [Date::constant(2026, 3, 2)];
        let tried = prefixes(&bastion, None, &days);
        assert_eq!(
            tried,
            [
                "resourceId=/SUBSCRIPTIONS/S/BASTIONHOSTS/BAS-1/y=2026/m=03/d=02/",
                "resourceId=/subscriptions/s/bastionHosts/bas-1/y=2026/m=03/d=02/"
            ]
        );
        assert_eq!(prefixes(&bastion, Some("x"), &days), ["x/y=2026/m=03/d=02/"]);
    }
}
