//! Re-evaluates every entry once after a change of policy, holds or privacy in tags; between changes, holds the
//! progress of counting a plan.

use std::sync::Arc;

use domain::decide::catalogue::is_taken_back;
use domain::decide::context::Rules;
use domain::digest;
use domain::policy::person::PersonForm;
use domain::policy::retention::Policy;
use domain::record::catalogue::Entry;
use domain::record::hold::Hold;
use domain::record::recording_id::RecordingId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::counting::Counting;
use super::plan::PAGE;
use crate::deadline::MayGoOn;
use crate::entries::UpdateEntries;
use crate::hold::{KnownHold, KnownHolds};
use crate::outcome::Outcome;
use crate::ports::{Catalogue, CheckpointKey, CheckpointKind, Checkpoints, Fault, ListRequest, Version};
use crate::stored::Schema;
use crate::stored::checkpoint::{CheckpointDocument, decode, encode};
use crate::time::TimeSource;

/// Last applied policy, holds and privacy, with the progress of applying them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppliedPolicy {
    schema: Schema,
    /// Hash of the policy, all holds including released ones, and the privacy in tags.
    digest: String,
    /// Entries above this id have been re-evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    below: Option<String>,
    /// True if all entries have been re-evaluated.
    is_whole: bool,
    /// True if some entries failed, so all are checked again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    has_failed: bool,
    /// Progress of counting a plan. Discarded if policy or holds change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) counting: Option<Counting>,
}

impl CheckpointDocument for AppliedPolicy {
    const WHAT: &str = "stance of the retention sweep";

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, digest, below, is_whole, has_failed, counting } = self;
        let counting = counting.filter(|counting| !counting.is_ahead(now));
        Self { schema, digest, below, is_whole, has_failed, counting }
    }
}

/// Result of a pass.
#[derive(Debug)]
pub(super) struct Stepped {
    pub changed: usize,
    pub failed: u64,
    pub unfinished: bool,
    /// True if another process continues this pass.
    pub is_overtaken: bool,
    /// Stored state for the next pass, with its version for the next save.
    pub applied: AppliedPolicy,
    pub version: Option<Version>,
}

/// Brings the entries in step with policy and holds.
pub struct ReapplyVerdicts {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) holds: Arc<KnownHolds>,
    pub(crate) entries: Arc<UpdateEntries>,
}

impl ReapplyVerdicts {
    /// Re-evaluates all entries if policy, holds or privacy in tags have changed. Otherwise costs only the reads of the
    /// holds and of the stored state.
    pub(super) async fn reapply_verdicts(
        &self,
        policy: Option<&Policy>,
        may_go_on: MayGoOn<'_>,
    ) -> Result<Stepped, Fault> {
        let known = self.holds.list_holds().await?;
        let in_tags = self.rules.privacy.in_tags;
        let digest = digest_of(policy, in_tags, &known);
        let still = known.into_iter().filter(|known| known.released.is_none());
        let holds: Vec<Hold> = still.map(|known| known.hold).collect();
        let known = self.checkpoints.get(&key()).await?;
        let version = known.as_ref().map(|known| known.version);
        let applied = known.map(|known| decode::<AppliedPolicy>(&known.doc, self.time.now())).transpose()?;
        let applied = applied.filter(|applied| applied.digest == digest).unwrap_or_else(|| AppliedPolicy::new(digest));
        let (unfinished, is_overtaken) = (false, false);
        let mut stepped = Stepped { changed: 0, failed: 0, unfinished, is_overtaken, applied, version };
        while !stepped.applied.is_whole {
            let below = stepped.applied.below.as_deref().and_then(|id| RecordingId::parse(id).ok());
            let page = self.catalogue.list(&ListRequest { under: None, below, from: None, limit: PAGE }).await?;
            for entry in page.iter().filter(|entry| wants_a_look(entry, policy, in_tags, &holds)) {
                match self.look_again(entry).await {
                    Ok(outcome) => stepped.changed += usize::from(outcome == Outcome::Applied),
                    Err(fault) => {
                        stepped.failed += 1;
                        tracing::warn!(recording = %entry.id, %fault, "verdict not reapplied");
                    }
                }
            }
            let applied = &mut stepped.applied;
            applied.below = page.last().map(|entry| entry.id.to_string());
            // A failure in any run keeps the round incomplete.
            applied.has_failed |= stepped.failed > 0;
            applied.is_whole = page.is_empty() && !applied.has_failed;
            applied.has_failed &= !page.is_empty();
            if !self.save_applied(&mut stepped).await? {
                // Another process continues the round.
                (stepped.unfinished, stepped.is_overtaken) = (true, true);
                break;
            }
            if page.is_empty() || !may_go_on() {
                stepped.unfinished = !stepped.applied.is_whole;
                break;
            }
        }
        Ok(stepped)
    }

    /// Stores the progress of counting a plan, or `None` if it is complete.
    pub(super) async fn keep_counting(&self, stepped: &mut Stepped, counting: Option<Counting>) -> Result<(), Fault> {
        // While verdicts change, earlier counts are invalid.
        let counting = counting.filter(|_| stepped.applied.is_whole);
        if stepped.applied.counting == counting {
            return Ok(());
        }
        stepped.applied.counting = counting;
        // After a lost race, the progress of the other process stands.
        self.save_applied(stepped).await.map(drop)
    }

    /// Saves the stored state. Returns false after a lost race.
    async fn save_applied(&self, stepped: &mut Stepped) -> Result<bool, Fault> {
        let saved = self.checkpoints.save(&key(), stepped.version, &encode(&stepped.applied)?).await?;
        stepped.version = saved.or(stepped.version);
        Ok(saved.is_some())
    }

    async fn look_again(&self, entry: &Entry) -> Result<Outcome, Fault> {
        match self.catalogue.lives_of(entry.id).await? {
            Some(loaded) => self.entries.reconsider(loaded, &entry.bastion, None).await,
            None => Ok(Outcome::Applied),
        }
    }
}

impl AppliedPolicy {
    fn new(digest: String) -> Self {
        Self { schema: Schema, digest, below: None, is_whole: false, has_failed: false, counting: None }
    }
}

fn key() -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Pass, name: "stance".to_owned() }
}

/// Returns true if a re-evaluation would change the entry.
fn wants_a_look(entry: &Entry, policy: Option<&Policy>, in_tags: PersonForm, holds: &[Hold]) -> bool {
    if !entry.state.is_there() {
        return false;
    }
    let person = entry.match_state.verdict.person().and_then(|person| in_tags.show(person));
    if person != entry.match_state.tagged_person {
        return true;
    }
    if entry.final_at.is_none() {
        return false;
    }
    let stored = entry.custody.retention.as_ref();
    let is_extended = policy.and_then(|policy| policy.resolve_entry(entry).map(|today| (policy, today))).is_some_and(
        |(policy, today)| {
            stored.is_none_or(|stored| !today.is(stored) && policy.extends(entry, false).as_ref() != Some(stored))
        },
    );
    let carried = entry.custody.holds.iter();
    let is_carried = |(hold, is_certain): &(&Hold, bool)| {
        carried.clone().any(|held| held.hold == hold.id && held.is_certain == *is_certain)
    };
    let covering: Vec<(&Hold, bool)> = Hold::covering(holds, entry).collect();
    is_extended
        || is_taken_back(entry, policy)
        || covering.len() != entry.custody.holds.len()
        || !covering.iter().all(is_carried)
}

/// Computes the hash. Includes holds placed and released since the last run, because entries may still carry them.
fn digest_of(policy: Option<&Policy>, in_tags: PersonForm, holds: &[KnownHold]) -> String {
    let released = |known: &KnownHold| known.released.as_ref().map_or(String::new(), |(_, at)| at.to_string());
    // The containers of a bastion follow the configuration.
    let containers = |known: &KnownHold| known.hold.scope.containers.iter().map(ToString::to_string).collect();
    let holds: Vec<Vec<String>> = holds
        .iter()
        .map(|known| {
            let mut stored: Vec<String> = containers(known);
            stored.extend([known.hold.id.as_str().to_owned(), released(known)]);
            stored
        })
        .collect();
    let mut parts = vec![policy.map_or(&b""[..], |policy| policy.digest.0.as_bytes())];
    // If executor or enforcement change, pending dispositions may have to be cancelled.
    parts.extend(policy.map(|policy| policy.executor.name().as_bytes()));
    parts.extend(policy.filter(|policy| policy.enforce).map(|_| &b"enforced"[..]));
    parts.extend([&b"person in tags"[..], in_tags.name().as_bytes()]);
    parts.extend(holds.iter().flatten().map(String::as_bytes));
    digest::hex(&digest::hash_parts(&parts))
}
