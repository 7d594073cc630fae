//! Names and order of the files of a bundle.

use domain::record::ledger::SegmentNumber;
use domain::record::recording_id::RecordingId;

/// One line per recording.
pub const RECORDINGS: &str = "recordings.jsonl";
/// One line per legal hold.
pub const HOLDS: &str = "holds.jsonl";
/// One line per ledger line about a recording or hold of the bundle.
pub const FACTS: &str = "ledger-facts.jsonl";
/// One line per anchored head of the ledger.
pub const ANCHORS: &str = "anchors.jsonl";
/// One line per thing that could not be read or proven.
pub const UNKNOWNS: &str = "unknown.jsonl";
/// Page for people.
pub const PAGE: &str = "index.html";
/// List of all files with their hashes.
pub const MANIFEST: &str = "manifest.json";
/// Signature of the manifest.
pub const ENVELOPE: &str = "manifest.dsse.json";

/// Returns the name of a recording's content.
pub fn content_name(id: RecordingId) -> String {
    format!("content/{id}.bin")
}

/// Returns the name of a segment of the ledger.
pub fn segment_name(segment: SegmentNumber) -> String {
    format!("ledger/{segment}.jsonl")
}

/// Kind of a file, in the order of the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FileKind {
    Content(RecordingId),
    Recordings,
    Holds,
    // Before the segments, so that their lines are compared as they are read.
    Anchors,
    Segment(SegmentNumber),
    Facts,
    Unknowns,
    Page,
    Manifest,
    Envelope,
}

impl FileKind {
    /// Files that every bundle has, once each.
    pub(crate) const MANDATORY: [Self; 7] =
        [Self::Recordings, Self::Holds, Self::Facts, Self::Anchors, Self::Unknowns, Self::Page, Self::Manifest];

    /// Parses a name. Returns `None` for a name that no file of a bundle has.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            RECORDINGS => Self::Recordings,
            HOLDS => Self::Holds,
            FACTS => Self::Facts,
            ANCHORS => Self::Anchors,
            UNKNOWNS => Self::Unknowns,
            PAGE => Self::Page,
            MANIFEST => Self::Manifest,
            ENVELOPE => Self::Envelope,
            _ => {
                if let Some(segment) = name.strip_prefix("ledger/").and_then(|rest| rest.strip_suffix(".jsonl")) {
                    return SegmentNumber::parse(segment).map(Self::Segment);
                }
                let id = name.strip_prefix("content/")?.strip_suffix(".bin")?;
                // The text form is compared, because several texts may have one value.
                let id = RecordingId::parse(id).ok().filter(|parsed| parsed.to_string() == id)?;
                Self::Content(id)
            }
        })
    }

    /// Returns the name of the file.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Content(id) => content_name(id),
            Self::Segment(segment) => segment_name(segment),
            Self::Recordings => RECORDINGS.to_owned(),
            Self::Holds => HOLDS.to_owned(),
            Self::Facts => FACTS.to_owned(),
            Self::Anchors => ANCHORS.to_owned(),
            Self::Unknowns => UNKNOWNS.to_owned(),
            Self::Page => PAGE.to_owned(),
            Self::Manifest => MANIFEST.to_owned(),
            Self::Envelope => ENVELOPE.to_owned(),
        }
    }

    /// Returns true if `self` may follow `before`. Contents are in the order of the recordings.
    pub(crate) fn may_follow(self, before: Self) -> bool {
        matches!((before, self), (Self::Content(_), Self::Content(_))) || before < self
    }
}
