//! Checks the lines of the recordings, holds and unknown things.

use std::collections::{HashMap, HashSet};

use domain::record::ledger::Sha256;
use domain::record::recording_id::RecordingId;
use jiff::Timestamp;

use super::finding::{BundleProblem, Finding};
use super::json;
use super::page::PageCheck;
use super::statements::Statements;
use crate::archive::MOST_FILES;
use crate::claims::{HoldClaim, HoldClaims};
use crate::documents::{AuditRecordForm, FactForm, LONGEST_DOCUMENT, RecordingDocument, Unknown};
use crate::names::{HOLDS, RECORDINGS, UNKNOWNS, content_name};

/// Version of the lines.
const SCHEMA: u32 = 1;

/// Everything that later files are compared with: some hundred bytes per recording.
#[derive(Default)]
pub struct Recordings {
    /// Contents read so far that no line has mentioned yet.
    pub contents: HashMap<RecordingId, (u64, Sha256)>,
    statements: HashMap<RecordingId, Statements>,
    /// By id, the lines about a hold. A hold that was released and placed again has two.
    holds: HashMap<String, Vec<HoldClaims>>,
    unknown: HashSet<(String, String)>,
    /// Number of lines.
    pub count: u64,
    /// Number of audit records.
    pub audit_records: u64,
    /// Number of contents that a line mentions.
    pub contents_checked: u64,
    /// Number of lines about unknown things.
    pub unknowns: u64,
    /// Number of lines with a section about the content.
    pub with_section: u64,
    /// Newest time of a line.
    pub newest: Option<Timestamp>,
    /// Page made of the lines.
    pub page: PageCheck,
}

type Report<'r> = &'r mut dyn FnMut(Finding);

impl Recordings {
    /// Checks a line of `recordings.jsonl`.
    pub fn line(&mut self, line: &[u8], report: Report<'_>) {
        self.count += 1;
        let number = self.count;
        let mut find = |problem, detail: String| report(Finding::new(RECORDINGS, problem, detail));
        if line.len() > LONGEST_DOCUMENT || self.statements.len() >= MOST_FILES {
            return find(BundleProblem::Format, format!("line {number} is too long, or there are too many lines"));
        }
        let document = match json::parse::<RecordingDocument>(line) {
            Ok(document) => document,
            Err(error) => return find(BundleProblem::Format, format!("line {number} is no recording: {error}")),
        };
        if document.schema > SCHEMA {
            return find(BundleProblem::Format, format!("line {number} needs a newer archivist"));
        }
        let key = RecordingId::parse(&document.id).ok().filter(|_| document.recording.id == document.id);
        let Some(key) = key else {
            return find(BundleProblem::Format, format!("line {number} has two ids, or none"));
        };
        match document.as_of.parse::<Timestamp>() {
            Ok(as_of) => self.newest = self.newest.max(Some(as_of)),
            Err(_) => find(BundleProblem::Format, format!("the time of line {number} is not readable")),
        }
        self.page.recording(&document);
        self.check_audit(&document, report);
        let content = self.check_content(key, &document, report);
        self.with_section += u64::from(document.content.is_some());
        let statements = Statements::from_document(document, content);
        if self.statements.insert(key, statements).is_some() {
            report(Finding::new(RECORDINGS, BundleProblem::Format, format!("line {number} repeats {key}")));
        }
    }

    fn check_audit(&mut self, document: &RecordingDocument, report: Report<'_>) {
        let RecordingDocument { id, audit, .. } = document;
        for (at, record) in audit.records.iter().enumerate() {
            self.audit_records += 1;
            let is_of_session = audit.sessions.iter().any(|session| session.tunnel_id == record.tunnel_id);
            let wrong = wrong_record(record).or((!is_of_session).then_some("it is of no session of the line"));
            if let Some(wrong) = wrong {
                let detail = format!("audit record {} of {id}: {wrong}", at + 1);
                report(Finding::new(RECORDINGS, BundleProblem::Changed, detail));
            }
        }
    }

    /// Compares the content in the bundle with the line. Returns its hash, if there is one.
    fn check_content(&mut self, key: RecordingId, document: &RecordingDocument, report: Report<'_>) -> Option<Sha256> {
        let RecordingDocument { id, recording, content, .. } = document;
        let mut find = |problem, detail: String| report(Finding::new(RECORDINGS, problem, detail));
        let catalogued = recording.content_sha256.as_deref().and_then(Sha256::parse);
        if catalogued.is_none() && recording.content_sha256.is_some() {
            find(BundleProblem::Format, format!("the hash of {id} is not readable"));
        }
        let section = content.as_ref()?;
        let file = section.file.as_ref()?;
        let held = self.contents.remove(&key);
        let stated = section.sha256.as_deref().and_then(Sha256::parse);
        let is_right = held.is_some_and(|(size, hash)| (Some(size), Some(hash)) == (section.size, stated));
        if is_right && *file == content_name(key) {
            self.contents_checked += 1;
        } else {
            let detail = format!("{id} names the content {file}, which is missing or different");
            find(BundleProblem::Contradiction, detail);
        }
        if let (Some(catalogued), Some((_, found))) = (catalogued, held)
            && catalogued != found
        {
            let detail = format!("the content of {id} has the SHA-256 {found}, but the catalogue has {catalogued}");
            find(BundleProblem::Contradiction, detail);
        }
        held.map(|(_, hash)| hash)
    }

    /// Checks a line of `holds.jsonl`.
    pub fn hold(&mut self, line: &[u8], report: Report<'_>) {
        match json::parse::<HoldClaim>(line) {
            Ok(hold) if self.holds.len() < MOST_FILES => {
                let lines = self.holds.entry(hold.id.clone()).or_default();
                let is_twice = |known: &HoldClaims| known.stated().released_at.is_some() == hold.released_at.is_some();
                if lines.iter().any(is_twice) {
                    report(Finding::new(HOLDS, BundleProblem::Format, format!("it has the hold {} twice", hold.id)));
                } else {
                    lines.push(HoldClaims::new(hold));
                }
            }
            _ => report(Finding::new(HOLDS, BundleProblem::Format, "a line is no hold, or there are too many")),
        }
    }

    /// Checks a line of `unknown.jsonl`.
    pub fn unknown(&mut self, line: &[u8], report: Report<'_>) {
        match json::parse::<Unknown>(line) {
            Ok(unknown) if self.unknown.len() < 4 * MOST_FILES => {
                self.unknowns += 1;
                self.page.unknown(&unknown);
                let is_known = RecordingId::parse(&unknown.about)
                    .is_ok_and(|about| self.statements.contains_key(&about))
                    || self.holds.contains_key(&unknown.about);
                if !is_known {
                    let detail = format!("it is about {}, which is not in the bundle", unknown.about);
                    report(Finding::new(UNKNOWNS, BundleProblem::Contradiction, detail));
                }
                self.unknown.insert((unknown.about, unknown.what));
            }
            _ => report(Finding::new(UNKNOWNS, BundleProblem::Format, "a line is not readable, or there are too many")),
        }
    }

    /// Returns the recording or hold of this bundle that a fact is about, and compares the fact with it.
    pub fn fact(&mut self, fact: &FactForm) -> Option<String> {
        if let Some(hold) = &fact.hold
            && let Some(lines) = self.holds.get_mut(hold)
        {
            lines.iter_mut().for_each(|line| line.take(fact));
            return Some(hold.clone());
        }
        let id = fact.recording.as_ref()?;
        self.statements.get_mut(&RecordingId::parse(id).ok()?)?.take(fact);
        Some(id.clone())
    }

    /// Compares what recordings and holds say with what the ledger said, once everything is read.
    pub fn finish(&self, report: Report<'_>) {
        for id in self.contents.keys() {
            report(Finding::new(&content_name(*id), BundleProblem::Files, "no line of recordings.jsonl mentions it"));
        }
        let is_listed = |about: &str, what: &str| self.unknown.contains(&(about.to_owned(), what.to_owned()));
        let mut statements: Vec<_> = self.statements.iter().collect();
        statements.sort_by_key(|(id, _)| **id);
        for (id, statements) in statements {
            let id = id.to_string();
            statements.report(&id, |what| is_listed(&id, what), report);
            let has_all = statements.holds().iter().all(|(hold, case)| {
                self.holds.get(hold).is_some_and(|lines| lines.iter().any(|line| line.stated().case == *case))
            });
            if !has_all && !is_listed(&id, "holds") {
                let detail = format!("it lacks a hold that {id} is under, or has it for another case");
                report(Finding::new(HOLDS, BundleProblem::Contradiction, detail));
            }
        }
        let mut holds: Vec<_> = self.holds.iter().collect();
        holds.sort_by_key(|(id, _)| *id);
        for (id, lines) in holds {
            if lines.iter().any(HoldClaims::differ) && !is_listed(id, "hold_in_ledger") {
                let detail = format!(
                    "the ledger lines in the bundle place or release {id} otherwise, and unknown.jsonl does not say so"
                );
                report(Finding::new(HOLDS, BundleProblem::Contradiction, detail));
            }
        }
    }
}

/// Returns what is wrong with a raw audit record.
fn wrong_record(record: &AuditRecordForm) -> Option<&'static str> {
    if record.end.checked_sub(record.begin) != Some(record.text.len() as u64) {
        return Some("its byte range has another length than its text");
    }
    (Sha256::hash(record.text.as_bytes()).to_string() != record.sha256).then_some("its text has another SHA-256")
}
