//! Learns the calibration of marked days.

use std::sync::Arc;

use domain::decide::calibration::{DayCounts, LEARNED_FROM_DAYS};
use domain::decide::context::Rules;
use domain::decide::join::{LogRead, NameIndex, RecordingEvidence, SessionEvidence};
use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::recording_id::RecordingId;
use domain::record::session::{SessionEntry, SessionId, SessionState, TunnelId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::days::{calibrations_of, counts_in, merged};
use super::due::{DayState, DueForm};
use super::form::CalibrationForm;
use super::{before, begins, key, parse, utc_day};
use crate::calibration::Calibrations;
use crate::deadline::MayGoOn;
use crate::join::WakeNeighbours;
use crate::ports::{
    Catalogue, Checkpoint, CheckpointKey, CheckpointKind, Checkpoints, Fault, Heading, ListRequest, SessionListRequest,
    SessionPlace, Sessions, Version,
};
use crate::stored::checkpoint::encode;
use crate::time::TimeSource;
use crate::watermark::{Watermark, Watermarks};

/// Marks per page.
const DAYS: usize = 100;
/// Recordings or sessions per page.
const PAGE: usize = 500;
/// Longest rest before a day is learned again.
pub(super) const LONGEST_REST: SignedDuration = SignedDuration::from_hours(1);
/// Margin around a day for recordings found later, and for earlier sessions continuing into the day.
const AROUND: SignedDuration = SignedDuration::from_hours(24);
/// Time after the begin of a day during which the audit log may still add to it.
const OPEN_FOR: SignedDuration = SignedDuration::from_hours(72);

/// Handling of resting days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Wait until the rest is over.
    Kept,
    /// Learn at once, because no more changes will arrive.
    Broken,
}

/// Recordings and sessions of a day.
pub(super) struct DayEvidence {
    pub(super) entries: Vec<Entry>,
    pub(super) recordings: Vec<RecordingEvidence>,
    pub(super) session_entries: Vec<SessionEntry>,
    pub(super) sessions: Vec<SessionEvidence>,
    failed_logins: Vec<SessionEvidence>,
    pub(super) log: Option<LogRead>,
}

/// Learns per day how each bastion writes recordings.
pub struct LearnCalibration {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) watermarks: Arc<Watermarks>,
    pub(crate) calibrations: Arc<Calibrations>,
    pub(crate) neighbours: Arc<WakeNeighbours>,
}

impl LearnCalibration {
    /// Learns the marked days whose rest is over, or all with [`Rest::Broken`]. Returns the number of learned days.
    pub(crate) async fn learn_days(&self, rest: Rest, may_go_on: MayGoOn<'_>) -> Result<usize, Fault> {
        let (mut learned, mut after) = (0, None::<String>);
        loop {
            let marks = self.checkpoints.list(CheckpointKind::UnlearnedDay, after.as_deref(), DAYS).await?;
            let is_last = marks.len() < DAYS;
            after = marks.last().map(|(name, _)| name.clone());
            for (name, mark) in marks {
                let (form, now) = (self.calibrations.due_form(&mark)?, self.time.now());
                let Some((day, bastion)) = parse(&name) else { continue };
                let has_rested = form.not_before <= now;
                match form.phase {
                    DayState::Resting if has_rested => {
                        let key = key(CheckpointKind::UnlearnedDay, &bastion, day);
                        self.checkpoints.remove(&key, mark.version).await?;
                    }
                    DayState::Resting => {}
                    DayState::Marked | DayState::Reading if has_rested || rest == Rest::Broken => {
                        self.learn_day(&bastion, day, mark.version).await?;
                        learned += 1;
                    }
                    DayState::Marked | DayState::Reading => {}
                }
                if !may_go_on() {
                    return Ok(learned);
                }
            }
            if is_last {
                return Ok(learned);
            }
        }
    }

    async fn learn_day(&self, bastion: &BastionName, day: Date, mark: Version) -> Result<(), Fault> {
        let due = key(CheckpointKind::UnlearnedDay, bastion, day);
        // A change from here on marks the day again; the final save of this attempt then fails and the mark stays.
        let Some(reading) = self.put(&due, Some(mark), &DueForm::new(DayState::Reading, self.time.now())).await? else {
            return Ok(());
        };
        let read = self.read_day(bastion, day).await?;
        let (mut counts, mut rows) = (self.counts_of(&read, day), self.calibrations.rows_until(bastion, day).await?);
        let known = rows.remove(&day);
        counts.follow(rows.values().next_back().map(counts_in).transpose()?.as_ref());
        let earlier = merged(rows.values())?;
        if !self.keep_counts(bastion, day, known, &CalibrationForm::new(&counts, &earlier)).await? {
            return Ok(());
        }
        self.wake_what_differs(&read, day, &counts, &earlier).await?;
        let size = i64::try_from(read.recordings.len() + read.sessions.len()).unwrap_or(i64::MAX);
        let rests = SignedDuration::from_secs(size.clamp(60, LONGEST_REST.as_secs()));
        let is_open = self.time.now().duration_since(begins(day)) < OPEN_FOR && self.may_receive_more(&read, day);
        let (phase, rests) = if is_open {
            (DayState::Marked, LONGEST_REST)
        } else {
            (DayState::Resting, rests)
        };
        let not_before = self.time.now().saturating_add(rests).unwrap_or(Timestamp::MAX);
        self.put(&due, Some(reading), &DueForm::new(phase, not_before)).await.map(drop)
    }

    /// Saves the counts of a day. If they changed, marks the later days learning from it. Returns false if another pass
    /// saved first.
    async fn keep_counts(
        &self,
        bastion: &BastionName,
        day: Date,
        known: Option<Checkpoint>,
        form: &CalibrationForm,
    ) -> Result<bool, Fault> {
        let (key, doc) = (key(CheckpointKind::Calibration, bastion, day), encode(form)?);
        if known.as_ref().is_some_and(|known| known.doc == doc) {
            return Ok(true);
        }
        let version = known.as_ref().map(|known| known.version);
        if self.checkpoints.save(&key, version, &doc).await?.is_none() {
            return Ok(false);
        }
        let later = before(day, -1)..=before(day, -(LEARNED_FROM_DAYS as i64));
        for later in calibrations_of(&*self.checkpoints, bastion, later).await?.into_keys() {
            self.calibrations.mark_day(bastion, later).await?;
        }
        Ok(true)
    }

    fn counts_of(&self, read: &DayEvidence, day: Date) -> DayCounts {
        DayCounts::count(&read.index(), &self.rules.matching, read.log, |at| utc_day(at) == day)
    }

    /// Returns true if the log may still add to a recording of the day without marking the day.
    fn may_receive_more(&self, read: &DayEvidence, day: Date) -> bool {
        let wait = self.rules.matching.confirm_after;
        let mut of_day = read.recordings.iter().filter(|recording| utc_day(recording.created_at) == day);
        of_day.any(|one| !read.log.is_some_and(|log| log.is_beyond(one.created_at, one.last_modified, wait)))
    }

    async fn read_day(&self, bastion: &BastionName, day: Date) -> Result<DayEvidence, Fault> {
        let first = begins(day).saturating_sub(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MIN);
        let last = begins(day).saturating_add(AROUND + SignedDuration::from_hours(1)).unwrap_or(Timestamp::MAX);
        let log = self.watermarks.watermark(bastion).await?.and_then(Watermark::log_read);
        let mut read = DayEvidence {
            entries: Vec::new(),
            recordings: Vec::new(),
            session_entries: Vec::new(),
            sessions: Vec::new(),
            failed_logins: Vec::new(),
            log,
        };
        for entry in self.entries_received(bastion, first, last.saturating_add(AROUND).unwrap_or(last)).await? {
            let Some(recording) = entry.evidence() else { continue };
            if (first..=last).contains(&recording.created_at) {
                read.recordings.push(recording);
                read.entries.push(entry);
            }
        }
        let begun_since = first.saturating_sub(AROUND).unwrap_or(first);
        for entry in self.sessions_begun(bastion, begun_since, last).await? {
            let session = entry.session();
            let is_failed = session.state == SessionState::Failed;
            let evidence = entry.evidence_as(session);
            if is_failed {
                read.failed_logins.push(evidence);
            } else {
                read.session_entries.push(entry);
                read.sessions.push(evidence);
            }
        }
        Ok(read)
    }

    async fn entries_received(
        &self,
        bastion: &BastionName,
        first: Timestamp,
        last: Timestamp,
    ) -> Result<Vec<Entry>, Fault> {
        let (mut found, mut below) = (Vec::new(), Some(RecordingId::first_at(last)));
        loop {
            let (under, from) = (Some(Heading::Bastion(bastion.clone())), Some(RecordingId::first_at(first)));
            let page = self.catalogue.list(&ListRequest { under, below, from, limit: PAGE }).await?;
            below = page.last().map(|last| last.id);
            let is_last = page.len() < PAGE;
            found.extend(page);
            if is_last {
                return Ok(found);
            }
        }
    }

    async fn sessions_begun(
        &self,
        bastion: &BastionName,
        first: Timestamp,
        last: Timestamp,
    ) -> Result<Vec<SessionEntry>, Fault> {
        let (mut found, mut below) = (Vec::<SessionEntry>::new(), Some(place_after(bastion, last)));
        loop {
            let (bastion, from) = (Some(bastion.clone()), Some(first));
            let request = SessionListRequest { bastion, without_recording: false, below, from, limit: PAGE };
            let page = self.sessions.list(&request).await?;
            below = page.last().map(|last| SessionPlace { at: last.at(), id: last.id.clone() });
            let is_last = page.len() < PAGE;
            found.extend(page);
            if is_last {
                return Ok(found);
            }
        }
    }

    async fn put(
        &self,
        key: &CheckpointKey,
        before: Option<Version>,
        form: &DueForm,
    ) -> Result<Option<Version>, Fault> {
        self.checkpoints.save(key, before, &encode(form)?).await
    }
}

impl DayEvidence {
    pub(super) fn index(&self) -> NameIndex<'_> {
        NameIndex::new(&self.recordings, &self.sessions, &self.failed_logins)
    }
}

/// Returns the start of a listing of the sessions at this time and before.
fn place_after(bastion: &BastionName, at: Timestamp) -> SessionPlace {
    let at = at.saturating_add(SignedDuration::from_millis(1)).unwrap_or(at);
    SessionPlace { at, id: SessionId { bastion: bastion.clone(), tunnel: TunnelId::of_unnamed(b"") } }
}
