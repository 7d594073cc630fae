//! Evidence bundle: a ZIP file with entries, sessions, audit records, holds, ledger lines and contents of recordings,
//! and its verification without a catalogue, a configuration or a network.
//!
//! Pure: works on readers and writers given by the caller. The archive has exactly one form for given files, so every
//! changed, removed or added byte is found. `docs/evidence.md` describes the format.

mod archive;
mod claims;
mod documents;
mod envelope;
mod manifest;
mod names;
mod page;
mod verify;

pub use archive::{BundleWriter, FileSum, MOST_FILES};
pub use claims::{
    ActorClaim, ApprovalClaim, ConfirmationClaim, Confirmations, DeletionClaim, Deletions, HoldClaim, HoldClaims,
    ReviewClaim, ReviewClaims,
};
pub use documents::{
    AuditRecordForm, AuditSection, AuditSessionForm, ContentSection, FactForm, FactReference, LONGEST_DOCUMENT,
    Unknown, UnreadLog,
};
pub use envelope::{Ed25519Key, Envelope, KeyError, PAYLOAD_TYPE, VerifyingKey, p256_signature};
pub use manifest::{AnchorForm, FORMAT, HeadForm, Manifest, ManifestFile, Selected, VERSION};
pub use names::{ANCHORS, ENVELOPE, FACTS, HOLDS, MANIFEST, PAGE, RECORDINGS, UNKNOWNS, content_name, segment_name};
pub use page::{PAGE_VERSION, PageHead, write_page};
pub use verify::{BundleProblem, Finding, PageState, Proof, SignatureState, verify};
