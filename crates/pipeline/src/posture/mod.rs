//! How things are set up: looked at when somebody asks, every day, and when somebody changes something.

mod changed;
mod daily;
mod gather;
mod kept;
mod live;
mod news;
mod outages;
mod own;
mod remembered;

use std::sync::Arc;

use domain::posture::{Access, Check, Expected, Question, SharedAccess, check_bastions, check_own, check_sas};
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::archivist::Archivist;
use crate::ports::posture::Unseen;
use crate::ports::{Fault, LiveSessions, Posture};

pub use daily::PostureChecked;
#[cfg(test)]
pub(crate) use kept::ReportForm;
pub use kept::last_report;
pub use live::{FoundLive, LiveOfBastion};
#[cfg(test)]
pub(crate) use remembered::MemoryForm;

/// What is watched, and who can look.
#[derive(Clone)]
pub struct Watch {
    /// Who reads how things are set up.
    pub posture: Arc<dyn Posture>,
    /// What is expected of each bastion.
    pub expected: Vec<Expected>,
    /// Who knows of sessions that go on. `None` where nobody can ask.
    pub live: Option<Arc<dyn LiveSessions>>,
}

/// Nobody can look, and nothing is expected.
impl Default for Watch {
    fn default() -> Self {
        Self { posture: Arc::new(Unseen("nobody can look from here".to_owned())), expected: Vec::new(), live: None }
    }
}

/// Everything that was asked, with the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// When it was asked.
    pub at: Timestamp,
    /// The answers, group by group within each bastion, our own things last.
    pub checks: Vec<Check>,
}

impl Report {
    /// Whether something could not be asked for a reason that concerns everything.
    pub fn has_outages(&self) -> bool {
        self.checks.iter().any(|check| check.question == Question::OwnReach)
    }

    /// Whether something is to be mended.
    pub fn has_findings(&self) -> bool {
        self.checks.iter().any(Check::is_finding)
    }
}

impl Archivist {
    /// Looks at everything there is to look at. What cannot be read now is not checked, so this always has an answer.
    pub fn inspect(&self) -> BoxFuture<'_, Report> {
        Box::pin(async move {
            let now = self.now();
            let watched = self.watched().await;
            let mut checks = check_bastions(&watched, now);
            checks.extend(check_own(&self.own_facts().await, now));
            Report { at: now, checks: outages::gathered(checks) }
        })
    }

    /// Looks at a signature that a person gave, for the bastion of this name; for the only one, where none is named.
    ///
    /// # Errors
    /// Where the name is of no bastion, or none is given and there are several.
    pub fn inspect_sas<'a>(
        &'a self,
        sas: &'a SharedAccess,
        bastion: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Report, Fault>> {
        Box::pin(async move {
            let now = self.now();
            let mut named = self.watch.expected.iter().filter(|one| bastion.is_none_or(|name| one.bastion == name));
            let (Some(expected), None) = (named.next(), named.next()) else {
                return Err(Fault::permanent("check the signature", "say for which bastion it is: --bastion NAME"));
            };
            let one = self.watched_one(expected, &self.habits().await).await;
            Ok(Report { at: now, checks: check_sas(sas, &one, now) })
        })
    }

    /// How a bastion is to write.
    pub(crate) fn access_of(&self, bastion: &str) -> Access {
        let expected = self.watch.expected.iter().find(|expected| expected.bastion == bastion);
        expected.map_or(Access::NotSaid, |expected| expected.access)
    }
}
