//! Replays quarantined input with its original function.

use jiff::Timestamp;

use super::report::{ItemSource, ReplayItem, ReplayOutcome};
use super::{PAGE, Replay};
use crate::ports::{Fault, QuarantineNote, QuarantinedInput};

impl Replay<'_> {
    /// Replays quarantined input, oldest first. Returns an error only if the listing fails.
    pub async fn quarantine(&mut self) -> Result<(), Fault> {
        self.inputs(ItemSource::Quarantine, |_| true).await
    }

    /// Replays the quarantined input selected by `is_meant`.
    pub(super) async fn inputs(
        &mut self,
        source: ItemSource,
        is_meant: impl Fn(&QuarantineNote) -> bool,
    ) -> Result<(), Fault> {
        let quarantine = &self.input.quarantine;
        let mut page = quarantine.since(self.wanted.since.unwrap_or(Timestamp::MIN), PAGE).await?;
        while let Some(last) = page.last() {
            for note in page.iter().filter(|note| self.wanted.is_in_time(note.at) && is_meant(note)) {
                if self.is_over() {
                    return Ok(());
                }
                self.input(source, note).await;
            }
            if self.wanted.until.is_some_and(|until| last.at >= until) {
                return Ok(());
            }
            page = quarantine.behind(last, PAGE).await?;
        }
        Ok(())
    }

    async fn input(&mut self, source: ItemSource, note: &QuarantineNote) {
        let item = |summary, outcome| ReplayItem {
            source,
            id: note.id.as_str().to_owned(),
            at: note.at,
            reason: note.reason.clone(),
            summary,
            outcome,
        };
        let input = match self.input.quarantine.get(&note.id).await {
            Ok(Some(input)) => input,
            // Another replay has removed the input.
            Ok(None) => return,
            Err(fault) => return self.report(item(Default::default(), ReplayOutcome::Failed(fault.to_string()))),
        };
        let summaries = self.intake.look(&input.origin, &input.raw);
        if !self.wanted.fits(&summaries) {
            return;
        }
        let foresee = || self.intake.foresee(Some(&input.origin), &input.raw);
        let outcome = self.outcome(foresee, self.intake.take(&input.origin, &input.raw)).await;
        if outcome.is_taken() {
            self.remove_input(&input).await;
        }
        self.report(item(summaries.into_iter().next().unwrap_or_default(), outcome));
    }

    async fn remove_input(&mut self, input: &QuarantinedInput) {
        match self.input.quarantine.remove(&input.id).await {
            Ok(()) => {
                tracing::info!(quarantine = %input.id, origin = input.origin, "quarantined input replayed and removed");
                self.done.removed += 1;
            }
            Err(fault) => self.done.left_over.push(fault.to_string()),
        }
    }
}
