//! Text form of retention, holds and deletion of a recording.

use pipeline::view::{ApprovalView, DeletionView, HeldView, RetentionView};

use crate::output::human;

/// Lines about the retention.
pub(super) fn retention(retention: &RetentionView<'_>) -> Vec<String> {
    let until = retention.delete_after.map_or_else(|| "for ever".to_owned(), |date| date.to_string());
    let mut lines = vec![
        line("class", &human::text(retention.class)),
        line("kept until", &format!("{} at least", retention.retain_until)),
        line("last day", &format!("{until}, then {}", retention.then)),
        line("verdict now", retention.verdict),
    ];
    lines.extend(names("rules", retention.rules));
    lines.extend(names("unknown", retention.unknown_rules));
    lines.extend(retention.grace_until.map(|at| line("goes after", &at.to_string())));
    lines.extend(retention.approved.iter().map(approved));
    lines
}

/// Line about a hold.
pub(super) fn held(held: &HeldView<'_>) -> String {
    let (case, since) = (human::text(held.case), held.since);
    let Some(hold) = held.hold else {
        return format!("held by a foreign tag, value {case}, since {since}");
    };
    let doubt = if held.certain { "" } else { ", which cannot be ruled out" };
    let applied = if held.applied { "" } else { ", being applied: its tag is not written yet" };
    format!("{hold}  case {case}, since {since}{doubt}{applied}")
}

/// Lines about the deletion: who deleted the recording, and under which policy.
pub(super) fn deletion(deletion: &DeletionView<'_>) -> Vec<String> {
    let Some(tombstone) = &deletion.tombstone else {
        return vec![line("by", "another party: the archivist had not decided it")];
    };
    let mut lines = vec![
        line("by", tombstone.by),
        line("class", &human::text(tombstone.class)),
        line("kept until", &tombstone.retain_until.to_string()),
        line("policy", tombstone.policy_digest),
    ];
    lines.extend(names("rules", tombstone.rules));
    lines.extend(tombstone.approved.iter().map(approved));
    lines
}

fn approved(approval: &ApprovalView<'_>) -> String {
    line("allowed by", &format!("{} until {}", human::text(approval.by), approval.until))
}

fn names(label: &str, names: &[String]) -> Option<String> {
    let names: Vec<String> = names.iter().map(|name| human::text(name)).collect();
    (!names.is_empty()).then(|| line(label, &names.join(", ")))
}

fn line(label: &str, value: &str) -> String {
    format!("{label:<12}  {value}")
}
