//! Session of an entry: the verdict, and a person's confirmation of it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::entry::{Entry, RecordingState};
use crate::record::join::{Match, MatchReasoning, UndecidedReason};
use crate::record::recording_id::RecordingId;
use crate::record::session::TunnelId;

/// Session of an entry, and the last notified verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MatchState {
    /// Verdict about the session.
    pub verdict: Match,
    /// Reasoning behind the verdict at the time it was reached.
    pub reasoning: MatchReasoning,
    /// Times of the recording when it was judged.
    pub judged: Option<JudgedTimes>,
    /// True if the bastion was known to write recordings during their sessions when this one was judged. Without a
    /// session, only this makes the times of a quickly written recording those of its session.
    pub is_written_live: bool,
    /// Last notified verdict.
    pub notified: Option<NotifiedVerdict>,
    /// Person as shown in the tags.
    pub tagged_person: Option<String>,
    /// Time at which an open question is asked again.
    pub ask_at: Option<Timestamp>,
    /// Session times contradicted by storage.
    pub contradicted: Contradicted,
    /// Confirmation behind the verdict. `None` if the verdict comes from the log.
    pub confirmed: Option<Confirmed>,
}

/// Times of a recording behind a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgedTimes {
    /// Creation time of the recording.
    pub created_at: Timestamp,
    /// Time of its last write.
    pub last_modified: Timestamp,
}

/// Last notified verdict of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifiedVerdict {
    /// Number of verdicts notified so far.
    pub count: u32,
    /// Name of the verdict, with the session if it has one.
    pub verdict: String,
}

/// Session times contradicted by storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contradicted {
    /// True if storage contradicts the start.
    pub start: bool,
    /// True if storage contradicts the end.
    pub end: bool,
}

/// Confirmation of a recording's session by a person. The session itself is in [`MatchState::verdict`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// Person who confirmed.
    pub by: String,
    /// Reason given by the person.
    pub reason: String,
    /// Time of the confirmation.
    pub at: Timestamp,
    /// Verdict from the log alone.
    pub found: Match,
    /// Contradictions known at the confirmation or notified since.
    pub contradictions: BTreeSet<Contradiction>,
}

/// Contradiction between the log and a confirmation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contradiction {
    /// The log matches the recording to this session instead.
    Session(TunnelId),
    /// The log matches the confirmed session to this other recording.
    Recording(RecordingId),
}

impl Entry {
    /// Returns true if the match was found for this final recording and nothing near has changed since. A later write
    /// does not change the person on the recording, and restarts the disposition.
    pub fn has_settled_match(&self) -> bool {
        let is_judged = self.match_state.judged.is_some_and(|judged| Some(judged.created_at) == self.created_at());
        self.final_at.is_some() && is_judged && self.match_state.ask_at.is_none()
    }
}

impl MatchState {
    /// Returns the reasoning, with a reason if the recording was not judged yet.
    pub fn reasoning(&self, state: RecordingState) -> MatchReasoning {
        match (&self.verdict, self.judged) {
            (Match::Pending, None) if state == RecordingState::Active => {
                MatchReasoning::of_reason(UndecidedReason::NotEnded)
            }
            (Match::Pending, None) => MatchReasoning::of_reason(UndecidedReason::NotJudged),
            _ => self.reasoning,
        }
    }

    /// Returns the verdict from the log alone, ignoring any confirmation.
    pub fn found(&self) -> &Match {
        self.confirmed.as_ref().map_or(&self.verdict, |confirmed| &confirmed.found)
    }
}

impl Contradicted {
    /// Names in stored and shown forms.
    pub fn names(self) -> Vec<&'static str> {
        let named = [(self.start, START_CONTRADICTED), (self.end, END_CONTRADICTED)];
        named.into_iter().filter_map(|(holds, name)| holds.then_some(name)).collect()
    }
}

impl Confirmed {
    /// Grounds of the match, without the person's name, which a privacy setting may hide.
    pub fn explained(&self) -> String {
        format!("confirmed by a person: {}; the log alone says {}", self.reason, self.found.name())
    }
}

impl Contradiction {
    /// Description without personal data.
    pub fn in_words(&self) -> String {
        match self {
            Self::Session(tunnel) => format!("the log names session {tunnel}"),
            Self::Recording(id) => format!("the log has its session on {id}"),
        }
    }
}

const START_CONTRADICTED: &str = "start_contradicts_storage";
const END_CONTRADICTED: &str = "end_contradicts_storage";
