//! Card of a disabled channel.

use super::{text, time};
use crate::card::Section;
use crate::card::body::ParsedBody;

pub(super) fn disabled(body: &ParsedBody) -> (String, Section) {
    let channel = body.text("channel").unwrap_or(&body.subject);
    let mut rows = Section::default();
    rows.add("Channel", Some(channel.to_owned()));
    rows.add("Reason", text(body, "reason"));
    rows.add("Failing since", time(body, "failing_since"));
    let summary = format!("Nothing is sent to channel {channel} until it is enabled again.");
    (summary, rows)
}
