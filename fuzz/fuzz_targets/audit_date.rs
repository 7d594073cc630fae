//! Parses any text as a date and as a duration.

#![no_main]

use audit_log::{Length, Moment};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(Length::Of(length)) = Length::read(text.into()) {
        assert!(length.is_positive());
        assert_eq!(Length::read(length.as_millis().to_string().into()), Some(Length::Of(length)));
    }
    let moment = Moment::read(text.into());
    if let Some(Moment::At(at)) = moment {
        assert_eq!(Moment::read(at.to_string().into()), Some(Moment::At(at)), "written again it is the same");
    }
    if let Ok(at) = text.parse::<Timestamp>()
        && let Some(Moment::At(ours)) = moment
    {
        assert_eq!(ours, at, "both understand the same");
    }
});
