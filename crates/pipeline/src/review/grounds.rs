//! Shared facts of the bastions whose sessions are under review.

use std::collections::BTreeMap;

use domain::record::estate::{Bastion, BastionName};
use domain::record::session::{SessionEntry, SessionState};
use jiff::Timestamp;

use crate::listings::ContainerListing;
use crate::newest::newest_recording;
use crate::ports::{Fault, with_causes};
use crate::review::ReviewSessions;

/// Facts per bastion. Read before the neighbourhoods: recordings and listings are only ever added, so every listed
/// recording appears in a neighbourhood read later.
pub(super) struct ReviewFacts(BTreeMap<BastionName, Result<Ground, Fault>>);

/// Facts of one bastion.
pub(super) struct Ground {
    /// Listing state of each container.
    listings: Vec<ContainerListing>,
    /// Creation time of the newest recording.
    pub newest_recording: Option<Timestamp>,
}

impl ReviewSessions {
    /// Reads the facts for sessions possibly lacking a recording.
    pub(super) async fn grounds(&self, sessions: &[SessionEntry]) -> ReviewFacts {
        let (now, mut grounds) = (self.time.now(), BTreeMap::new());
        for entry in sessions {
            let name = &entry.id.bastion;
            if grounds.contains_key(name)
                || !entry.is_awake(now, &self.rules)
                || entry.session().state != SessionState::Ended
            {
                continue;
            }
            if let Some(bastion) = self.estate.bastion(name) {
                grounds.insert(name.clone(), self.ground(bastion).await);
            }
        }
        ReviewFacts(grounds)
    }

    async fn ground(&self, bastion: &Bastion) -> Result<Ground, Fault> {
        let listings = self.listings.listings(bastion).await?;
        Ok(Ground { listings, newest_recording: newest_recording(&*self.catalogue, bastion).await? })
    }
}

impl ReviewFacts {
    /// Returns the facts of a bastion, or an error if they could not be read.
    pub(super) fn for_bastion(&self, bastion: &BastionName) -> Result<&Ground, Fault> {
        let object = || format!("read the recordings of bastion {:?}", bastion.as_str());
        match self.0.get(bastion) {
            Some(Ok(ground)) => Ok(ground),
            Some(Err(fault)) => Err(Fault::transient(object(), with_causes(fault))),
            None => Err(Fault::transient(object(), "not read yet")),
        }
    }
}

impl Ground {
    /// Returns true if every container was listed at `since` or later, including blobs last written at `of`.
    pub(super) fn is_listed(&self, since: Timestamp, of: Timestamp) -> bool {
        self.listings.iter().all(|listing| listing.is_since(since, of))
    }
}
