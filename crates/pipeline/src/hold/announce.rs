//! Announces placed and released holds, by notification and in the ledger.

use std::sync::Arc;

use domain::decide::context::Rules;
use domain::policy::person::PersonForm;
use domain::record::blob::whole_second;
use domain::record::hold::{Actor, Hold, HoldScope};
use domain::record::ledger;
use domain::record::ledger::LedgerEvent;
use domain::record::notification::{Event, Notification, NotificationFact};
use jiff::Timestamp;

use super::is_same;
use crate::deliver::NotificationOutbox;
use crate::hold::KnownHolds;
use crate::ports::{CheckpointKey, CheckpointKind, Checkpoints, Fault};
use crate::record::AppendLedger;
use crate::stored::checkpoint::encode;

/// Replaces a hidden person's name.
const HIDDEN: &str = "hidden";

/// Announces placed and released holds.
pub struct AnnounceHolds {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) outbox: Arc<NotificationOutbox>,
    pub(crate) ledger_queue: Arc<AppendLedger>,
    pub(crate) holds: Arc<KnownHolds>,
}

impl AnnounceHolds {
    /// Announces all unannounced holds, placed or released. The next sweep retries failures, which must not stop the
    /// hold itself.
    pub(crate) async fn announce_holds(&self) {
        if let Err(fault) = self.try_announce_holds().await {
            tracing::warn!(%fault, "holds not announced, a sweep does it");
        }
    }

    async fn try_announce_holds(&self) -> Result<(), Fault> {
        let placed = self.holds.kept(CheckpointKind::Hold).await?;
        for (hold, mut form, version) in self.holds.kept(CheckpointKind::ReleasedHold).await? {
            // The release is not complete yet, so the hold is still active.
            let counts = placed.iter().any(|(known, ..)| is_same(known, &hold));
            let Some(release) = form.released.as_mut().filter(|release| !counts && !release.is_announced) else {
                continue;
            };
            release.is_announced = true;
            let (by, at) = (Actor::from(&release.by), release.at);
            if !form.is_announced {
                // The hold was released before its placement was announced.
                form.is_announced = true;
                self.announce_placed(&hold).await?;
            }
            self.outbox.hand_over(&announcement(&hold, Event::HoldReleased, &by, at, self.shown())).await?;
            self.ledger_queue.record(&fact(&hold, Event::HoldReleased, &by, at)).await?;
            let key = CheckpointKey { kind: CheckpointKind::ReleasedHold, name: hold.id.as_str().to_owned() };
            // If the form changed meanwhile, the hold is announced again with the same id.
            self.checkpoints.save(&key, Some(version), &encode(&form)?).await?;
        }
        for (hold, mut form, version) in placed.into_iter().filter(|(_, form, _)| !form.is_announced) {
            form.is_announced = true;
            self.announce_placed(&hold).await?;
            // A lost race changes nothing: a hold released meanwhile must not be restored.
            self.checkpoints.save(&super::active(&hold.id), Some(version), &encode(&form)?).await?;
        }
        Ok(())
    }

    async fn announce_placed(&self, hold: &Hold) -> Result<(), Fault> {
        let (event, by, at) = (Event::HoldPlaced, &hold.placed_by, hold.placed_at);
        self.outbox.hand_over(&announcement(hold, event, by, at, self.shown())).await?;
        self.ledger_queue.record(&fact(hold, event, by, at)).await
    }

    fn shown(&self) -> PersonForm {
        self.rules.privacy.in_notifications
    }
}

/// Builds the ledger fact of a hold.
fn fact(hold: &Hold, event: Event, by: &Actor, at: Timestamp) -> ledger::LedgerFact {
    let (id, case, by) = (hold.id.as_str().to_owned(), hold.case.clone(), by.shown());
    let what = match event {
        Event::HoldReleased => LedgerEvent::HoldReleased { hold: id, case, by },
        _ => LedgerEvent::HoldPlaced { hold: id, case, scope: Some(hold.scope.to_string()), by },
    };
    ledger::LedgerFact::new(whole_second(at), what)
}

fn announcement(hold: &Hold, event: Event, by: &Actor, at: Timestamp, shown: PersonForm) -> Notification {
    let person = hold.scope.person.as_deref().map(|person| shown.show(person).unwrap_or_else(|| HIDDEN.to_owned()));
    let scope = HoldScope { person, ..hold.scope.clone() };
    let mut facts = vec![
        NotificationFact::text("hold", hold.id.as_str()),
        NotificationFact::text("case", &hold.case),
        NotificationFact::text("reason", &hold.reason),
        NotificationFact::text("scope", scope.to_string()),
    ];
    if let Some(name) = shown.show(&by.name) {
        facts.push(NotificationFact::text("by", name));
        facts.push(NotificationFact::text("verified", if by.is_verified { "yes" } else { "no" }));
    }
    Notification {
        subject: hold.case.clone(),
        facts,
        ..Notification::new(hold.id.as_str(), event, &at.to_string(), at)
    }
}
