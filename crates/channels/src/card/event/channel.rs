//! What channels tell of each other.

use super::{Told, text, time};
use crate::card::Section;
use crate::card::body::Body;

pub(super) fn disabled(body: &Body) -> Told {
    let channel = body.text("channel").unwrap_or(&body.subject);
    let mut rows = Section::default();
    rows.add("Channel", Some(channel.to_owned()));
    rows.add("Reason", text(body, "reason"));
    rows.add("Since", time(body, "since"));
    let summary = format!("Nothing is sent to channel {channel} any more, until somebody switches it on again.");
    Told::new("Channel switched off", summary, rows)
}
