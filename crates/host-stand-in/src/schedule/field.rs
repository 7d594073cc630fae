//! Field of a schedule.

/// Allowed values of a field, and their names if they have any.
pub(super) struct FieldRange {
    pub(super) name: &'static str,
    pub(super) first: i8,
    pub(super) last: i8,
    pub(super) names: &'static [&'static str],
}

/// Values at which the timer fires, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScheduleField(u64);

impl ScheduleField {
    /// Parses a comma-separated list of `*`, `a`, `a-b`, each with an optional `/step`. Returns `None` for anything
    /// else.
    pub(super) fn parse(text: &str, range: &FieldRange) -> Option<Self> {
        text.split(',').try_fold(0, |bits, item| Some(bits | item_bits(item, range)?)).map(Self)
    }

    pub(super) fn contains(self, value: i8) -> bool {
        self.0 & (1 << value) != 0
    }

    /// Values from `value` on, ascending.
    pub(super) fn from(self, value: i8) -> impl Iterator<Item = i8> {
        (value..64).filter(move |value| self.contains(*value))
    }
}

fn item_bits(item: &str, range: &FieldRange) -> Option<u64> {
    let (span, step) = match item.split_once('/') {
        Some((span, step)) => (span, Some(step.parse::<u8>().ok().filter(|step| *step > 0)?)),
        None => (item, None),
    };
    let (first, last) = match (span.split_once('-'), step) {
        _ if span == "*" => (range.first, range.last),
        (Some((first, last)), _) => (value(first, range)?, value(last, range)?),
        (None, Some(step)) if step > 1 => (value(span, range)?, range.last),
        (None, _) => (value(span, range)?, value(span, range)?),
    };
    (first <= last).then(|| (first..=last).step_by(step.unwrap_or(1).into()).fold(0, |bits, value| bits | (1 << value)))
}

/// Parses a number, a name, or a prefix of a name with at least three letters.
fn value(text: &str, range: &FieldRange) -> Option<i8> {
    let lower = text.to_ascii_lowercase();
    let named = range.names.iter().position(|name| lower.len() >= 3 && name.starts_with(&lower));
    let value = match named {
        Some(place) => i8::try_from(place).ok()? + range.first,
        None => text.parse().ok()?,
    };
    (range.first..=range.last).contains(&value).then_some(value)
}
