//! Acts of people during the sample weeks, each by the use case of its command.

use domain::record::hold::{Actor, Hold, HoldScope};
use jiff::{SignedDuration, Timestamp};
use pipeline::Archivist;
use pipeline::ports::Fault;

use super::SampleWeeks;
use super::weeks::day_begins;

/// Act of a person.
pub(super) struct PersonsAct {
    pub(super) at: Timestamp,
    kind: ActKind,
}

enum ActKind {
    Place { case: &'static str, reason: &'static str, scope: Box<HoldScope> },
    Release { case: &'static str },
}

/// Returns all acts, by time.
pub(super) fn acts(weeks: &SampleWeeks) -> Vec<PersonsAct> {
    let nine = |before| day_begins(before) + SignedDuration::from_hours(3);
    let person = |name: &str| HoldScope { person: Some(name.to_owned()), ..HoldScope::default() };
    let machine =
        |name: &str| HoldScope { machine: Some(name.to_owned()), from: Some(weeks.start()), ..HoldScope::default() };
    let place = |case, reason, scope| ActKind::Place { case, reason, scope: Box::new(scope) };
    vec![
        PersonsAct { at: nine(39), kind: place("2026-03", "question of the auditor", machine("vm-ledger-01")) },
        PersonsAct { at: nine(20), kind: place("2026-07", "letter of 9 February", person("chidi.eze@contoso.com")) },
        PersonsAct { at: nine(13), kind: ActKind::Release { case: "2026-03" } },
    ]
}

impl PersonsAct {
    /// Acts by the archivist, at its present time.
    pub(super) async fn act(self, archivist: &Archivist) -> Result<(), Fault> {
        let by = Actor { name: "legal@contoso.com".to_owned(), is_verified: true };
        match self.kind {
            ActKind::Place { case, reason, scope } => {
                let hold = Hold::new(case, reason, *scope, by, self.at);
                archivist.hold_placing.place_hold(&hold).await.map(drop)
            }
            ActKind::Release { case } => archivist.hold_release.release_holds(case, &by).await.map(drop),
        }
    }
}
