//! Determines the length of a recording.
//!
//! Assumption about the outside, tested with its opposite: a live-written recording is as long as the time from its
//! creation to its last write. For an uploaded recording, these times give only the duration of the upload.

use jiff::SignedDuration;
use strum::IntoStaticStr;

use super::bounded::UPLOAD_LASTS;
use crate::named;
use crate::policy::join::AT_ONCE;
use crate::record::blob::whole_second;
use crate::record::catalogue::{Contradicted, Entry};
use crate::record::join::WritingMode;

/// Source of a length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum LengthFrom {
    /// Creation and last write of the recording.
    Recording,
    /// Start and end of the session in the audit log, because the recording was uploaded afterwards.
    Session,
}

named!(LengthFrom: name);

impl Entry {
    /// Returns the length of the recording and its source. `None` until the recording has settled, or if it was written
    /// at once and its session is unknown or contradicted by storage.
    pub fn length(&self) -> Option<(SignedDuration, LengthFrom)> {
        self.length_despite(self.match_state.contradicted)
    }

    /// Like [`length`](Self::length), but with given contradictions between session and storage.
    pub(crate) fn length_despite(&self, contradicted: Contradicted) -> Option<(SignedDuration, LengthFrom)> {
        self.settled_at?;
        let (from, to) = (self.life.created_at()?, whole_second(self.life.last_modified()?));
        let written_for = to.duration_since(from);
        let matched = self.match_state.verdict.matched();
        let is_uploaded =
            written_for <= UPLOAD_LASTS && matched.is_some_and(|matched| matched.grounds.written == WritingMode::AtEnd);
        if written_for > AT_ONCE && !is_uploaded {
            return Some((written_for, LengthFrom::Recording));
        }
        let matched = matched?;
        let is_contradicted = contradicted.start || contradicted.end;
        let session = Some(&matched.session).filter(|session| session.ended_at.is_some() && !is_contradicted)?;
        match matched.grounds.written {
            WritingMode::Live => Some((written_for, LengthFrom::Recording)),
            WritingMode::AtEnd => {
                let between = session.ended_at?.duration_since(session.started_at?);
                Some((between, LengthFrom::Session)).filter(|_| !between.is_negative())
            }
        }
    }
}
