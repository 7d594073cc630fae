//! Counts how many recordings a matcher named, and how many of the names are right.

use super::world::World;

/// What a matcher's verdicts are worth. Scores of several worlds add up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Recordings in the world.
    pub recordings: usize,
    /// Recordings whose session is in the log. Shares are of these.
    pub logged: usize,
    /// Those of `logged` that leave no other explanation possible.
    pub knowable: usize,
    /// Recordings that were given a session.
    pub named: usize,
    /// Named with the session that they show.
    pub right: usize,
    /// Named with another session, or named although their session is not in the log.
    pub wrong: usize,
    /// Those of `wrong` whose name is of the right person all the same.
    pub wrong_same_person: usize,
    /// Those of `wrong` that nobody can know: see [`is_knowable`](super::TrueBlob::is_knowable).
    pub wrong_unknowable: usize,
}

impl Score {
    /// Share of recordings named right, of those whose session is in the log; 1 if there are none.
    pub fn share(&self) -> f64 {
        share(self.right, self.logged)
    }

    /// Share of recordings that leave no other explanation possible, of those whose session is in the log.
    pub fn knowable_share(&self) -> f64 {
        share(self.knowable, self.logged)
    }

    /// Names that show another person than the recording does.
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

/// Compares verdicts with the truth. `verdicts` returns the session that the matcher gives to a recording, if any.
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
