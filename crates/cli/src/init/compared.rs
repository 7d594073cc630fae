//! Compares found bastions with the file, and edits the file.

use std::ops::RangeInclusive;

use configuration::{ExtraSuffixes, Outline, WrittenBastion, WrittenContainer};
use domain::decide::posture::ResourceId;

use super::found::{Found, FoundContainer, account_of};
use super::render;

/// Result of the comparison for one bastion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Not in the file yet.
    New,
    /// In the file, with other containers or another access.
    Changed,
    /// In the file as found.
    Same,
    /// Not in the file, and not written: the container of its recordings is not known.
    LeftOut,
}

impl Change {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::LeftOut => "left_out",
        }
    }
}

/// Returns the entry of a bastion: the one with its resource id, or with its name if that has no id.
pub(super) fn entry_of<'o>(outline: &'o Outline, id: &ResourceId) -> Option<&'o WrittenBastion> {
    let with_id = outline.entries.iter().find(|entry| written_id(entry).is_some_and(|written| written == *id));
    let by_name = |entry: &&WrittenBastion| entry.resource_id.is_none() && entry.name.eq_ignore_ascii_case(id.name());
    with_id.or_else(|| outline.entries.iter().find(by_name))
}

pub(super) fn written_id(entry: &WrittenBastion) -> Option<ResourceId> {
    ResourceId::parse(entry.resource_id.as_deref()?)
}

/// Returns true for the entry of the template, which is filled from the parameters of the deployment.
fn is_placeholder(entry: &WrittenBastion) -> bool {
    entry.resource_id.as_deref() == Some("${BASTION_RESOURCE_ID}")
}

/// Compares a bastion with its entry.
pub(super) fn change(found: &Found, entry: Option<&WrittenBastion>, extra: &ExtraSuffixes) -> Change {
    match (entry, &found.recordings) {
        (None, Some(_)) => Change::New,
        (None, None) => Change::LeftOut,
        (Some(entry), _)
            if has_moved(found, entry, extra)
                || has_other_log(found, entry, extra)
                || has_other_access(found, entry) =>
        {
            Change::Changed
        }
        (Some(_), _) => Change::Same,
    }
}

fn is_at(written: &WrittenContainer, found: &FoundContainer, extra: &ExtraSuffixes) -> bool {
    let is_account = match account_of(&written.account_url, extra) {
        Some(account) => account == found.account,
        // An app setting: only the app knows its value.
        None => true,
    };
    is_account
        && (found.container.is_empty()
            || written.container.as_ref().is_none_or(|name| *name == found.container || name.contains("${")))
}

fn has_moved(found: &Found, entry: &WrittenBastion, extra: &ExtraSuffixes) -> bool {
    let present = entry.recordings.iter().find(|one| one.until.is_none());
    let Some(now) = &found.recordings else { return false };
    !present.is_some_and(|present| is_at(present, now, extra))
}

fn has_other_log(found: &Found, entry: &WrittenBastion, extra: &ExtraSuffixes) -> bool {
    let Some(now) = &found.audit else { return false };
    !entry.audit_logs.as_ref().is_some_and(|log| is_at(log, now, extra))
}

/// Returns true if the bastion writes with its identity, and the entry says something else. A bastion with a signature
/// shows nothing about it, so its entry stays.
fn has_other_access(found: &Found, entry: &WrittenBastion) -> bool {
    let is_written = |value: &str| value == "true" || value.contains("${");
    found.has_identity && !entry.managed_identity.as_deref().is_some_and(is_written)
}

/// Replacement of lines, counted from 1. An empty range inserts before its start.
struct Edit {
    lines: RangeInclusive<usize>,
    by: Vec<String>,
}

/// Returns the file with every new and changed bastion. Other lines stay as they are.
///
/// # Errors
/// Returns the entries that have to be changed by hand, one a line.
pub(super) fn edited(
    text: &str,
    outline: &Outline,
    bastions: &[(Found, Change)],
    extra: &ExtraSuffixes,
    today: &str,
) -> Result<String, Vec<String>> {
    let (mut edits, mut by_hand) = (Vec::new(), Vec::new());
    for (found, _) in bastions.iter().filter(|(_, change)| *change == Change::Changed) {
        let Some(entry) = entry_of(outline, &found.id) else { continue };
        match changes(found, entry, extra, today) {
            Some(some) => edits.extend(some),
            None => by_hand.push(format!(
                "bastion {} in line {} is in brackets: write its keys on lines of their own, then run archivist init again",
                entry.name,
                entry.lines.start()
            )),
        }
    }
    if !by_hand.is_empty() {
        return Err(by_hand);
    }
    let new = || bastions.iter().filter(|(_, change)| *change == Change::New).map(|(found, _)| found);
    if new().next().is_some() {
        edits.extend(outline.entries.iter().filter(|entry| is_placeholder(entry)).map(|entry| removed(&entry.lines)));
        edits.push(added(text, outline, new()).map_err(|problem| vec![problem])?);
    }
    Ok(apply(text, edits))
}

/// Returns the edits of one entry, or `None` if it is not in block style.
fn changes(found: &Found, entry: &WrittenBastion, extra: &ExtraSuffixes, today: &str) -> Option<Vec<Edit>> {
    let keys = entry.keys.as_ref()?;
    let lines_of = |name: &str| keys.iter().find(|(key, _)| key == name).map(|(_, lines)| lines.clone());
    let (mut edits, indent) = (Vec::new(), entry.column - 1);
    let recordings = lines_of("recordings")?;
    if let Some(now) = found.recordings.as_ref().filter(|_| has_moved(found, entry, extra)) {
        let earlier: Vec<WrittenContainer> =
            entry.recordings.iter().filter(|one| one.until.is_some() || !is_at(one, now, extra)).cloned().collect();
        let mut by = render::moved(now, &earlier, today, indent);
        keep_dash(entry, &recordings, &mut by);
        edits.push(Edit { lines: recordings.clone(), by });
    }
    if let Some(log) = found.audit.as_ref().filter(|_| has_other_log(found, entry, extra)) {
        let mut by = vec![render::audit_logs(log, indent)];
        let after = *recordings.end() + 1;
        let lines = lines_of("audit_logs").unwrap_or(RangeInclusive::new(after, after - 1));
        keep_dash(entry, &lines, &mut by);
        edits.push(Edit { lines, by });
    }
    if has_other_access(found, entry) {
        let mut by = vec![render::access(indent)];
        let after = *recordings.end() + 1;
        let lines = lines_of("recording_access").unwrap_or(RangeInclusive::new(after, after - 1));
        keep_dash(entry, &lines, &mut by);
        edits.push(Edit { lines, by });
    }
    Some(edits)
}

/// Puts the dash of the list before the first key of an entry.
fn keep_dash(entry: &WrittenBastion, lines: &RangeInclusive<usize>, by: &mut [String]) {
    if let (true, Some(first)) = (lines.start() == entry.lines.start() && !lines.is_empty(), by.first_mut()) {
        let at = entry.column.saturating_sub(3);
        first.replace_range(at..at + 1, "-");
    }
}

fn removed(lines: &RangeInclusive<usize>) -> Edit {
    Edit { lines: lines.clone(), by: Vec::new() }
}

/// Returns the edit that adds entries at the end of the section, or makes the section.
fn added<'f>(text: &str, outline: &Outline, new: impl Iterator<Item = &'f Found>) -> Result<Edit, String> {
    let last = outline.entries.last();
    if let Some(last) = last.filter(|last| last.keys.is_none()) {
        return Err(format!(
            "bastion {} in line {} is in brackets: write its keys on lines of their own, then run archivist init again",
            last.name,
            last.lines.start()
        ));
    }
    let indent = last.map_or(2, |last| last.column.saturating_sub(3));
    let entries = new.filter_map(|found| Some(render::entry(found, found.recordings.as_ref()?, indent))).flatten();
    let mut by: Vec<String> = if last.is_none() { vec!["bastions:".to_owned()] } else { Vec::new() };
    by.extend(entries);
    let lines = match (last, &outline.lines) {
        (None, Some(section)) => section.clone(),
        (Some(last), _) => RangeInclusive::new(last.lines.end() + 1, *last.lines.end()),
        (None, None) => RangeInclusive::new(text.lines().count() + 1, text.lines().count()),
    };
    Ok(Edit { lines, by })
}

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    // At the same place, what is removed ends before what is added.
    edits.sort_by_key(|edit| (*edit.lines.start(), *edit.lines.end()));
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for Edit { lines: at, by } in edits.into_iter().rev() {
        lines.splice(at.start() - 1..*at.end(), by);
    }
    lines.join("\n") + "\n"
}
