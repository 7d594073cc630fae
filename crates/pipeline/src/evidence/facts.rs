//! Finds the ledger lines about the recordings and holds of a bundle, and the segments that prove them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{Seek, Write};

use domain::record::catalogue::{Entry, RecordingState};
use domain::record::ledger::{LedgerLine, LineContent, SegmentNumber, Sha256};
use domain::record::recording_id::RecordingId;
use evidence::{AnchorForm, BundleWriter, FactForm, FactReference, Unknown, segment_name};

use super::ExportError;
use crate::ledger::{LedgerHead, LedgerPlace, SegmentWalk, WalkItem};
use crate::ports::{Fault, Ledger};

/// Bytes per read.
const PIECE: usize = 1 << 20;

/// Recordings and holds of the bundle, with what the ledger should say about them.
#[derive(Default)]
pub(super) struct Wanted {
    recordings: HashMap<RecordingId, Expected>,
    holds: HashSet<String>,
}

#[derive(Default)]
struct Expected {
    sha256: Option<Sha256>,
    is_hash_found: bool,
    is_deleted: bool,
    is_deletion_found: bool,
    /// Outcome and time of each review that was not found yet.
    reviews: Vec<(&'static str, String)>,
}

/// Result of reading the ledger.
#[derive(Default)]
pub(super) struct LedgerExtract {
    /// Segments that prove the facts.
    pub segments: BTreeSet<SegmentNumber>,
    /// Lines about the recordings and holds.
    pub references: Vec<FactReference>,
}

impl Wanted {
    pub(super) fn add(&mut self, entry: &Entry) {
        let sha256 = entry.custody.fingerprint.as_ref().map(|print| print.sha256);
        let is_deleted = entry.state == RecordingState::Deleted && entry.custody.tombstone.is_some();
        let reviews = entry.reviews.iter().map(|mark| (mark.outcome.name(), mark.at.to_string())).collect();
        self.recordings.insert(entry.id, Expected { sha256, is_deleted, reviews, ..Expected::default() });
    }

    pub(super) fn add_hold(&mut self, id: &str) {
        self.holds.insert(id.to_owned());
    }

    /// Returns what a fact is about, if it is about something in the bundle.
    fn take(&mut self, fact: &FactForm) -> Option<String> {
        if let Some(hold) = fact.hold.as_ref().filter(|hold| self.holds.contains(*hold)) {
            return Some(hold.clone());
        }
        let id = fact.recording.as_ref()?;
        let expected = self.recordings.get_mut(&RecordingId::parse(id).ok()?)?;
        match fact.kind.as_str() {
            "recording.hashed" => {
                let sha256 = fact.sha256.as_deref().and_then(Sha256::parse);
                expected.is_hash_found |= sha256.is_some() && sha256 == expected.sha256;
            }
            "recording.reviewed" => {
                let (outcome, at) = (fact.outcome.as_deref(), fact.at.as_deref());
                expected.reviews.retain(|(known, when)| (Some(*known), Some(when.as_str())) != (outcome, at));
            }
            "recording.deleted" => expected.is_deletion_found = true,
            _ => {}
        }
        Some(id.clone())
    }

    /// Returns the proofs that the ledger lacks.
    pub(super) fn unproven(&self) -> Vec<Unknown> {
        let mut unknown = Vec::new();
        for (id, expected) in &self.recordings {
            let mut missing = |what: &str, reason: &str| {
                unknown.push(Unknown { about: id.to_string(), what: what.to_owned(), reason: reason.to_owned() });
            };
            if expected.sha256.is_some() && !expected.is_hash_found {
                missing("hash_in_ledger", "the ledger does not have the hash of its content, or not yet");
            }
            if !expected.reviews.is_empty() {
                missing("review_in_ledger", "the ledger does not have one of its reviews, or not yet");
            }
            if expected.is_deleted && !expected.is_deletion_found {
                missing("deletion_in_ledger", "the ledger does not record its deletion, or not yet");
            } else if !expected.is_deleted && expected.is_deletion_found {
                missing("deletion_in_ledger", "the ledger records its deletion, but its entry does not");
            }
        }
        unknown
    }
}

/// Reads the ledger up to `head`. Includes each segment with a fact, and those after it up to the first anchored head
/// behind the fact, or up to `head` if there is none.
pub(super) async fn extract(
    ledger: &dyn Ledger,
    head: &LedgerHead,
    anchors: &[AnchorForm],
    wanted: &mut Wanted,
    tell: &mut (dyn FnMut(u64) + Send),
) -> Result<LedgerExtract, Fault> {
    let anchored: HashSet<(&str, u64, &str)> = anchors
        .iter()
        .map(|anchor| (anchor.head.segment.as_str(), anchor.head.seq, anchor.head.hash.as_str()))
        .collect();
    let mut extract = LedgerExtract::default();
    let (mut segment, mut open) = (SegmentNumber::FIRST, false);
    let mut walk = SegmentWalk::from(ledger, LedgerPlace::BEGIN).await?;
    while let Some(item) = walk.next().await? {
        let (offset, bytes) = match item {
            WalkItem::Begin(begun) => {
                segment = begun;
                if segment > head.segment {
                    break;
                }
                if open {
                    extract.segments.insert(segment);
                }
                continue;
            }
            WalkItem::Line(offset, bytes) => (offset, bytes),
            WalkItem::End(_, torn) => {
                // Only the opening line of the next segment shows that a partial line is the end of this one.
                if !torn.is_empty() && extract.segments.contains(&segment) {
                    extract.segments.extend(segment.next().filter(|next| *next <= head.segment));
                }
                continue;
            }
        };
        if segment == head.segment && offset >= head.end {
            break;
        }
        tell(bytes.len() as u64 + 1);
        let Ok(line) = LedgerLine::parse(bytes) else { continue };
        if let LineContent::Fact { text, .. } = line.body
            && let Some(fact) = FactForm::parse(text)
            && let Some(about) = wanted.take(&fact)
        {
            open = true;
            extract.segments.insert(segment);
            let (kind, fact, segment) = (fact.kind, fact.id, segment.to_string());
            extract.references.push(FactReference { about, kind, fact, segment, seq: line.seq });
        }
        if open && anchored.contains(&(segment.to_string().as_str(), line.seq, line.hash.to_string().as_str())) {
            open = false;
        }
    }
    Ok(extract)
}

/// Copies a segment, up to `head`. A partial line at the end of an earlier segment is part of it.
pub(super) async fn copy_segment<W: Write + Seek>(
    ledger: &dyn Ledger,
    segment: SegmentNumber,
    head: &LedgerHead,
    bundle: &mut BundleWriter<W>,
) -> Result<(), ExportError> {
    let end = if segment == head.segment { head.end } else { u64::MAX };
    bundle.begin(&segment_name(segment))?;
    let mut from = 0;
    while from < end {
        let limit = usize::try_from(end - from).unwrap_or(PIECE).min(PIECE);
        let piece = ledger.read(segment, from, limit).await?.unwrap_or_default();
        if piece.is_empty() {
            break;
        }
        from += piece.len() as u64;
        bundle.add(&piece)?;
    }
    bundle.end()?;
    Ok(())
}
