//! Card of a digest: several notifications in one message.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::record::notification::{Event, Severity};
use serde::Deserialize;

use super::expiring::{self, ExpiringList};
use super::unknown::readable;
use super::{CardContent, next, title};
use crate::card::body::{ParsedBody, severity};
use crate::card::{SHOWN, Section};
use domain::words::{count, time};

/// Notification of the digest.
#[derive(Debug, Clone, Deserialize)]
struct Line {
    r#type: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    timestamp: String,
}

pub(super) fn content(body: &ParsedBody) -> CardContent {
    let counts = counts(body);
    let lines = lines(body);
    let lists = expiring::lists(body);
    let counted = counts.iter().map(|(_, count)| *count).fold(0, u64::saturating_add);
    let total = body.number("total").unwrap_or(counted).max(lines.len() as u64);
    let is_urgent = lines.iter().any(|line| severity(&line.severity) != Severity::Info);
    let mut shown = Section::headed("The most important");
    for line in &lines {
        let parts = [mark(severity(&line.severity)), line.subject.as_str(), &time(&line.timestamp, &body.zone)];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
        shown.add(&name(&line.r#type), Some(parts.join(" · ")));
    }
    shown.more = total.saturating_sub(shown.rows.len() as u64).saturating_sub(expiring::total(&lists));
    let mut by_event = Section::headed("How many");
    for (event, count) in counts {
        by_event.add(&name(&event), Some(count.to_string()));
    }
    // Somebody can still act on a recording about to be deleted, and on nothing else that is no trouble.
    let room = if is_urgent { SHOWN.saturating_sub(shown.rows.len()) } else { SHOWN };
    let mut sections = expiring::sections(&lists, room, &body.zone);
    sections.insert(if is_urgent { 0 } else { sections.len() }, shown);
    sections.push(by_event);
    CardContent {
        title: count(total, "notification"),
        summary: summary(&lines, &lists),
        sections,
        next: next::step_after(Event::ChannelDigest, body),
    }
}

fn summary(lines: &[Line], lists: &[ExpiringList]) -> String {
    let mut summary = "These events were collected for this channel; this message summarizes them.".to_owned();
    if let Some(expiring) = expiring::summary(lists) {
        summary = format!("{summary} {expiring}");
    }
    let critical = lines.iter().filter(|line| severity(&line.severity) == Severity::Critical).count() as u64;
    if critical > 0 {
        summary = format!("{summary} {} among those shown.", count(critical, "critical event"));
    }
    summary
}

/// Returns the count of each event, by severity and then by count, highest first.
fn counts(body: &ParsedBody) -> Vec<(String, u64)> {
    let value = body.values("by_event").next().cloned().unwrap_or_default();
    let counts: BTreeMap<String, u64> = serde_json::from_value(value).unwrap_or_default();
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(event, count)| Reverse((Event::parse(event).map(Event::severity), *count)));
    counts
}

/// Returns the lines by severity, highest first, otherwise in their order. Malformed lines are skipped.
fn lines(body: &ParsedBody) -> Vec<Line> {
    let value = body.values("lines").filter_map(|value| value.as_array()).flatten();
    let mut lines: Vec<Line> = value.filter_map(|line| serde_json::from_value(line.clone()).ok()).collect();
    lines.sort_by_key(|line| Reverse(severity(&line.severity)));
    lines
}

fn name(event: &str) -> String {
    Event::parse(event).map_or_else(|| readable(event), |event| title(event).to_owned())
}

fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "",
        Severity::Warning | Severity::Critical => severity.name(),
    }
}
