//! What the sessions of a bastion have in common when they are looked at again.

use std::collections::BTreeMap;

use domain::estate::{Bastion, BastionName};
use domain::session::{SessionEntry, SessionState};
use jiff::Timestamp;

use crate::archivist::Archivist;
use crate::ports::{Fault, with_causes};
use crate::reconcile::Listing;

/// What is known of the bastions of some sessions. It is read before what is near any of them, since recordings and
/// listings only come to be: whatever was listed is found near.
pub(super) struct Grounds(BTreeMap<BastionName, Result<Ground, Fault>>);

/// What is known of one bastion.
pub(super) struct Ground {
    /// How far each container has been listed.
    listings: Vec<Listing>,
    /// When its newest recording was created.
    pub newest_recording: Option<Timestamp>,
}

impl Archivist {
    /// What those of these sessions rest on that may lack their recording.
    pub(super) async fn grounds(&self, sessions: &[SessionEntry]) -> Grounds {
        let (now, mut grounds) = (self.now(), BTreeMap::new());
        for entry in sessions {
            let name = &entry.id.bastion;
            if grounds.contains_key(name)
                || !entry.is_awake(now, &self.settings.rules)
                || entry.session().state != SessionState::Ended
            {
                continue;
            }
            if let Some(bastion) = self.settings.estate.bastion(name) {
                grounds.insert(name.clone(), self.ground(bastion).await);
            }
        }
        Grounds(grounds)
    }

    async fn ground(&self, bastion: &Bastion) -> Result<Ground, Fault> {
        let listings = self.listings(bastion).await?;
        Ok(Ground { listings, newest_recording: self.newest_recording(bastion).await? })
    }
}

impl Grounds {
    /// What is known of a bastion. A fault where it could not be read.
    pub(super) fn of(&self, bastion: &BastionName) -> Result<&Ground, Fault> {
        let object = || format!("see what bastion {:?} has recorded", bastion.as_str());
        match self.0.get(bastion) {
            Some(Ok(ground)) => Ok(ground),
            Some(Err(fault)) => Err(Fault::transient(object(), with_causes(fault))),
            None => Err(Fault::transient(object(), "nobody has looked")),
        }
    }
}

impl Ground {
    /// Whether every container has been listed at `since` or later, with what was last written at `of`.
    pub(super) fn is_listed(&self, since: Timestamp, of: Timestamp) -> bool {
        self.listings.iter().all(|listing| listing.is_since(since, of))
    }
}
