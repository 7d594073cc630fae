//! Formats times, sizes and counts for people.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Formats a time to the minute in a time zone: `2026-03-02 09:12 UTC`. Returns any other text unchanged.
pub fn time(text: &str, zone: &TimeZone) -> String {
    match text.parse::<Timestamp>() {
        Ok(at) => at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string(),
        Err(_) => text.to_owned(),
    }
}

/// Formats a duration in milliseconds by its two largest units: `1 h 4 min`.
pub fn duration(millis: u64) -> String {
    let seconds = millis / 1000;
    let units = [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)];
    let first = units.iter().position(|(_, length)| seconds >= *length).unwrap_or(units.len() - 1);
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, length) in units.iter().skip(first).take(2) {
        let count = rest / length;
        rest %= length;
        if count > 0 || parts.is_empty() {
            parts.push(format!("{count} {unit}"));
        }
    }
    parts.join(" ")
}

/// Formats a size in bytes with a decimal unit: `48.2 MB`.
pub fn size(bytes: u64) -> String {
    if bytes < 1000 {
        return count(bytes, "byte");
    }
    let mut tenths = bytes / 100;
    for unit in ["kB", "MB", "GB", "TB", "PB"] {
        if tenths < 10_000 {
            return format!("{}.{} {unit}", tenths / 10, tenths % 10);
        }
        tenths /= 1000;
    }
    format!("{}.{} EB", tenths / 10, tenths % 10)
}

/// Formats a count with its noun: `1 login`, `3 logins`.
pub fn count(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_to_the_minute_and_other_text_unchanged() {
        assert_eq!(time("2026-03-02T09:12:44Z", &TimeZone::UTC), "2026-03-02 09:12 UTC");
        assert_eq!(time("2026-03-02T09:12:44.123+02:00", &TimeZone::UTC), "2026-03-02 07:12 UTC");
        assert_eq!(time("soon", &TimeZone::UTC), "soon");
    }

    #[test]
    fn a_duration_has_its_two_largest_units() {
        let told = [0, 999, 59_000, 60_000, 725_000, 3_600_000, 3_840_000, 90_000_000, u64::MAX].map(duration);
        assert_eq!(
            told,
            ["0 s", "0 s", "59 s", "1 min", "12 min 5 s", "1 h", "1 h 4 min", "1 d 1 h", "213503982334 d 14 h"]
        );
    }

    #[test]
    fn a_size_has_a_decimal_unit() {
        let told = [0, 1, 999, 1000, 48_211_234, 999_999, 1_000_000, 7_300_000_000, u64::MAX].map(size);
        assert_eq!(
            told,
            ["0 bytes", "1 byte", "999 bytes", "1.0 kB", "48.2 MB", "999.9 kB", "1.0 MB", "7.3 GB", "18.4 EB"]
        );
    }
}
