//! Replays events from the dead-letter files of the event service.

use super::intake::Letter;
use super::report::{ItemSource, ReplayItem, ReplayOutcome};
use super::{PAGE, Replay};
use crate::ports::{DeadLetterFile, DeadLetters, Fault};

/// Maximum file size in bytes. The event service writes only a few events per file.
const LARGEST: u64 = 64 << 20;

impl Replay<'_> {
    /// Replays dead-letter files in the order of their names. Returns an error only if the listing fails.
    ///
    /// A file is removed once all its events were taken. A file with unwanted or unreadable events stays.
    pub async fn dead_letters(&mut self, letters: &dyn DeadLetters) -> Result<(), Fault> {
        let mut page = letters.list(None, PAGE).await?;
        while let Some(last) = page.last() {
            for file in &page {
                if self.is_over() {
                    return Ok(());
                }
                self.file(letters, file).await;
            }
            page = letters.list(Some(&last.name), PAGE).await?;
        }
        Ok(())
    }

    async fn file(&mut self, letters: &dyn DeadLetters, file: &DeadLetterFile) {
        let read = if file.size > LARGEST {
            Err(ReplayOutcome::Refused(format!("it has {} bytes, and files are read up to {LARGEST}", file.size)))
        } else {
            letters.read(&file.name).await.map_err(|fault| ReplayOutcome::Failed(fault.to_string()))
        };
        match read {
            Ok(Some(content)) => self.content(letters, file, &content).await,
            // Another replay has removed the file.
            Ok(None) => {}
            Err(outcome) if self.wanted.is_in_time(file.written_at) && self.wanted.fits(&[Default::default()]) => {
                self.report(ReplayItem {
                    source: ItemSource::DeadLetter,
                    id: file.name.clone(),
                    at: file.written_at,
                    reason: String::new(),
                    summary: Default::default(),
                    outcome,
                });
            }
            Err(_) => {}
        }
    }

    async fn content(&mut self, letters: &dyn DeadLetters, file: &DeadLetterFile, content: &[u8]) {
        let mut is_taken = true;
        for (at, letter) in (1..).zip(self.intake.letters(content)) {
            is_taken &= self.letter(file, at, letter).await;
        }
        if is_taken && !self.is_dry {
            match letters.remove(&file.name).await {
                Ok(()) => {
                    tracing::info!(file = file.name, "dead letters replayed and removed");
                    self.done.removed += 1;
                }
                Err(fault) => self.done.left_over.push(fault.to_string()),
            }
        }
    }

    /// Returns true if the event was taken. `place` counts the events of a file from 1.
    async fn letter(&mut self, file: &DeadLetterFile, place: usize, letter: Letter<'_>) -> bool {
        let at = letter.at.unwrap_or(file.written_at);
        let summaries = [letter.summary];
        if !self.wanted.is_in_time(at) || !self.wanted.fits(&summaries) {
            return false;
        }
        let foresee = || self.intake.foresee(None, letter.raw);
        let outcome = self.outcome(foresee, self.intake.take_letter(letter.raw)).await;
        let is_taken = outcome.is_taken();
        let [summary] = summaries;
        let id = format!("{}#{place}", file.name);
        self.report(ReplayItem { source: ItemSource::DeadLetter, id, at, reason: letter.reason, summary, outcome });
        is_taken
    }
}
