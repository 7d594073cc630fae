//! Date formats of the audit log; each keeps the milliseconds.

use jiff::Timestamp;
use jiff::tz::Offset;
use random::SplitMix;

/// Date format of a record.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Dates {
    Usual,
    SevenDigits,
    WithOffset,
    WithBlank,
}

const DATES: [Dates; 8] = [
    Dates::Usual,
    Dates::Usual,
    Dates::Usual,
    Dates::Usual,
    Dates::Usual,
    Dates::SevenDigits,
    Dates::WithOffset,
    Dates::WithBlank,
];

impl Dates {
    /// Returns a random format, mostly the usual one.
    pub(crate) fn any(random: &mut SplitMix) -> Self {
        random.pick(&DATES)
    }

    pub(crate) fn write(self, at: Timestamp) -> String {
        match self {
            Self::Usual => format!("{at:.3}"),
            Self::SevenDigits => format!("{at:.7}"),
            Self::WithOffset => format!("{:.3}+01:00", Offset::constant(1).to_datetime(at)),
            Self::WithBlank => format!("{:.3}", Offset::UTC.to_datetime(at)).replace('T', " "),
        }
    }
}
