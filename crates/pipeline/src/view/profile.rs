//! Public form of the sessions, gaps and recordings of one person or machine.

use domain::record::estate::Estate;
use jiff::Timestamp;

use super::{PageView, SessionPageView};
use crate::query::{Profile, SeenPeriod};

/// Sessions, gaps and recordings of one person or machine.
#[derive(Debug)]
pub struct ProfileView<'a> {
    /// Page of sessions, failed logins included.
    pub sessions: SessionPageView,
    /// Newest sessions without a recording.
    pub gaps: SessionPageView,
    /// Newest recordings whose person or machine is certain.
    pub recordings: PageView<'a>,
    /// Known period of activity.
    pub seen: Option<SeenPeriod>,
}

impl<'a> ProfileView<'a> {
    /// Returns the public form of a profile as of `now`.
    pub fn from_profile(profile: &'a Profile, estate: &Estate, now: Timestamp) -> Self {
        Self {
            sessions: SessionPageView::from_page(&profile.sessions),
            gaps: SessionPageView::from_page(&profile.gaps),
            recordings: PageView::from_page(&profile.recordings, estate, now),
            seen: profile.seen(),
        }
    }
}
