//! Reads the neighbourhood of a session under review.

use std::collections::BTreeMap;

use domain::decide::calibration::WayOfWriting;
use domain::decide::join;
use domain::decide::session::{Burst, Review, bursts};
use domain::policy::join::Gates;
use domain::record::estate::Bastion;
use domain::record::session::{BurstKey, IndexKey, SessionEntry, SessionId, SessionState, TimeSpan};
use jiff::Timestamp;

use super::grounds::ReviewFacts;
use crate::contradiction::recordings_of;
use crate::ports::Fault;
use crate::review::ReviewSessions;

/// Maximum number of failed logins to read per person, address or machine.
const FAILURES: usize = 1000;
/// Search range to either side, in multiples of the burst period, to find a continuing burst.
const BURSTS_AROUND: i32 = 20;
/// Maximum number of recordings to read per other bastion; no name has as many at one time.
const ELSEWHERE: usize = 500;

impl ReviewSessions {
    pub(super) async fn seen_around(&self, entry: &SessionEntry, grounds: &ReviewFacts) -> Result<Review, Fault> {
        let session = entry.session();
        let bastion = self.estate.bastion(&entry.id.bastion);
        let mut seen = Review {
            coverage: None,
            is_listed: false,
            newest_recording: None,
            writes: WayOfWriting::Unknown,
            is_elsewhere: false,
            bursts: BTreeMap::new(),
        };
        match session.state {
            SessionState::Open => {}
            SessionState::Failed => seen.bursts = self.unreported_bursts(entry).await?,
            SessionState::Ended => {
                let evidence = entry.evidence();
                let near = self.neighbourhoods.near_session(entry, &evidence).await?;
                let matching = &self.rules.matching;
                seen.writes = near.as_ref().map_or(WayOfWriting::Unknown, |near| near.calibration.writes);
                seen.coverage = near.as_ref().map(|near| join::recording_coverage(&evidence, near, matching));
                if matches!(
                    seen.coverage,
                    Some(join::RecordingCoverage::Unrecorded | join::RecordingCoverage::OneOf(_))
                ) && self.is_confirmed(&entry.id).await?
                {
                    seen.coverage = Some(join::RecordingCoverage::Recorded);
                }
                if let (Some(bastion), Some(ended_at)) = (bastion, session.ended_by()) {
                    let deadline = ended_at.saturating_add(matching.session_without_recording_after);
                    let ground = grounds.for_bastion(&bastion.name)?;
                    seen.is_listed = ground.is_listed(deadline.unwrap_or(ended_at), ended_at);
                    seen.newest_recording = ground.newest_recording;
                    seen.is_elsewhere = !session.is_native && self.is_elsewhere(entry, bastion).await?;
                }
            }
        }
        Ok(seen)
    }

    /// Returns true if a person confirmed a recording of this session.
    async fn is_confirmed(&self, id: &SessionId) -> Result<bool, Fault> {
        let recordings = recordings_of(&*self.catalogue, &id.bastion, &id.tunnel).await?;
        Ok(recordings.iter().any(|recording| recording.match_state.confirmed.is_some()))
    }

    /// Returns true if another bastion's container has a fitting, unmatched recording.
    async fn is_elsewhere(&self, entry: &SessionEntry, own: &Bastion) -> Result<bool, Fault> {
        let evidence = entry.evidence();
        let matching = &self.rules.matching;
        let (reach, gates) = (join::NeighbourhoodReach::of_session(&evidence, matching), Gates::from_rules(matching));
        for other in self.estate.bastions.iter().filter(|bastion| bastion.name != own.name) {
            for span in reach.created.iter() {
                let entries = self.catalogue.near(&other.name, &evidence.keys, span, ELSEWHERE).await?;
                let fits = entries.iter().filter(|entry| entry.match_state.verdict.session().is_none());
                let mut recorded = fits.filter_map(domain::record::catalogue::Entry::evidence);
                if recorded.any(|recorded| join::Pair::compare(&recorded, &evidence, gates).is_some()) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Returns the bursts that contain this failed login and were not notified yet.
    async fn unreported_bursts(&self, entry: &SessionEntry) -> Result<BTreeMap<BurstKey, Burst>, Fault> {
        let rule = self.rules.matching.failed_logins;
        let Some(failed_at) = entry.records.failed.map(|failed| failed.first) else {
            return Ok(BTreeMap::new());
        };
        let mut untold = BTreeMap::new();
        for key in BurstKey::for_session(&entry.session()) {
            let found = self.failures_around(entry, &key, failed_at).await?;
            let failures = found.iter().filter_map(|one| Some((one.records.failed?.first, one.id.tunnel.clone())));
            let own = bursts(failures.collect(), rule);
            let own = own.into_iter().find(|burst| burst.tunnels.contains(&entry.id.tunnel));
            let was_told = |burst: &domain::decide::session::Burst| {
                let told = found.iter().filter(|one| one.notified_bursts.contains(key.kind()));
                told.into_iter().any(|one| burst.tunnels.contains(&one.id.tunnel))
            };
            if let Some(burst) = own.filter(|burst| !was_told(burst)) {
                untold.insert(key, burst);
            }
        }
        Ok(untold)
    }

    /// Returns the failed logins of one person, address or machine around this one, including itself. If there are too
    /// many to read, returns only those that can belong to the same burst, so a flood does not hide itself.
    async fn failures_around(
        &self,
        entry: &SessionEntry,
        key: &BurstKey,
        failed_at: Timestamp,
    ) -> Result<Vec<SessionEntry>, Fault> {
        let (index, rule) = ([IndexKey::burst(key)], self.rules.matching.failed_logins);
        let mut found: Vec<SessionEntry> = Vec::new();
        for times in [BURSTS_AROUND, 1] {
            found.clear();
            let mut is_whole = true;
            // A series of attempts is not limited to one bastion.
            for bastion in &self.estate.bastions {
                let within = TimeSpan::around(failed_at, rule.within * times);
                let near = self.sessions.near(&bastion.name, &index, within, FAILURES).await?;
                is_whole &= near.len() < FAILURES;
                found.extend(near);
            }
            if is_whole {
                break;
            }
        }
        if found.iter().all(|one| one.id != entry.id) {
            found.push(entry.clone());
        }
        Ok(found)
    }
}
