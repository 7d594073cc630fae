//! Counts the recordings that a matcher matched, and the correct matches.

use super::world::World;

/// Score of a matcher's verdicts. Scores of several worlds add up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Recordings in the world.
    pub recordings: usize,
    /// Recordings with a logged session, the basis of the shares.
    pub logged: usize,
    /// Recordings among `logged` that leave no other explanation possible.
    pub knowable: usize,
    /// Recordings matched with a session.
    pub named: usize,
    /// Recordings matched with their own session.
    pub right: usize,
    /// Recordings matched with another session, or matched although their session is not in the log.
    pub wrong: usize,
    /// Matches among `wrong` whose session still belongs to the right person.
    pub wrong_same_person: usize,
    /// Matches among `wrong` that cannot be known: see [`is_knowable`](super::TrueBlob::is_knowable).
    pub wrong_unknowable: usize,
}

impl Score {
    /// Returns the share of correct matches among recordings with a logged session; 1 if there are none.
    pub fn share(&self) -> f64 {
        share(self.right, self.logged)
    }

    /// Returns the share of unambiguous recordings among those with a logged session; 1 if there are none.
    pub fn knowable_share(&self) -> f64 {
        share(self.knowable, self.logged)
    }

    /// Returns the number of matches with the wrong person.
    pub fn wrong_person(&self) -> usize {
        self.wrong - self.wrong_same_person
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of recordings are far below 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

impl std::ops::AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.recordings += other.recordings;
        self.logged += other.logged;
        self.knowable += other.knowable;
        self.named += other.named;
        self.right += other.right;
        self.wrong += other.wrong;
        self.wrong_same_person += other.wrong_same_person;
        self.wrong_unknowable += other.wrong_unknowable;
    }
}

/// Compares verdicts with the truth. `verdicts` returns the session that the matcher assigned to a recording, if any.
pub fn score(world: &World, verdicts: impl Fn(usize) -> Option<usize>) -> Score {
    let mut score = Score { recordings: world.recordings.len(), ..Score::default() };
    for (index, recording) in world.truth.recordings.iter().enumerate() {
        let truth = world.truth.session_of(index);
        score.logged += usize::from(truth.is_some());
        score.knowable += usize::from(truth.is_some() && recording.is_knowable);
        let Some(verdict) = verdicts(index) else { continue };
        score.named += 1;
        if truth == Some(verdict) {
            score.right += 1;
        } else {
            score.wrong += 1;
            score.wrong_same_person += usize::from(world.sessions[verdict].person == recording.person);
            score.wrong_unknowable += usize::from(!recording.is_knowable);
        }
    }
    score
}
