//! Finds the ledger lines about the recordings and holds of a bundle, and the segments that prove them.

use std::collections::{BTreeSet, HashSet};
use std::io::{Seek, Write};

use domain::record::ledger::{LedgerLine, LineContent, SegmentNumber};
use evidence::{AnchorForm, BundleWriter, FactForm, FactReference, segment_name};

use super::ExportError;
use super::wanted::Wanted;
use crate::ledger::{LedgerHead, LedgerPlace, SegmentWalk, WalkItem};
use crate::ports::{Fault, Ledger};

/// Bytes per read.
const PIECE: usize = 1 << 20;

/// Result of reading the ledger.
#[derive(Default)]
pub(super) struct LedgerExtract {
    /// Segments that prove the facts.
    pub segments: BTreeSet<SegmentNumber>,
    /// Lines about the recordings and holds.
    pub references: Vec<FactReference>,
}

/// Reads the ledger up to `head`. Includes each segment with a fact, and those after it up to the first anchored head
/// behind the fact, or up to `head` if there is none.
pub(super) async fn extract(
    ledger: &dyn Ledger,
    head: &LedgerHead,
    anchors: &[AnchorForm],
    wanted: &mut Wanted,
    on_bytes: &mut (dyn FnMut(u64) + Send),
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
        on_bytes(bytes.len() as u64 + 1);
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
