//! Verifies a bundle in one pass from its first byte to its last.

mod closing;
mod finding;
mod json;
mod ledger;
mod lines;
mod page;
mod recordings;
mod statements;

use std::io::{self, Read};

use domain::record::ledger::{LONGEST_LINE, Sha256};
use serde::Serialize;

use crate::archive::{ArchiveReader, ContentSum, FileFrame, NextFile};
use crate::documents::LONGEST_DOCUMENT;
use crate::envelope::VerifyingKey;
use crate::manifest::{AnchorForm, HeadForm, Manifest, ManifestFile};
use crate::names::FileKind;
pub use finding::{BundleProblem, Finding};
use ledger::LedgerCheck;
use lines::Lines;
pub use page::PageState;
use recordings::Recordings;

/// Maximum length of manifest and signature in bytes.
const LONGEST_BUFFER: usize = 128 << 20;
/// Maximum length in bytes of a line of a small list.
const LONGEST_SMALL: usize = 1 << 20;

/// Facts about a verified bundle. They hold as far as there are no findings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Proof {
    /// Newest time in the state of the bundle.
    pub as_of: Option<String>,
    /// Files read.
    pub files: u64,
    /// Bytes of their contents.
    pub bytes: u64,
    /// Recordings.
    pub recordings: u64,
    /// Contents of recordings.
    pub contents: u64,
    /// Audit records.
    pub audit_records: u64,
    /// Things that the bundle says are unknown.
    pub unknown: u64,
    /// Ledger lines about its recordings and holds.
    pub facts: u64,
    /// Those followed by a head that the bundle says was sent to receivers.
    pub facts_anchored: u64,
    /// Those followed by the head that the verifier gave. `None` if none was given, or if it was not found.
    pub facts_under_head: Option<u64>,
    /// Head of the ledger at the export, as the manifest says.
    pub head: Option<HeadForm>,
    /// Last head sent to receivers, as the manifest says.
    pub anchor: Option<AnchorForm>,
    /// Page for people.
    pub page: PageState,
    /// Signature.
    pub signature: SignatureState,
}

/// State of the signature.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SignatureState {
    /// There is none: anybody may have made the bundle.
    #[default]
    Unsigned,
    /// There is one, but no key to check it with was given: the signer is not known.
    NotChecked {
        /// Ids of the keys that signed, as the envelope says.
        keys: Vec<String>,
    },
    /// The given key signed the bundle.
    Valid {
        /// Id of the key.
        key: String,
    },
    /// The signature is wrong, or of another key.
    Wrong {
        /// Ids of the keys that signed, as the envelope says.
        keys: Vec<String>,
    },
}

/// Verifies a bundle, and passes each finding to `report`. With a key, the bundle must be signed by it. With a head, the
/// ledger lines of the bundle must contain it.
///
/// Memory does not depend on the sizes that the file claims, and grows by some hundred bytes per recording and file.
///
/// # Errors
/// The input cannot be read.
pub fn verify(
    input: impl Read,
    key: Option<&VerifyingKey>,
    head: Option<Sha256>,
    report: &mut dyn FnMut(Finding),
) -> io::Result<Proof> {
    let mut verifier = Verifier { ledger: LedgerCheck::looking_for(head), ..Verifier::default() };
    let mut archive = ArchiveReader::new(input);
    loop {
        match archive.next()? {
            NextFile::File(frame, differs) => {
                if let Some(differs) = differs {
                    report(Finding::new(&shown(&frame.name), BundleProblem::Archive, differs));
                }
                let Some(kind) = verifier.enter(&frame, report) else {
                    let sum = archive.content(&frame, |_| {})?;
                    check_content(&frame, &sum, report);
                    continue;
                };
                let sum = archive.content(&frame, |piece| verifier.take(kind, piece, report))?;
                check_content(&frame, &sum, report);
                verifier.leave(kind, &frame, &sum, report);
            }
            NextFile::Broken(detail) => {
                report(Finding::archive(detail));
                break;
            }
            NextFile::Directory => {
                if let Some(detail) = archive.rest()? {
                    report(Finding::archive(detail));
                }
                break;
            }
        }
    }
    Ok(verifier.finish(key, head, report))
}

#[derive(Default)]
struct Verifier {
    last: Option<FileKind>,
    files: Vec<ManifestFile>,
    bytes: u64,
    lines: Option<Lines>,
    buffer: Vec<u8>,
    recordings: Recordings,
    ledger: LedgerCheck,
    manifest: Option<(Manifest, Vec<u8>)>,
    envelope: Option<Vec<u8>>,
    seen: Vec<FileKind>,
}

impl Verifier {
    /// Begins a file. Returns `None` if it does not belong to a bundle or is in the wrong place.
    fn enter(&mut self, frame: &FileFrame, report: &mut dyn FnMut(Finding)) -> Option<FileKind> {
        let name = shown(&frame.name);
        let kind = FileKind::parse(&frame.name);
        let Some(kind) = kind.filter(|kind| self.last.is_none_or(|last| kind.may_follow(last))) else {
            let detail = if kind.is_some() {
                "it is in the wrong place, or twice"
            } else {
                "a bundle has no such file"
            };
            report(Finding::new(&name, BundleProblem::Files, detail));
            return None;
        };
        if matches!(kind, FileKind::Content(id) if self.recordings.contents.contains_key(&id)) {
            report(Finding::new(&name, BundleProblem::Files, "it is there twice"));
            return None;
        }
        self.last = Some(kind);
        self.buffer = Vec::new();
        self.lines = match kind {
            FileKind::Recordings => Some(Lines::new(LONGEST_DOCUMENT)),
            FileKind::Segment(segment) => {
                self.ledger.begin(segment);
                Some(Lines::new(LONGEST_LINE))
            }
            FileKind::Page => {
                self.recordings.page.begin(frame.size);
                None
            }
            FileKind::Holds | FileKind::Anchors | FileKind::Unknowns => Some(Lines::new(LONGEST_SMALL)),
            _ => None,
        };
        if FileKind::MANDATORY.contains(&kind) {
            self.seen.push(kind);
        }
        Some(kind)
    }

    fn take(&mut self, kind: FileKind, piece: &[u8], report: &mut dyn FnMut(Finding)) {
        let Self { lines, recordings, ledger, buffer, .. } = self;
        match (kind, lines) {
            (FileKind::Recordings, Some(lines)) => lines.push(piece, |_, line| recordings.line(line, report)),
            (FileKind::Holds, Some(lines)) => lines.push(piece, |_, line| recordings.hold(line, report)),
            (FileKind::Anchors, Some(lines)) => lines.push(piece, |_, line| ledger.anchor(line, report)),
            (FileKind::Unknowns, Some(lines)) => lines.push(piece, |_, line| recordings.unknown(line, report)),
            (FileKind::Segment(_), Some(lines)) => {
                lines.push(piece, |offset, line| ledger.line(offset, line, recordings, report));
            }
            (FileKind::Page, _) => recordings.page.take(piece),
            (FileKind::Manifest | FileKind::Envelope, _) => {
                let room = (LONGEST_BUFFER + 1).saturating_sub(buffer.len());
                buffer.extend_from_slice(&piece[..piece.len().min(room)]);
            }
            _ => {}
        }
    }

    fn leave(&mut self, kind: FileKind, frame: &FileFrame, sum: &ContentSum, report: &mut dyn FnMut(Finding)) {
        let size = frame.size - sum.missing;
        self.bytes += size;
        if let Some(lines) = self.lines.take() {
            let (offset, rest) = lines.rest();
            match kind {
                FileKind::Segment(_) => self.ledger.end(offset, rest, report),
                _ if !rest.is_empty() => {
                    report(Finding::new(&frame.name, BundleProblem::Format, "its last line has no line feed"));
                }
                _ => {}
            }
        }
        match kind {
            FileKind::Content(id) => {
                self.recordings.contents.insert(id, (size, sum.sha256));
            }
            FileKind::Facts if sum.sha256 != self.ledger.references() => {
                let detail = "it is not the list of the ledger lines about the recordings and holds of the bundle";
                report(Finding::new(&frame.name, BundleProblem::Contradiction, detail));
            }
            FileKind::Manifest => {
                let bytes = std::mem::take(&mut self.buffer);
                self.manifest = closing::read_manifest(bytes, &self.files, report);
                return;
            }
            FileKind::Envelope => {
                self.envelope = Some(std::mem::take(&mut self.buffer));
                return;
            }
            _ => {}
        }
        self.files.push(ManifestFile { name: frame.name.clone(), size, sha256: sum.sha256.to_string() });
    }
}

fn check_content(frame: &FileFrame, sum: &ContentSum, report: &mut dyn FnMut(Finding)) {
    let name = shown(&frame.name);
    if sum.missing > 0 {
        report(Finding::new(
            &name,
            BundleProblem::Archive,
            format!("the archive ends {} bytes before its end", sum.missing),
        ));
    } else if !sum.is_crc_right {
        report(Finding::new(&name, BundleProblem::Changed, "its content differs from its checksum in the archive"));
    }
}

/// Returns a name for people: any bytes may be in a header.
fn shown(name: &str) -> String {
    name.escape_debug().to_string()
}
