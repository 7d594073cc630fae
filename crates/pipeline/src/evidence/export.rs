//! Writes a bundle.

use std::io::{Read, Seek, Write};

use domain::record::catalogue::Entry;
use domain::record::ledger::{SegmentNumber, Sha256};
use evidence::{
    ANCHORS, AnchorForm, BundleWriter, ContentSection, Envelope, FACTS, FORMAT, HOLDS, HeadForm, Manifest, PAGE,
    PAGE_VERSION, PageHead, RECORDINGS, UNKNOWNS, Unknown, VERSION, write_page,
};
use jiff::Timestamp;
use serde::Serialize;

use super::ExportError;
use super::audit::FindAuditRecords;
use super::content::copy_content;
use super::facts::{LedgerExtract, copy_segment, extract};
use super::lines::Spool;
use super::sections::{SECTIONS, SectionSources, Subject};
use super::selection::{EvidenceSelection, SelectedPages, ShownCases};
use super::wanted::Wanted;
use crate::hold::known_holds;
use crate::ledger::{LedgerAnchor, LedgerHead, anchors};
use crate::ports::{BlobStore, BundleSigner, Fault, Ledger};
use crate::reading::CatalogueReader;
use crate::view::HoldView;

/// Version of the lines of recordings.
const SCHEMA: u32 = 1;

/// Progress of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceStep {
    /// A recording was read.
    Recording,
    /// Bytes of content were copied.
    ContentBytes(u64),
    /// Bytes of the ledger were read.
    LedgerBytes(u64),
}

/// Result of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// Newest time in the shown state.
    pub as_of: Timestamp,
    /// Recordings.
    pub recordings: u64,
    /// Contents included.
    pub contents: u64,
    /// Ledger lines about the recordings and holds.
    pub facts: u64,
    /// Length of the bundle in bytes. The output may be longer, because an unreadable content was dropped: cut it.
    pub bytes: u64,
    /// Contents that differ from the hash in the catalogue.
    pub differing: Vec<String>,
    /// Things that are unknown.
    pub unknown: Vec<Unknown>,
    /// Id of the key that signed the bundle.
    pub signed_by: Option<String>,
}

/// Export of evidence from read-only stores.
pub struct ExportEvidence<'a> {
    /// Catalogue with its context. Its time is not used.
    pub reader: CatalogueReader<'a>,
    /// Recordings and audit logs.
    pub blobs: &'a dyn BlobStore,
    /// Ledger.
    pub ledger: &'a dyn Ledger,
    /// True to include the contents.
    pub with_content: bool,
    /// Key that signs the bundle.
    pub signer: Option<&'a dyn BundleSigner>,
}

type OnStep<'t> = &'t mut (dyn FnMut(EvidenceStep) + Send);

/// Recordings read so far.
struct ExportState<'a> {
    sources: SectionSources<'a>,
    wanted: Wanted,
    cases: ShownCases,
    /// Heads of the ledger that were sent.
    sent: Vec<AnchorForm>,
    head: Option<LedgerHead>,
    exported: Exported,
}

impl ExportEvidence<'_> {
    /// Writes the bundle of a selection into `output`, with `spool` as temporary storage; both are empty at first.
    ///
    /// Memory grows by some hundred bytes per recording, ledger line about one, and content.
    ///
    /// # Errors
    /// A store or the output fails, or the last line of the ledger is damaged.
    pub async fn run<W: Write + Seek, S: Read + Write + Seek>(
        &self,
        selection: &EvidenceSelection,
        output: W,
        spool: S,
        on_step: OnStep<'_>,
    ) -> Result<(W, Exported), ExportError> {
        let (mut bundle, mut spool) = (BundleWriter::new(output), Spool::new(spool));
        // Before the head: every head that was sent is in the ledger, unless lines were cut off.
        let sent: Vec<AnchorForm> = anchors(self.reader.checkpoints).await?.iter().map(anchor_form).collect();
        // The head is read first: facts appended later are not shown, so the bundle has one state of the ledger.
        let head = LedgerHead::read(self.ledger).await?;
        let known = known_holds(self.reader.checkpoints).await?;
        let mut pages = SelectedPages::new(self.reader, &selection.recordings, &known);
        let audit = FindAuditRecords::new(self.reader, self.blobs);
        let mut state = ExportState {
            sources: SectionSources { reader: self.reader, audit, unknown: Vec::new() },
            wanted: Wanted::default(),
            cases: ShownCases::new(known, &selection.recordings),
            sent,
            head,
            exported: Exported::at(head),
        };
        while let Some(entries) = pages.next().await? {
            for entry in entries {
                let line = self.recording(entry, &mut state, &mut bundle, on_step).await?;
                spool.add(&line)?;
                on_step(EvidenceStep::Recording);
            }
        }
        spool.copy(RECORDINGS, &mut bundle)?;
        self.close(selection, state, bundle, spool, on_step).await
    }

    /// Returns the line of a recording, and copies its content if wanted.
    async fn recording<W: Write + Seek>(
        &self,
        entry: Entry,
        state: &mut ExportState<'_>,
        bundle: &mut BundleWriter<W>,
        on_step: OnStep<'_>,
    ) -> Result<String, ExportError> {
        let subject = Subject::read(entry, state.head.map(|head| head.at), &self.reader).await?;
        let Subject { entry, as_of, .. } = &subject;
        state.wanted.add(entry);
        if !state.cases.add(entry) {
            let (about, what) = (entry.id.to_string(), "holds".to_owned());
            let reason = "a hold on it was placed during the export".to_owned();
            state.sources.unknown.push(Unknown { about, what, reason });
        }
        state.exported.recordings += 1;
        state.exported.as_of = state.exported.as_of.max(*as_of);
        let mut line = format!(r#"{{"schema":{SCHEMA},"id":"{}","as_of":"{as_of}""#, entry.id);
        for (name, write) in SECTIONS {
            let section = write(&mut state.sources, &subject).await?;
            line.push_str(&format!(r#","{name}":{section}"#));
        }
        let content = if self.with_content {
            let content =
                copy_content(self.blobs, entry, bundle, &mut |bytes| on_step(EvidenceStep::ContentBytes(bytes)))
                    .await?;
            state.note_content(entry, &content);
            serde_json::to_string(&content).map_err(std::io::Error::other)?
        } else {
            "null".to_owned()
        };
        line.push_str(&format!(r#","content":{content}}}"#));
        Ok(line)
    }

    /// Writes everything behind the recordings.
    async fn close<W: Write + Seek, S: Read + Write + Seek>(
        &self,
        selection: &EvidenceSelection,
        mut state: ExportState<'_>,
        mut bundle: BundleWriter<W>,
        mut spool: Spool<S>,
        on_step: OnStep<'_>,
    ) -> Result<(W, Exported), ExportError> {
        bundle.begin(HOLDS)?;
        for known in state.cases.shown() {
            state.wanted.add_hold(known);
            bundle.add(line(&HoldView::from_hold(known))?.as_bytes())?;
        }
        bundle.end()?;
        let found = self.ledger(&mut state, &mut bundle, on_step).await?;
        let mut unknown = std::mem::take(&mut state.sources.unknown);
        unknown.extend(state.wanted.unproven());
        unknown.sort();
        unknown.dedup();
        bundle.begin(UNKNOWNS)?;
        for one in &unknown {
            bundle.add(line(one)?.as_bytes())?;
        }
        bundle.end()?;
        let exported = Exported { facts: found.references.len() as u64, unknown, ..state.exported };
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            version: VERSION,
            as_of: exported.as_of.to_string(),
            selection: selection.described.clone(),
            recordings: exported.recordings,
            with_content: self.with_content,
            page: PAGE_VERSION,
            head: state.head.map(|head| form(head.segment, head.seq, head.at, head.hash)),
            anchor: state.sent.last().cloned(),
            files: Vec::new(),
        };
        bundle.begin(PAGE)?;
        write_page(&PageHead::from_manifest(&manifest), &exported.unknown, spool.lines()?, |piece| bundle.add(piece))?;
        bundle.end()?;
        let manifest = bundle.manifest(manifest)?;
        let envelope = match self.signer {
            Some(signer) => Some(signed(signer, &manifest).await?),
            None => None,
        };
        let (output, bytes) = bundle.finish(envelope.as_ref())?;
        let signed_by = self.signer.map(|signer| signer.public().id().to_owned());
        Ok((output, Exported { bytes, signed_by, ..exported }))
    }

    /// Writes anchors, segments and the list of facts. Returns the facts.
    async fn ledger<W: Write + Seek>(
        &self,
        state: &mut ExportState<'_>,
        bundle: &mut BundleWriter<W>,
        on_step: OnStep<'_>,
    ) -> Result<LedgerExtract, ExportError> {
        let sent = &state.sent;
        let found = match &state.head {
            Some(head) => {
                let mut count = |bytes| on_step(EvidenceStep::LedgerBytes(bytes));
                extract(self.ledger, head, sent, &mut state.wanted, &mut count).await?
            }
            None => LedgerExtract::default(),
        };
        bundle.begin(ANCHORS)?;
        let is_shown = |anchor: &&AnchorForm| found.segments.iter().any(|one| one.to_string() == anchor.head.segment);
        for anchor in sent.iter().filter(is_shown) {
            bundle.add(line(anchor)?.as_bytes())?;
        }
        bundle.end()?;
        if let Some(head) = &state.head {
            for segment in &found.segments {
                copy_segment(self.ledger, *segment, head, bundle).await?;
            }
        }
        bundle.begin(FACTS)?;
        for reference in &found.references {
            bundle.add(reference.line().as_bytes())?;
        }
        bundle.end()?;
        Ok(found)
    }
}

impl ExportState<'_> {
    /// Compares a content with the catalogue, and notes one that could not be copied.
    fn note_content(&mut self, entry: &Entry, content: &ContentSection) {
        self.exported.contents += u64::from(content.file.is_some());
        let known = entry.custody.fingerprint.as_ref().map(|print| print.sha256.to_string());
        if known.is_some() && content.sha256.is_some() && content.sha256 != known {
            self.exported.differing.push(entry.id.to_string());
        }
        if let Some(reason) = &content.unknown {
            let (about, what) = (entry.id.to_string(), "content".to_owned());
            self.sources.unknown.push(Unknown { about, what, reason: reason.clone() });
        }
    }
}

impl Exported {
    fn at(head: Option<LedgerHead>) -> Self {
        Self {
            as_of: head.map_or(Timestamp::UNIX_EPOCH, |head| head.at),
            recordings: 0,
            contents: 0,
            facts: 0,
            bytes: 0,
            differing: Vec::new(),
            unknown: Vec::new(),
            signed_by: None,
        }
    }
}

async fn signed(signer: &dyn BundleSigner, manifest: &[u8]) -> Result<Envelope, Fault> {
    let (message, key) = (Envelope::message(manifest), signer.public());
    let signature = signer.sign(&message).await?;
    if !key.verifies(&message, &signature) {
        return Err(Fault::permanent("sign the bundle", format!("the signature is not one of key {}", key.id())));
    }
    Ok(Envelope::signed(manifest, key, &signature))
}

fn form(segment: SegmentNumber, seq: u64, at: Timestamp, hash: Sha256) -> HeadForm {
    HeadForm { segment: segment.to_string(), seq, at: at.to_string(), hash: hash.to_string() }
}

fn anchor_form(anchor: &LedgerAnchor) -> AnchorForm {
    let LedgerAnchor { segment, seq, at, hash, sent_at, notification } = anchor;
    AnchorForm {
        head: form(*segment, *seq, *at, *hash),
        sent_at: sent_at.to_string(),
        notification: notification.clone(),
    }
}

/// Returns the line of a value, which always has a JSON form.
fn line(value: &impl Serialize) -> std::io::Result<String> {
    serde_json::to_string(value).map(|line| line + "\n").map_err(std::io::Error::other)
}
